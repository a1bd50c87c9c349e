//! Booking, proposing and moving appointments.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Duration, Timelike, Utc};

use super::clash::{clash, end_overdue, refuse_clash};
use crate::appointment::{
    Appointment, COMPANIONS_MAX, Companion, FAMILY_MOVES_UNTIL, HistoryEntry, HistoryFact, REASON_MAX, Status,
};
use crate::availability;
use crate::command::{Book, Move, Place};
use crate::event::Event;
use crate::ids::{AppointmentId, EnquiryId, RoomId};
use crate::office::{AppointmentKind, instant};
use crate::people::{Actor, Person, Role};
use crate::refusal::{Refusal, RefusalCode};
use crate::session::{self, SessionKey};
use crate::state::OfficeState;

/// No meeting is longer than a day.
const LONGEST_MIN: u32 = 24 * 60;
/// Civil years in which a meeting can be: far outside of them, instants and dates cannot be reckoned with any more.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// A place that can be meant, as instants.
pub(super) struct Wanted {
    pub(super) start: DateTime<Utc>,
    pub(super) end: DateTime<Utc>,
    pub(super) zone: chrono_tz::Tz,
}

/// Checks a place for itself, whatever else is there.
pub(super) fn place(state: &OfficeState, p: &Place) -> Result<Wanted, Refusal> {
    let settings = &state.settings;
    let site = settings.sites.get(&p.site).ok_or(RefusalCode::ResourceUnavailable)?;
    let receives = settings.people.get(&p.counsellor).is_some_and(Person::receives);
    let room_fits = p.room.is_none_or(|r| settings.rooms.get(&r).is_some_and(|r| r.site == p.site));
    let second_receives =
        p.second.is_none_or(|second| settings.people.get(&second).is_some_and(Person::receives));
    if !receives || !second_receives || !room_fits {
        return Err(RefusalCode::ResourceUnavailable.into());
    }
    if p.second == Some(p.counsellor) {
        return Err(super::wrong_field("second", "same_person"));
    }
    // The databases and the search count in seconds: a part of one would be an overlap for the one, none for the other.
    if !YEARS.contains(&p.start.year()) || p.start.nanosecond() != 0 {
        return Err(super::wrong_field("start", "out_of_range"));
    }
    if p.minutes == 0 || p.minutes > LONGEST_MIN {
        return Err(RefusalCode::BadDuration.into());
    }
    let start = instant(p.start, p.zone).map_err(|_| RefusalCode::SkippedTime)?;
    Ok(Wanted { start, end: start + Duration::minutes(i64::from(p.minutes)), zone: site.zone })
}

/// Who may put meetings into this counsellor's agenda.
fn may_book(actor: &Actor, p: &Place) -> Result<(), Refusal> {
    match actor {
        Actor::Staff { role: Role::Receptionist | Role::Director, .. } => Ok(()),
        Actor::Staff { role: Role::Counsellor, person, .. } if *person == p.counsellor => Ok(()),
        // A counsellor who answers an enquiry may offer a colleague's free time.
        Actor::Staff { role: Role::Counsellor, .. } => Ok(()),
        _ => Err(RefusalCode::NotAllowed.into()),
    }
}

/// The room to use: the wanted one, else the first free one of the kind that is needed.
fn room(
    state: &OfficeState,
    kind: &AppointmentKind,
    p: &Place,
    w: &Wanted,
    made: &Appointment,
    now: DateTime<Utc>,
) -> Result<Option<RoomId>, Refusal> {
    if p.room.is_some() {
        return Ok(p.room);
    }
    let Some(needed) = &kind.room_kind else { return Ok(None) };
    if !state.settings.rooms.values().any(|r| r.site == p.site && &r.kind == needed) {
        // A site without such rooms (a school) lends whatever it has.
        return Ok(None);
    }
    match availability::free_room(state, p.site, needed, w.start, w.end, Some(made.id), now) {
        Some(room) => Ok(Some(room)),
        None if made.override_reason.is_some() => Ok(None),
        None => Err(RefusalCode::RoomTaken.into()),
    }
}

/// The room of a meeting that moves: the wanted one; else the one that it has, when it is still free and at the same
/// site; else the first free one. `moved` is the meeting at its new place, without a room; `state` is without what moves
/// with it.
pub(super) fn room_there(
    state: &OfficeState,
    kind: &AppointmentKind,
    (current, moved): (&Appointment, &Appointment),
    (p, w): (&Place, &Wanted),
    now: DateTime<Utc>,
) -> Result<Option<RoomId>, Refusal> {
    let kept = p.room.or(current.room.filter(|_| current.site == p.site));
    if kept.is_some() {
        let there = Appointment { room: kept, ..moved.clone() };
        if clash(state, &there, now).is_none_or(|r| r.code != RefusalCode::RoomTaken) {
            return Ok(kept);
        }
    }
    room(state, kind, p, w, moved, now)
}

