//! Enquiries: arrival, claim, answer, end.

use chrono::{DateTime, Utc};

use crate::appointment::Status;
use crate::client::{FieldError, NAME_MAX, is_mail, is_phone, is_postal_code};
use crate::command::{Answer, OpenEnquiry};
use crate::due;
use crate::enquiry::{
    Author, Closing, Enquiry, EnquiryStatus, MESSAGE_MAX, Message, Origin, REFERENCE_MAX, Requester, Routing,
    RoutingReason, SUBJECT_MAX, THREAD_MAX,
};
use crate::event::Event;
use crate::ids::{ClientId, EnquiryId, MessageId};
use crate::people::Actor;
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

pub(super) fn find(state: &OfficeState, id: EnquiryId) -> Result<&Enquiry, Refusal> {
    state.enquiries.get(&id).ok_or_else(|| RefusalCode::NotFound.into())
}

fn still_open(enquiry: &Enquiry) -> Result<(), Refusal> {
    match (enquiry.status.open(), enquiry.appointment) {
        (true, _) => Ok(()),
        (false, Some(a)) => Err(Refusal::new(RefusalCode::EnquiryAlreadyConverted).with(a)),
        (false, None) => Err(RefusalCode::EnquiryNotOpen.into()),
    }
}

/// Whether a meeting may be booked or proposed for it.
pub(super) fn may_convert(state: &OfficeState, id: EnquiryId) -> Result<(), Refusal> {
    let enquiry = find(state, id)?;
    if let Some(existing) = enquiry.appointment {
        return Err(Refusal::new(RefusalCode::EnquiryAlreadyConverted).with(existing));
    }
    still_open(enquiry)
}

/// A message is added once; its id is nobody else's.
fn new_message(enquiry: &Enquiry, id: MessageId) -> Result<(), Refusal> {
    if enquiry.thread.iter().any(|m| m.id == id) {
        return Err(RefusalCode::IdInUse.into());
    }
    Ok(())
}

/// What a form for a question asked at the office refuses. The home may be unknown at the counter.
fn requester_fields(requester: &Requester) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut add =
        |field: &str, code: &str| errors.push(FieldError { field: field.into(), code: code.into() });
    if requester.name.trim().is_empty() {
        add("requester.name", "required");
    }
    let texts = [
        ("requester.name", Some(&requester.name)),
        ("requester.about", requester.about.as_ref()),
        ("requester.class_level", requester.class_level.as_ref()),
        ("requester.school", requester.school.as_ref()),
    ];
    for (field, text) in texts {
        if text.is_some_and(|t| t.chars().count() > NAME_MAX) {
            add(field, "too_long");
        }
    }
    if requester.phone.as_deref().is_some_and(|p| !is_phone(p)) {
        add("requester.phone", "phone");
    }
    if requester.mail.as_deref().is_some_and(|m| !is_mail(m)) {
        add("requester.mail", "mail");
    }
    if !requester.postal_code.is_empty() && !is_postal_code(&requester.postal_code) {
        add("requester.postal_code", "postal_code");
    }
    errors
}

fn text_fields(field: &str, text: &str, most: usize) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut add = |code: &str| errors.push(FieldError { field: field.into(), code: code.into() });
    if text.trim().is_empty() {
        add("required");
    } else if text.chars().count() > most {
        add("too_long");
    }
    errors
}

fn refuse_fields(fields: Vec<FieldError>) -> Result<(), Refusal> {
    if fields.is_empty() {
        return Ok(());
    }
    Err(super::wrong_fields(fields))
}

pub(super) fn receive(state: &OfficeState, e: &Enquiry, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    if *actor != Actor::System {
        return Err(RefusalCode::NotAllowed.into());
    }
    if state.enquiries.contains_key(&e.id) {
        return Err(RefusalCode::IdInUse.into());
    }
    if e.thread.len() > THREAD_MAX {
        return Err(super::wrong_field("thread", "too_long"));
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
    let client = match o.client {
        Some(id) => Some(state.client_that_goes_on(id).ok_or(RefusalCode::NotFound)?.id),
        None => None,
    };
    let mut fields = text_fields("message", &o.message.text, MESSAGE_MAX);
    fields.extend(text_fields("subject", &o.subject, SUBJECT_MAX));
    fields.extend(requester_fields(&o.requester));
    fields.extend(text_fields("reference", &o.reference, REFERENCE_MAX));
    refuse_fields(fields)?;
    may_write(&o.message, actor)?;
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
        client,
        appointment: None,
        closing: None,
        routing: Routing { office: office.uai.clone(), distance_km: None, reason: RoutingReason::Chosen },
        pins: Vec::new(),
        merge: None,
    }))])
}

