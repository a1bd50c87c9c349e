//! Enquiries: arrival, claim, answer, end.

use chrono::{DateTime, Utc};

use crate::client::FieldError;
use crate::command::{Answer, OpenEnquiry};
use crate::due;
use crate::enquiry::{
    Author, Enquiry, EnquiryStatus, MESSAGE_MAX, Message, Origin, Routing, RoutingReason, THREAD_MAX,
};
use crate::event::Event;
use crate::ids::{ClientId, EnquiryId, MessageId};
use crate::people::Actor;
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

fn find(state: &OfficeState, id: EnquiryId) -> Result<&Enquiry, Refusal> {
    state.enquiries.get(&id).ok_or_else(|| RefusalCode::NotFound.into())
}

fn still_open(enquiry: &Enquiry) -> Result<(), Refusal> {
    match (enquiry.status.open(), enquiry.appointment) {
        (true, _) => Ok(()),
        (false, Some(a)) => Err(Refusal::new(RefusalCode::EnquiryAlreadyConverted).with(a)),
        (false, None) => Err(RefusalCode::EnquiryNotOpen.into()),
    }
}

fn text_fields(field: &str, text: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut add = |code: &str| errors.push(FieldError { field: field.into(), code: code.into() });
    if text.trim().is_empty() {
        add("required");
    } else if text.chars().count() > MESSAGE_MAX {
        add("too_long");
    }
    errors
}

fn refuse_fields(fields: Vec<FieldError>) -> Result<(), Refusal> {
    if fields.is_empty() {
        return Ok(());
    }
    Err(Refusal { fields, ..Refusal::new(RefusalCode::InvalidFields) })
}

pub(super) fn receive(state: &OfficeState, e: &Enquiry, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    if *actor != Actor::System {
        return Err(RefusalCode::NotAllowed.into());
    }
    if state.enquiries.contains_key(&e.id) {
        return Err(RefusalCode::IdInUse.into());
    }
    if e.thread.len() > THREAD_MAX {
        return refuse_fields(vec![FieldError { field: "thread".into(), code: "too_long".into() }])
            .map(|()| vec![]);
    }
    Ok(vec![Event::EnquiryReceived(Box::new(e.clone()))])
}

pub(super) fn open(
    state: &OfficeState,
    o: &OpenEnquiry,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    if state.enquiries.contains_key(&o.id) {
        return Err(RefusalCode::IdInUse.into());
    }
    if o.client.is_some_and(|c| !state.clients.contains_key(&c)) {
        return Err(RefusalCode::NotFound.into());
    }
    let mut fields = text_fields("message", &o.message.text);
    fields.extend(text_fields("subject", &o.subject));
    refuse_fields(fields)?;
    let office = &state.settings.office;
    Ok(vec![Event::EnquiryReceived(Box::new(Enquiry {
        id: o.id,
        reference: o.reference.clone(),
        channel: o.channel,
        origin: Origin::Office,
        received_at: now,
        subject: o.subject.clone(),
        requester: o.requester.clone(),
        consent: true,
        sensitive: o.sensitive,
        thread: vec![o.message.clone()],
        status: EnquiryStatus::New,
        owner: None,
        claimed_at_desk: None,
        claimed_at: None,
        due_at: due::first_answer(&state.settings, o.channel, now),
        client: o.client,
        appointment: None,
        routing: Routing { office: office.uai.clone(), distance_km: None, reason: RoutingReason::Chosen },
    }))])
}

pub(super) fn append(state: &OfficeState, id: EnquiryId, message: &Message) -> Result<Vec<Event>, Refusal> {
    let enquiry = find(state, id)?;
    refuse_fields(text_fields("message", &message.text))?;
    // A message to a merged enquiry belongs to the one that goes on; the caller follows `merged` before it asks.
    if matches!(enquiry.status, EnquiryStatus::Merged { .. }) {
        return Err(RefusalCode::EnquiryNotOpen.into());
    }
    let reopens = !matches!(enquiry.status, EnquiryStatus::Converted | EnquiryStatus::New);
    Ok(vec![Event::EnquiryMessage { id, message: message.clone(), reopens }])
}