/// A reason without what surrounds it; an empty one is none.
pub(super) fn reason_given(field: &str, reason: Option<&String>) -> Result<Option<String>, Refusal> {
    let given = reason.map(|r| r.trim().to_owned()).filter(|r| !r.is_empty());
    if given.as_ref().is_some_and(|r| r.chars().count() > REASON_MAX) {
        return Err(super::wrong_field(field, "too_long"));
    }
    Ok(given)
}

/// What was proposed to the family beside the one that it takes: free from now on.
pub(super) fn decline_others(
    state: &OfficeState,
    enquiries: &[EnquiryId],
    taken: AppointmentId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Vec<Event> {
    if enquiries.is_empty() {
        return Vec::new();
    }
    let proposed = |a: &&Appointment| {
        a.id != taken && a.status == Status::Held && a.enquiry.is_some_and(|e| enquiries.contains(&e))
    };
    let decline = |a: &Appointment| Event::AppointmentStatus {
        id: a.id,
        to: Status::Declined,
        reason: None,
        client: None,
        arrived_at: None,
        by: actor.person(),
        at: now,
    };
    state.appointments.values().filter(proposed).map(decline).collect()
}

/// The state once these events have happened.
pub(super) fn after<'s>(state: &'s OfficeState, events: &[Event]) -> Cow<'s, OfficeState> {
    if events.is_empty() {
        return Cow::Borrowed(state);
    }
    let mut changed = state.clone();
    changed.evolve_all(events);
    Cow::Owned(changed)
}

pub(super) fn check_companions(companions: &[Companion]) -> Result<(), Refusal> {
    if companions.len() > COMPANIONS_MAX {
        return Err(super::wrong_field("companions", "too_many"));
    }
    Ok(())
}

pub(super) fn book(
    state: &OfficeState,
    b: &Book,
    held: bool,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    may_book(actor, &b.place)?;
    if state.appointments.contains_key(&b.id) {
        return Err(RefusalCode::IdInUse.into());
    }
    let kind =
        state.settings.kinds.get(&b.kind).filter(|k| k.active).ok_or(RefusalCode::ResourceUnavailable)?;
    // A record that was merged meanwhile stands for the one that goes on.
    let client = match b.client {
        Some(id) => Some(state.client_that_goes_on(id).ok_or(RefusalCode::NotFound)?.id),
        None => None,
    };
    check_companions(&b.companions)?;
    let wanted = place(state, &b.place)?;
    let override_reason = reason_given("override_reason", b.override_reason.as_ref())?;
    let status = if held { Status::Held } else { Status::Booked };
    let default_hold = now + Duration::minutes(i64::from(state.settings.office.hold_min));
    // Nobody can accept a meeting that has begun.
    let held_until = held.then(|| b.held_until.unwrap_or(default_hold).min(wanted.start));
    if held_until.is_some_and(|until| until <= now) {
        return Err(RefusalCode::TooLate.into());
    }
    let mut events = Vec::new();
    if let Some(id) = b.waiting {
        super::waiting::may_book(state, id, b.client)?;
    }
    if let Some(id) = b.enquiry {
        super::enquiry::may_convert(state, id)?;
        if !held {
            events = decline_others(state, &[id], b.id, actor, now);
        }
    }
    let state = after(state, &events);
    let mut history =
        vec![HistoryEntry { at: now, by: actor.person(), what: HistoryFact::Created { status } }];
    if let Some(reason) = &override_reason {
        let what = HistoryFact::Overridden { reason: reason.clone() };
        history.push(HistoryEntry { at: now, by: actor.person(), what });
    }
    let mut made = Appointment {
        id: b.id,
        kind: b.kind,
        counsellor: b.place.counsellor,
        second: b.place.second,
        site: b.place.site,
        room: None,
        start: wanted.start,
        end: wanted.end,
        zone: wanted.zone,
        buffer_after_min: kind.buffer_after_min,
        status,
        held_until,
        session: None,
        client,
        companions: b.companions.clone(),
        enquiry: b.enquiry,
        waiting: b.waiting,
        arrived_at: None,
        override_reason,
        version: 1,
        history,
    };
    if let Some(session) = session::joined(&state, &made, now) {
        made.session = session::key_of(&state.settings, session);
        (made.second, made.room) = (session.second, session.room);
    } else {
        made.session =
            session::is_group(&state.settings, &made).then(|| SessionKey::begun_by(made.id, made.version));
        // Who is taken is said before a room that is.
        refuse_clash(&state, &made, now)?;
        made.room = room(&state, kind, &b.place, &wanted, &made, now)?;
    }
    refuse_clash(&state, &made, now)?;
    events.extend(end_overdue(&state, &made, now));
    events.push(Event::AppointmentMade(Box::new(made)));
    if let Some(id) = b.enquiry.filter(|_| !held) {
        events.push(Event::EnquiryConverted { id, appointment: b.id, client, by: actor.person() });
    }
    if let Some(id) = b.waiting.filter(|_| !held) {
        events.push(Event::WaitingBooked { id, appointment: b.id });
    }
    Ok(events)
}