/// Whose words a message may be: a family's are noted by whoever hears them, those of the staff are their own.
fn may_write(message: &Message, actor: &Actor) -> Result<(), Refusal> {
    let own = match (&message.author, actor) {
        (Author::Family { .. }, _) | (Author::OnlineService, Actor::System) => true,
        (Author::Staff { person }, Actor::Staff { person: acting, .. }) => person == acting,
        _ => false,
    };
    if !own || message.internal || !message.proposed.is_empty() || message.withdrawn_at.is_some() {
        return Err(RefusalCode::NotAllowed.into());
    }
    Ok(())
}

pub(super) fn append(
    state: &OfficeState,
    id: EnquiryId,
    message: &Message,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    find(state, id)?;
    // A message to a merged enquiry belongs to the one that goes on.
    let enquiry = state.enquiry_that_goes_on(id).ok_or(RefusalCode::NotFound)?;
    may_write(message, actor)?;
    if matches!(message.author, Author::Staff { .. }) {
        return Err(RefusalCode::NotAllowed.into());
    }
    refuse_fields(text_fields("message", &message.text, MESSAGE_MAX))?;
    new_message(enquiry, message.id)?;
    // What is new waits to be read anyway, and what is no question stays away. Anything else is open again, a meeting
    // or not: nobody looks into the thread of an enquiry that is done.
    let reopens = !matches!(enquiry.status, EnquiryStatus::New | EnquiryStatus::Spam);
    Ok(vec![Event::EnquiryMessage { id: enquiry.id, message: message.clone(), reopens }])
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
    let enquiry = find(state, a.id)?;
    still_open(enquiry)?;
    // A claim is there so that nobody else answers too; who wants to takes it over first.
    if let Some(owner) = enquiry.owner.filter(|owner| owner != person) {
        return Err(Refusal { person: Some(owner), ..Refusal::new(RefusalCode::EnquiryClaimed) });
    }
    refuse_fields(text_fields("text", &a.text, MESSAGE_MAX))?;
    new_message(enquiry, a.message)?;
    for id in &a.proposed {
        // Only what is held for this family is offered to it.
        match state.appointments.get(id).filter(|p| p.enquiry == Some(a.id)) {
            None => return Err(Refusal::new(RefusalCode::NotFound).with(*id)),
            Some(p) if p.status != Status::Held => {
                return Err(Refusal::new(RefusalCode::NoSuchStep).with(*id));
            }
            Some(_) => {}
        }
    }
    let author = Author::Staff { person: *person };
    let (text, proposed) = (a.text.trim().to_owned(), a.proposed.clone());
    let id = a.message;
    let message = Message { id, at: now, author, text, internal: false, proposed, withdrawn_at: None };
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
    refuse_fields(text_fields("text", text, MESSAGE_MAX))?;
    new_message(find(state, id)?, message)?;
    let author = Author::Staff { person: *person };
    let text = text.trim().to_owned();
    let message = Message {
        id: message,
        at: now,
        author,
        text,
        internal: true,
        proposed: Vec::new(),
        withdrawn_at: None,
    };
    Ok(vec![Event::EnquiryNoted { id, message }])
}

pub(super) fn close(
    state: &OfficeState,
    id: EnquiryId,
    how: Option<Closing>,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    match find(state, id)?.status {
        EnquiryStatus::Closed => Ok(Vec::new()),
        EnquiryStatus::Merged { .. } => Err(RefusalCode::EnquiryNotOpen.into()),
        _ => Ok(vec![Event::EnquiryClosed { id, how }]),
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
    let ended = find(state, id)?;
    still_open(ended)?;
    if let Some(meeting) = ended.appointment {
        // The one with the meeting is the one that goes on.
        return Err(Refusal::new(RefusalCode::EnquiryAlreadyConverted).with(meeting));
    }
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
    let enquiry = find(state, id)?;
    let client = state.client_that_goes_on(client).ok_or(RefusalCode::NotFound)?.id;
    if enquiry.client == Some(client) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::EnquiryIdentified { id, client }])
}
