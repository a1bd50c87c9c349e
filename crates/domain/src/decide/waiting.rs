//! The waiting list: put on it, changed, called, taken off.

use chrono::{DateTime, Utc};

use super::status::converts;
use crate::appointment::Status;
use crate::client::FieldError;
use crate::event::Event;
use crate::ids::{CallId, ClientId, WaitingId};
use crate::people::{Actor, Person};
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;
use crate::waiting::{CALLS_MAX, Call, Called, CloseReason, NewWaiting, WaitingEntry, WaitingStatus, Wish};

fn find(state: &OfficeState, id: WaitingId) -> Result<&WaitingEntry, Refusal> {
    state.waiting.get(&id).ok_or_else(|| RefusalCode::NotFound.into())
}

fn still_waiting(entry: &WaitingEntry) -> Result<(), Refusal> {
    match entry.status {
        WaitingStatus::Waiting => Ok(()),
        WaitingStatus::Booked { appointment } => Err(Refusal::new(RefusalCode::NotWaiting).with(appointment)),
        WaitingStatus::Closed { .. } => Err(RefusalCode::NotWaiting.into()),
    }
}

/// What a form refuses. `before` is what the entry said: a kind or a colleague no longer offered may stay.
fn check(state: &OfficeState, wish: &Wish, before: Option<&Wish>, now: DateTime<Utc>) -> Result<(), Refusal> {
    let settings = &state.settings;
    let mut fields = wish.check(settings.local_date(now));
    let mut unknown = |field: &str, there: bool| {
        if !there {
            fields.push(FieldError { field: field.into(), code: "unknown".into() });
        }
    };
    let kind_there = settings.kinds.get(&wish.kind).is_some_and(|k| k.active);
    unknown("kind", kind_there || before.is_some_and(|b| b.kind == wish.kind));
    let receives = |id| settings.people.get(&id).is_some_and(Person::receives);
    unknown(
        "counsellor",
        wish.counsellor.is_none_or(receives) || before.is_some_and(|b| b.counsellor == wish.counsellor),
    );
    unknown(
        "site",
        wish.site.is_none_or(|s| settings.sites.contains_key(&s))
            || before.is_some_and(|b| b.site == wish.site),
    );
    // A last day that has passed is not wrong by itself: it is only not newly written.
    if before.is_some_and(|b| b.until == wish.until) {
        fields.retain(|f| f.field != "until");
    }
    if fields.is_empty() {
        return Ok(());
    }
    Err(super::wrong_fields(fields))
}

fn tidy(wish: &Wish) -> Wish {
    let mut weekdays = wish.weekdays.clone();
    weekdays.sort_unstable();
    weekdays.dedup();
    Wish { weekdays, note: wish.note.trim().to_owned(), ..wish.clone() }
}

/// Somebody waits for one kind once: a second entry would have them called twice.
fn refuse_twice(state: &OfficeState, client: ClientId, wish: &Wish, own: WaitingId) -> Result<(), Refusal> {
    let twice = state.waiting.values().any(|w| {
        w.id != own && w.client == client && w.wish.kind == wish.kind && w.status == WaitingStatus::Waiting
    });
    if twice { Err(RefusalCode::WaitsAlready.into()) } else { Ok(()) }
}

pub(super) fn add(
    state: &OfficeState,
    w: &NewWaiting,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    if state.waiting.contains_key(&w.id) {
        return Err(RefusalCode::IdInUse.into());
    }
    if !state.clients.contains_key(&w.client) {
        return Err(RefusalCode::NotFound.into());
    }
    check(state, &w.wish, None, now)?;
    refuse_twice(state, w.client, &w.wish, w.id)?;
    Ok(vec![Event::WaitingAdded(Box::new(WaitingEntry {
        id: w.id,
        client: w.client,
        wish: tidy(&w.wish),
        since: now,
        calls: Vec::new(),
        status: WaitingStatus::Waiting,
    }))])
}

