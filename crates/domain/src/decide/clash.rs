//! What stands in the way of a meeting, and what no longer does.

use chrono::{DateTime, Utc};

use super::status::goes_back;
use crate::appointment::{Appointment, Status};
use crate::event::Event;
use crate::refusal::{Refusal, RefusalCode};
use crate::session;
use crate::state::OfficeState;

/// What stands in the way of this meeting: client, counsellors, room, seats, in that order; `None` when nothing does.
/// The rule that the database keeps too. Proposals whose hour has passed stand in nobody's way ([`end_overdue`]).
pub(super) fn clash(state: &OfficeState, wanted: &Appointment, now: DateTime<Utc>) -> Option<Refusal> {
    let settings = &state.settings;
    // Once: there are the meetings of days, and few that overlap.
    let others: Vec<&Appointment> = state
        .appointments
        .values()
        .filter(|a| a.overlaps(wanted) && a.id != wanted.id && a.takes_time(now))
        .collect();
    let others = || others.iter().copied();
    // In a group session counsellors and room are the session's; seats are counted instead.
    let mine = session::key_of(settings, wanted);
    let same_session = |a: &&Appointment| mine.is_some() && session::key_of(settings, a) == mine;
    let same_client = || others().filter(|a| a.client.is_some() && a.client == wanted.client);
    // A duplicate is said first: no reason helps against it.
    let twice = |a: &&Appointment| {
        a.start == wanted.start && a.kind == wanted.kind && a.counsellor_shared_with(wanted).is_some()
    };
    if let Some(a) = same_client().find(twice) {
        return Some(Refusal::new(RefusalCode::Duplicate).with(a.id));
    }
    // A session is planned once.
    if !wanted.takes_seat()
        && let Some(a) = others().filter(same_session).find(|a| !a.takes_seat())
    {
        return Some(Refusal::new(RefusalCode::Duplicate).with(a.id));
    }
    if let Some(a) = same_client().next() {
        return Some(Refusal::new(RefusalCode::ClientBusy).with(a.id));
    }
    let taken = |a: &Appointment| wanted.counsellor_shared_with(a).map(|who| (a.id, who));
    if let Some((id, who)) = others().filter(|a| !same_session(a)).find_map(taken) {
        return Some(Refusal::new(RefusalCode::SlotTaken).with(id).who(who));
    }
    if let Some(a) = others().find(|a| a.room.is_some() && a.room == wanted.room && !same_session(a)) {
        return Some(Refusal::new(RefusalCode::RoomTaken).with(a.id));
    }
    let capacity = settings.kinds.get(&wanted.kind).map_or(1, |k| k.capacity) as usize;
    let seats = || others().filter(same_session).filter(|a| a.takes_seat()).count();
    if mine.is_some() && wanted.takes_seat() && seats() >= capacity {
        return Some(RefusalCode::CapacityFull.into());
    }
    None
}

/// An overlap is refused unless a person gave a reason, which is kept; an exact duplicate always is.
pub(super) fn refuse_clash(
    state: &OfficeState,
    made: &Appointment,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    match clash(state, made, now) {
        Some(refusal) if refusal.code == RefusalCode::Duplicate => Err(refusal),
        Some(refusal) if made.override_reason.is_none() => Err(refusal),
        _ => Ok(()),
    }
}

/// Ends the proposals whose hour has passed and whose place this meeting takes, with what that means for their
/// enquiries.
///
/// Central ends them by itself within moments; a desk that cannot reach it must not be kept from the free hour until it
/// can. So whoever takes the place ends them in the same decision, at the desk and at central alike: each by the clock
/// on its own wall, and central's word counts. A family that accepted in time was first; the desk's booking then comes
/// back as a conflict.
pub(super) fn end_overdue(state: &OfficeState, made: &Appointment, now: DateTime<Utc>) -> Vec<Event> {
    let in_the_way = |a: &&Appointment| {
        a.id != made.id
            && a.overdue(now)
            && a.overlaps(made)
            && (a.counsellor_shared_with(made).is_some()
                || (a.room.is_some() && a.room == made.room)
                || (a.client.is_some() && a.client == made.client))
    };
    let overdue: Vec<&Appointment> = state.appointments.values().filter(in_the_way).collect();
    if overdue.is_empty() {
        return Vec::new();
    }
    // What is proposed with this very meeting keeps its enquiry waiting.
    let mut after = state.clone();
    after.appointments.insert(made.id, made.clone());
    let mut events = Vec::new();
    for a in overdue {
        let ended = Event::AppointmentStatus {
            id: a.id,
            to: Status::Expired,
            reason: None,
            client: None,
            arrived_at: None,
            by: None,
            at: now,
        };
        let given_back = a
            .enquiry
            .and_then(|id| after.enquiry_that_goes_on(id))
            .filter(|enquiry| goes_back(&after, a, Status::Expired, enquiry))
            .map(|enquiry| Event::EnquiryGivenBack { id: enquiry.id });
        for event in std::iter::once(ended).chain(given_back) {
            after.evolve(&event);
            events.push(event);
        }
    }
    events
}