pub(super) fn claim(
    state: &OfficeState,
    id: EnquiryId,
    take_over: bool,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let Actor::Staff { person, desk, .. } = actor else { return Err(RefusalCode::NotAllowed.into()) };
    let enquiry = find(state, id)?;
    still_open(enquiry)?;
    match enquiry.owner {
        Some(owner) if owner == *person && enquiry.status == EnquiryStatus::Claimed => return Ok(Vec::new()),
        Some(owner) if owner != *person && !take_over => {
            return Err(Refusal { person: Some(owner), ..Refusal::new(RefusalCode::EnquiryClaimed) });
        }
        _ => {}
    }
    Ok(vec![Event::EnquiryClaimed { id, by: *person, desk: *desk, at: now }])
}

pub(super) fn release(state: &OfficeState, id: EnquiryId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let enquiry = find(state, id)?;
    still_open(enquiry)?;
    if enquiry.owner.is_none() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::EnquiryReleased { id }])
}

pub(super) fn answer(
    state: &OfficeState,
    a: &Answer,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let Actor::Staff { person, .. } = actor else { return Err(RefusalCode::NotAllowed.into()) };
    still_open(find(state, a.id)?)?;
    refuse_fields(text_fields("text", &a.text))?;
    if let Some(missing) = a.proposed.iter().find(|p| !state.appointments.contains_key(p)) {
        return Err(Refusal::new(RefusalCode::NotFound).with(*missing));
    }
    let author = Author::Staff { person: *person };
    let (text, proposed) = (a.text.trim().to_owned(), a.proposed.clone());
    let message = Message { id: a.message, at: now, author, text, internal: false, proposed };
    Ok(vec![Event::EnquiryAnswered { id: a.id, message, expects_reply: a.expects_reply, by: *person }])
}

pub(super) fn note(
    state: &OfficeState,
    id: EnquiryId,
    message: MessageId,
    text: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let Actor::Staff { person, .. } = actor else { return Err(RefusalCode::NotAllowed.into()) };
    find(state, id)?;
    refuse_fields(text_fields("text", text))?;
    let author = Author::Staff { person: *person };
    let text = text.trim().to_owned();
    let message = Message { id: message, at: now, author, text, internal: true, proposed: Vec::new() };
    Ok(vec![Event::EnquiryNoted { id, message }])
}

pub(super) fn close(state: &OfficeState, id: EnquiryId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    match find(state, id)?.status {
        EnquiryStatus::Closed => Ok(Vec::new()),
        EnquiryStatus::Merged { .. } => Err(RefusalCode::EnquiryNotOpen.into()),
        _ => Ok(vec![Event::EnquiryClosed { id }]),
    }
}

pub(super) fn reopen(state: &OfficeState, id: EnquiryId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let enquiry = find(state, id)?;
    match enquiry.status {
        EnquiryStatus::Merged { .. } | EnquiryStatus::Converted => Err(RefusalCode::EnquiryNotOpen.into()),
        EnquiryStatus::New | EnquiryStatus::Claimed => Ok(Vec::new()),
        _ => Ok(vec![Event::EnquiryReopened { id, by: actor.person() }]),
    }
}

pub(super) fn snooze(
    state: &OfficeState,
    id: EnquiryId,
    until: DateTime<Utc>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    still_open(find(state, id)?)?;
    if until <= now {
        return Err(Refusal::new(RefusalCode::TooLate).limit(now));
    }
    Ok(vec![Event::EnquirySnoozed { id, until }])
}

pub(super) fn merge(
    state: &OfficeState,
    id: EnquiryId,
    into: EnquiryId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    still_open(find(state, id)?)?;
    let target = find(state, into)?;
    if id == into || matches!(target.status, EnquiryStatus::Merged { .. } | EnquiryStatus::Spam) {
        return Err(RefusalCode::EnquiryNotOpen.into());
    }
    Ok(vec![Event::EnquiryMerged { id, into }])
}

pub(super) fn identify(
    state: &OfficeState,
    id: EnquiryId,
    client: ClientId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    find(state, id)?;
    state.clients.get(&client).ok_or(RefusalCode::NotFound)?;
    Ok(vec![Event::EnquiryIdentified { id, client }])
}