pub(super) fn update(
    state: &OfficeState,
    id: WaitingId,
    wish: &Wish,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let entry = find(state, id)?;
    still_waiting(entry)?;
    check(state, wish, Some(&entry.wish), now)?;
    refuse_twice(state, entry.client, wish, id)?;
    let wish = tidy(wish);
    if entry.wish == wish {
        return Ok(Vec::new());
    }
    Ok(vec![Event::WaitingChanged { id, wish: Box::new(wish) }])
}

pub(super) fn call(
    state: &OfficeState,
    id: WaitingId,
    called: &Called,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let entry = find(state, id)?;
    if entry.calls.iter().any(|c| c.id == called.call) {
        // Said twice: noted once.
        return Ok(Vec::new());
    }
    still_waiting(entry)?;
    let mut events = Vec::with_capacity(2);
    if entry.calls.len() >= CALLS_MAX
        && let Some(oldest) = entry.calls.first()
    {
        events.push(Event::WaitingUncalled { id, call: oldest.id });
    }
    let call = Call {
        id: called.call,
        at: now,
        by: actor.person(),
        outcome: called.outcome,
        offered: called.offered.clone(),
    };
    events.push(Event::WaitingCalled { id, call });
    Ok(events)
}

pub(super) fn uncall(
    state: &OfficeState,
    id: WaitingId,
    call: CallId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let known = find(state, id)?.calls.iter().any(|c| c.id == call);
    Ok(if known { vec![Event::WaitingUncalled { id, call }] } else { Vec::new() })
}

pub(super) fn close(
    state: &OfficeState,
    id: WaitingId,
    reason: CloseReason,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let entry = find(state, id)?;
    if matches!(entry.status, WaitingStatus::Closed { .. }) {
        return Ok(Vec::new());
    }
    still_waiting(entry)?;
    Ok(vec![Event::WaitingClosed { id, reason }])
}

pub(super) fn reopen(state: &OfficeState, id: WaitingId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let entry = find(state, id)?;
    match entry.status {
        WaitingStatus::Waiting => Ok(Vec::new()),
        WaitingStatus::Booked { appointment } => Err(Refusal::new(RefusalCode::NotWaiting).with(appointment)),
        WaitingStatus::Closed { .. } => {
            refuse_twice(state, entry.client, &entry.wish, id)?;
            Ok(vec![Event::WaitingAgain { id }])
        }
    }
}

/// Whether a meeting may be booked or proposed for somebody of the list: they still wait, and the meeting is theirs, or
/// that of the record into which theirs was merged.
pub(super) fn may_book(state: &OfficeState, id: WaitingId, client: Option<ClientId>) -> Result<(), Refusal> {
    let entry = find(state, id)?;
    still_waiting(entry)?;
    let merged = state.clients.get(&entry.client).and_then(|c| c.merged_into);
    if client.is_none() || (client != Some(entry.client) && client != merged) {
        return Err(super::wrong_field("client", "already_known"));
    }
    Ok(())
}

/// What the steps of meetings mean for those of the waiting list, whichever command made them: off the list when the
/// meeting is taken, back on it, with the whole time waited, when it will not take place.
pub(super) fn follow(state: &OfficeState, mut events: Vec<Event>) -> Vec<Event> {
    let steps = events.iter().filter_map(|event| {
        let Event::AppointmentStatus { id: appointment, to, .. } = event else { return None };
        let before = state.appointments.get(appointment)?;
        let entry = state.waiting.get(&before.waiting?)?;
        match entry.status {
            WaitingStatus::Waiting if converts(before, *to) => {
                Some(Event::WaitingBooked { id: entry.id, appointment: *appointment })
            }
            WaitingStatus::Booked { appointment: own }
                if own == *appointment && matches!(to, Status::Cancelled | Status::Excused) =>
            {
                Some(Event::WaitingAgain { id: entry.id })
            }
            _ => None,
        }
    });
    let follows: Vec<Event> = steps.collect();
    events.extend(follows);
    events
}
