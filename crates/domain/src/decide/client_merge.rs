//! One person on record twice: the two records become one, and two again; a record made by mistake is taken back.

use chrono::{DateTime, Utc};

use crate::appointment::{Appointment, Companion, Status};
use crate::client::{Client, GUARDIANS_MAX};
use crate::command::MergeClients;
use crate::event::Event;
use crate::ids::{ClientId, GuardianId};
use crate::merging::{ClientMerge, combine, separated};
use crate::people::Actor;
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

/// Who comes along, by the guardians of the other record. `pairs` are (as written, as wanted).
fn along(companions: &[Companion], pairs: &[(GuardianId, GuardianId)]) -> Vec<Companion> {
    let other = |id: GuardianId| pairs.iter().find(|(from, _)| *from == id).map_or(id, |(_, to)| *to);
    companions.iter().map(|c| Companion { guardian: c.guardian.map(other), ..c.clone() }).collect()
}

fn moved(
    a: &Appointment,
    to: ClientId,
    pairs: &[(GuardianId, GuardianId)],
    actor: &Actor,
    at: DateTime<Utc>,
) -> Event {
    let companions = along(&a.companions, pairs);
    Event::AppointmentClient { id: a.id, client: to, companions, by: actor.person(), at }
}

pub(super) fn merge(
    state: &OfficeState,
    m: &MergeClients,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    if m.id == m.into {
        return Err(RefusalCode::IdInUse.into());
    }
    let ended = state.clients.get(&m.id).filter(|c| !c.removed).ok_or(RefusalCode::NotFound)?;
    let target = state.client_that_goes_on(m.into).ok_or(RefusalCode::NotFound)?;
    // Somebody made them one already, this way or the other: it is as wanted, and a circle never closes.
    if state.client_that_goes_on(m.id).is_some_and(|c| c.id == target.id) {
        return Ok(Vec::new());
    }
    if ended.merged_into.is_some() {
        return Err(RefusalCode::ClientMerged.into());
    }
    let of = |client: ClientId| state.appointments.values().filter(move |a| a.client == Some(client));
    for own in of(ended.id).filter(|a| a.override_reason.is_none()) {
        if let Some(other) = of(target.id).find(|b| b.override_reason.is_none() && b.overlaps(own)) {
            return Err(Refusal::new(RefusalCode::MergeOverlap).with(other.id));
        }
    }
    let combined = combine(target, ended, &m.take);
    if combined.client.guardians.len() > GUARDIANS_MAX {
        return Err(super::wrong_field("guardians", "too_many"));
    }
    let enquiries: Vec<_> =
        state.enquiries.values().filter(|e| e.client == Some(ended.id)).map(|e| e.id).collect();
    let record = ClientMerge {
        take: m.take.clone(),
        target_before: Box::new(target.clone()),
        target_after: Box::new(combined.client.clone()),
        appointments: of(ended.id).map(|a| a.id).collect(),
        enquiries: enquiries.clone(),
        guardians: combined.guardians.clone(),
    };
    let done = Client { merged_into: Some(target.id), merge: Some(Box::new(record)), ..ended.clone() };
    let mut events = vec![Event::ClientSaved(Box::new(combined.client)), Event::ClientSaved(Box::new(done))];
    events.extend(of(ended.id).map(|a| moved(a, target.id, &combined.guardians, actor, now)));
    events.extend(enquiries.into_iter().map(|id| Event::EnquiryIdentified { id, client: target.id }));
    Ok(events)
}

pub(super) fn unmerge(
    state: &OfficeState,
    id: ClientId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let ended = state.clients.get(&id).ok_or(RefusalCode::NotFound)?;
    let (Some(into), Some(record)) = (ended.merged_into, ended.merge.as_deref()) else {
        return Err(RefusalCode::StaleRev.into());
    };
    let target = state.clients.get(&into).ok_or(RefusalCode::NotFound)?;
    if target.merged_into.is_some() {
        // The later merge has to be taken back first.
        return Err(RefusalCode::ClientMerged.into());
    }
    let apart = Client { merged_into: None, merge: None, ..ended.clone() };
    let mut events =
        vec![Event::ClientSaved(Box::new(separated(target, record))), Event::ClientSaved(Box::new(apart))];
    let back: Vec<_> = record.guardians.iter().map(|(own, theirs)| (*theirs, *own)).collect();
    for a in record.appointments.iter().filter_map(|a| state.appointments.get(a)) {
        if a.client == Some(into) {
            events.push(moved(a, id, &back, actor, now));
        }
    }
    for e in record.enquiries.iter().filter_map(|e| state.enquiries.get(e)) {
        if e.client == Some(into) {
            events.push(Event::EnquiryIdentified { id: e.id, client: id });
        }
    }
    Ok(events)
}

pub(super) fn remove(state: &OfficeState, id: ClientId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let client = state.clients.get(&id).ok_or(RefusalCode::NotFound)?;
    if client.removed {
        return Ok(Vec::new());
    }
    if client.merged_into.is_some() {
        return Err(RefusalCode::ClientMerged.into());
    }
    let ended = |s: Status| matches!(s, Status::Cancelled | Status::Declined | Status::Expired);
    if let Some(a) = state.appointments.values().find(|a| a.client == Some(id) && !ended(a.status)) {
        return Err(Refusal::new(RefusalCode::ClientInUse).with(a.id));
    }
    if state.enquiries.values().any(|e| e.client == Some(id)) || !client.also_known.is_empty() {
        return Err(RefusalCode::ClientInUse.into());
    }
    Ok(vec![Event::ClientSaved(Box::new(Client { removed: true, ..client.clone() }))])
}