/// A family moves its meeting as the public books: same length, no rule set aside, only to what the search offers.
fn family_may_go(
    state: &OfficeState,
    current: &Appointment,
    m: &Move,
    place: &Wanted,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let same = i64::from(m.place.minutes) == current.minutes() && m.place.second == current.second;
    if m.override_reason.is_some() || !same {
        return Err(RefusalCode::NotAllowed.into());
    }
    let wanted = availability::Wanted {
        kind: current.kind,
        counsellor: m.place.counsellor,
        second: m.place.second,
        site: m.place.site,
        start: place.start,
        minutes: m.place.minutes,
        room: None,
        client: current.client,
        moving: Some(current.id),
    };
    let appointments: Vec<&Appointment> = state.appointments.values().collect();
    availability::public_refusal(&state.settings, &appointments, &wanted, now).map_or(Ok(()), Err)
}

pub(super) fn move_to(
    state: &OfficeState,
    m: &Move,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let current = state.appointments.get(&m.id).ok_or(RefusalCode::NotFound)?;
    match actor {
        Actor::Family => {
            let limit = current.start - FAMILY_MOVES_UNTIL;
            if now > limit {
                return Err(Refusal::new(RefusalCode::TooLate).limit(limit));
            }
        }
        Actor::Staff { role: Role::Counsellor, person, .. } if !current.is_with(*person) => {
            return Err(RefusalCode::NotAllowed.into());
        }
        Actor::Staff { .. } => {}
        Actor::System => return Err(RefusalCode::NotAllowed.into()),
    }
    if !matches!(current.status, Status::Held | Status::Booked) {
        return Err(RefusalCode::NoSuchStep.into());
    }
    super::status::still_as_seen(current, m.seen.as_ref())?;
    if current.version != m.seen_version {
        return Err(Refusal::new(RefusalCode::StaleRev).with(m.id));
    }
    let kind = state.settings.kinds.get(&current.kind).ok_or(RefusalCode::ResourceUnavailable)?;
    let wanted = place(state, &m.place)?;
    let override_reason = reason_given("override_reason", m.override_reason.as_ref())?;
    if *actor == Actor::Family {
        family_may_go(state, current, m, &wanted, now)?;
    }
    // A session that people come to moves with them ([`super::session`]), and not from under them.
    let own = session::key_of(&state.settings, current);
    if session::is_planned_session(&state.settings, current)
        && own
            .as_ref()
            .is_some_and(|key| session::members(state, key).any(|a| a.id != current.id && a.takes_time(now)))
    {
        return Err(RefusalCode::NoSuchStep.into());
    }
    let mut moved = current.clone();
    (moved.start, moved.end) = (wanted.start, wanted.end);
    (moved.counsellor, moved.second) = (m.place.counsellor, m.place.second);
    (moved.site, moved.zone) = (m.place.site, wanted.zone);
    moved.override_reason.clone_from(&override_reason);
    moved.room = None;
    let place = |a: &Appointment| (a.counsellor, a.site, a.start, a.end);
    let stays = place(&moved) == place(current);
    if let Some(session) = session::joined(state, &moved, now) {
        if !stays {
            moved.session = session::key_of(&state.settings, session);
        }
        (moved.second, moved.room) = (session.second, session.room);
    } else {
        if !stays {
            let next = || SessionKey::begun_by(moved.id, moved.version + 1);
            moved.session = session::is_group(&state.settings, &moved).then(next);
        }
        refuse_clash(state, &moved, now)?;
        moved.room = room_there(state, kind, (current, &moved), (&m.place, &wanted), now)?;
    }
    refuse_clash(state, &moved, now)?;
    if moved == *current {
        // It is there already: no new version, and nobody is told twice.
        return Ok(Vec::new());
    }
    let mut events = end_overdue(state, &moved, now);
    events.push(move_event(moved, actor, now));
    Ok(events)
}

/// What happens to a meeting that is to stand there.
pub(super) fn move_event(moved: Appointment, actor: &Actor, now: DateTime<Utc>) -> Event {
    Event::AppointmentMoved {
        id: moved.id,
        start: moved.start,
        end: moved.end,
        counsellor: moved.counsellor,
        second: moved.second,
        site: moved.site,
        zone: moved.zone,
        room: moved.room,
        session: moved.session,
        override_reason: moved.override_reason,
        by: actor.person(),
        at: now,
    }
}
