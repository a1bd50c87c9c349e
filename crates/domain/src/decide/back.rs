//! Steps back on enquiries: never by rewriting what happened, always by a further step that the rules allow.

use chrono::{DateTime, Utc};

use super::enquiry::find;
use crate::enquiry::{Author, EnquiryFacts, EnquiryStatus};
use crate::event::Event;
use crate::ids::{EnquiryId, MessageId};
use crate::people::{Actor, Role};
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

/// Where an enquiry stood before a step. Hours are not compared: each side writes its own.
pub(super) fn restore(
    state: &OfficeState,
    id: EnquiryId,
    seen: &EnquiryFacts,
    to: &EnquiryFacts,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let enquiry = find(state, id)?;
    let merged = |s: &EnquiryStatus| matches!(s, EnquiryStatus::Merged { .. });
    if merged(&enquiry.status) || merged(&to.status) {
        return Err(RefusalCode::EnquiryNotOpen.into());
    }
    let client_changes = seen.client != to.client;
    let same = (&enquiry.status, enquiry.owner) == (&seen.status, seen.owner)
        && (!client_changes || enquiry.client == seen.client);
    if !same {
        return Err(Refusal { person: enquiry.owner, ..Refusal::new(RefusalCode::StaleRev) });
    }
    // It is a meeting's as long as it has that meeting.
    if to.status == EnquiryStatus::Converted && enquiry.appointment.is_none() {
        return Err(RefusalCode::StaleRev.into());
    }
    let client = match to.client.filter(|_| client_changes) {
        Some(client) => Some(state.client_that_goes_on(client).ok_or(RefusalCode::NotFound)?.id),
        None if client_changes => None,
        None => enquiry.client,
    };
    let to = EnquiryFacts { client, ..to.clone() };
    if to == enquiry.facts() {
        return Ok(Vec::new());
    }
    Ok(vec![Event::EnquiryRestored { id, to }])
}

/// A note or an answer, by who wrote it (or the director). An answer only until the family has written again: nothing
/// leaves this office but through the family's own page, which shows no message, so until then nobody has read it.
pub(super) fn withdraw(
    state: &OfficeState,
    id: EnquiryId,
    message: MessageId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let Actor::Staff { person, role, .. } = actor else { return Err(RefusalCode::NotAllowed.into()) };
    find(state, id)?;
    let enquiry = state.enquiry_that_goes_on(id).ok_or(RefusalCode::NotFound)?;
    let at = enquiry.thread.iter().position(|m| m.id == message).ok_or(RefusalCode::NotFound)?;
    let written = &enquiry.thread[at];
    if written.withdrawn_at.is_some() {
        return Ok(Vec::new());
    }
    let own = written.author == Author::Staff { person: *person };
    let staffs = matches!(written.author, Author::Staff { .. });
    if !(own || staffs && *role == Role::Director) {
        return Err(RefusalCode::NotAllowed.into());
    }
    let since = || enquiry.thread[at + 1..].iter().any(|m| matches!(m.author, Author::Family { .. }));
    if !written.internal && since() {
        return Err(RefusalCode::AnsweredSince.into());
    }
    Ok(vec![Event::MessageWithdrawn { id: enquiry.id, message, at: now }])
}

pub(super) fn unmerge(state: &OfficeState, id: EnquiryId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let ended = find(state, id)?;
    let (EnquiryStatus::Merged { into }, Some(merge)) = (&ended.status, ended.merge.as_deref()) else {
        return Err(RefusalCode::StaleRev.into());
    };
    let target = find(state, *into)?;
    if matches!(target.status, EnquiryStatus::Merged { .. }) {
        // The later merge has to be taken back first.
        return Err(RefusalCode::EnquiryNotOpen.into());
    }
    if let Some(meeting) = target.appointment.filter(|a| Some(*a) != merge.target_appointment) {
        return Err(Refusal::new(RefusalCode::EnquiryAlreadyConverted).with(meeting));
    }
    Ok(vec![Event::EnquirySeparated { id, from: *into }])
}
