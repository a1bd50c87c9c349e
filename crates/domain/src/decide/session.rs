//! A group session as a whole: moved or cancelled with everybody in it, or not at all.

use chrono::{DateTime, Utc};

use super::appointment::{after, move_event, place, reason_given, room_there};
use super::clash::{end_overdue, refuse_clash};
use super::status::set_status;
use crate::appointment::{Appointment, Status};
use crate::command::{Move, SetStatus};
use crate::event::Event;
use crate::ids::AppointmentId;
use crate::people::{Actor, Role};
use crate::refusal::{Refusal, RefusalCode};
use crate::session::{self, SessionKey};
use crate::state::OfficeState;

/// The named meeting and its session, for somebody who may change it.
fn session_of<'s>(
    state: &'s OfficeState,
    id: AppointmentId,
    actor: &Actor,
) -> Result<(&'s Appointment, SessionKey), Refusal> {
    super::staff(actor)?;
    let named = state.appointments.get(&id).ok_or(RefusalCode::NotFound)?;
    match actor {
        Actor::Staff { role: Role::Counsellor, person, .. } if !named.is_with(*person) => {
            Err(RefusalCode::NotAllowed.into())
        }
        _ => Ok((named, session::key_of(&state.settings, named).ok_or(RefusalCode::NoSuchStep)?)),
    }
}

/// Moves everybody who is still expected. Whoever has excused themselves stays where the history says they were.
pub(super) fn move_session(
    state: &OfficeState,
    m: &Move,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let (current, key) = session_of(state, m.id, actor)?;
    super::status::still_as_seen(current, m.seen.as_ref())?;
    if current.version != m.seen_version {
        return Err(Refusal::new(RefusalCode::StaleRev).with(m.id));
    }
    let kind = state.settings.kinds.get(&current.kind).ok_or(RefusalCode::ResourceUnavailable)?;
    let wanted = place(state, &m.place)?;
    let reason = reason_given("override_reason", m.override_reason.as_ref())?;
    let members: Vec<&Appointment> = session::members(state, &key).filter(|a| a.takes_time(now)).collect();
    if members.is_empty() || members.iter().any(|a| !matches!(a.status, Status::Held | Status::Booked)) {
        return Err(RefusalCode::NoSuchStep.into());
    }
    // Its own meetings stand in nobody's way.
    let mut rest = state.clone();
    rest.appointments.retain(|id, _| !members.iter().any(|a| a.id == *id));
    let there = |a: &Appointment| Appointment {
        counsellor: m.place.counsellor,
        second: m.place.second,
        site: m.place.site,
        room: None,
        start: wanted.start,
        end: wanted.end,
        zone: wanted.zone,
        session: Some(key.clone()),
        override_reason: reason.clone(),
        ..a.clone()
    };
    let first = there(current);
    refuse_clash(&rest, &first, now)?;
    let room = room_there(&rest, kind, (current, &first), (&m.place, &wanted), now)?;
    let mut events = Vec::new();
    let mut moved = Vec::with_capacity(members.len());
    for member in members {
        let mut one = Appointment { room, ..there(member) };
        refuse_clash(&rest, &one, now)?;
        events.extend(end_overdue(&after(&rest, &events), &one, now));
        // A seat that was given beyond the last one stays given.
        one.override_reason = one.override_reason.or_else(|| member.override_reason.clone());
        let (named, unnamed) =
            (Some(key.clone()), Appointment { session: member.session.clone(), ..one.clone() });
        if unnamed != *member {
            moved.push(move_event(Appointment { session: named, ..one }, actor, now));
        }
    }
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    events.extend(moved);
    Ok(events)
}

/// Cancels everybody who is still expected or has come, and the session itself, with one reason.
pub(super) fn cancel_session(
    state: &OfficeState,
    id: AppointmentId,
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let (_, key) = session_of(state, id, actor)?;
    let mut members: Vec<&Appointment> =
        session::members(state, &key).filter(|a| a.status.blocks()).collect();
    if members.iter().any(|a| matches!(a.status, Status::Attended | Status::NoShow)) {
        return Err(RefusalCode::NoSuchStep.into());
    }
    // The session itself last: it does not end from under those who come to it.
    members.sort_by_key(|a| (!a.takes_seat(), a.id));
    let mut events = Vec::new();
    for member in members {
        let step =
            SetStatus { reason: Some(reason.to_owned()), ..SetStatus::to(member.id, Status::Cancelled) };
        let more = set_status(&after(state, &events), &step, actor, now)?;
        events.extend(more);
    }
    Ok(events)
}
