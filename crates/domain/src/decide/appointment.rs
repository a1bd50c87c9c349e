//! Booking, proposing and moving appointments.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Duration, Timelike, Utc};

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
use crate::state::OfficeState;

/// No meeting is longer than a day.
const LONGEST_MIN: u32 = 24 * 60;
/// Civil years in which a meeting can be: far outside of them, instants and dates cannot be reckoned with any more.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

struct Wanted {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    zone: chrono_tz::Tz,
}

fn place(state: &OfficeState, p: &Place) -> Result<Wanted, Refusal> {
    let settings = &state.settings;
    let site = settings.sites.get(&p.site).ok_or(RefusalCode::ResourceUnavailable)?;
    let receives = settings.people.get(&p.counsellor).is_some_and(Person::receives);
    let room_fits = p.room.is_none_or(|r| settings.rooms.get(&r).is_some_and(|r| r.site == p.site));
    if !receives || !room_fits {
        return Err(RefusalCode::ResourceUnavailable.into());
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

/// What stands in the way of this meeting: counsellor, room, client, in that order; `None` when nothing does.
/// The rule that the database keeps too.
pub(super) fn clash(state: &OfficeState, wanted: &Appointment) -> Option<Refusal> {
    let others = || state.appointments.values().filter(|a| a.id != wanted.id && a.overlaps(wanted));
    // In a group session the counsellor and the room are the session's; seats are counted instead.
    let kind = state.settings.kinds.get(&wanted.kind);
    let capacity = kind.map_or(1, |k| k.capacity) as usize;
    let same_session = |a: &&Appointment| {
        capacity > 1
            && (a.kind, a.counsellor, a.site) == (wanted.kind, wanted.counsellor, wanted.site)
            && (a.start, a.end) == (wanted.start, wanted.end)
    };
    let same_client = || others().filter(|a| a.client.is_some() && a.client == wanted.client);
    // A duplicate is said first: no reason helps against it.
    let twice = |a: &&Appointment| {
        a.start == wanted.start && a.counsellor == wanted.counsellor && a.kind == wanted.kind
    };
    if let Some(a) = same_client().find(twice) {
        return Some(Refusal::new(RefusalCode::Duplicate).with(a.id));
    }
    if let Some(a) = same_client().next() {
        return Some(Refusal::new(RefusalCode::ClientBusy).with(a.id));
    }
    if let Some(a) = others().find(|a| a.counsellor == wanted.counsellor && !same_session(a)) {
        return Some(Refusal::new(RefusalCode::SlotTaken).with(a.id));
    }
    if let Some(a) = others().find(|a| a.room.is_some() && a.room == wanted.room && !same_session(a)) {
        return Some(Refusal::new(RefusalCode::RoomTaken).with(a.id));
    }
    if capacity > 1 && others().filter(same_session).count() >= capacity {
        return Some(RefusalCode::CapacityFull.into());
    }
    None
}

/// The room to use: the wanted one, else the first free one of the kind that is needed.
fn room(
    state: &OfficeState,
    kind: &AppointmentKind,
    p: &Place,
    w: &Wanted,
    moving: Option<AppointmentId>,
    forced: bool,
) -> Result<Option<RoomId>, Refusal> {
    if p.room.is_some() {
        return Ok(p.room);
    }
    let Some(needed) = &kind.room_kind else { return Ok(None) };
    if !state.settings.rooms.values().any(|r| r.site == p.site && &r.kind == needed) {
        // A site without such rooms (a school) lends whatever it has.
        return Ok(None);
    }
    let shared = state.appointments.values().find(|a| {
        kind.capacity > 1
            && a.kind == kind.id
            && (a.counsellor, a.site) == (p.counsellor, p.site)
            && (a.start, a.end) == (w.start, w.end)
            && Some(a.id) != moving
            && a.status.blocks()
    });
    if let Some(session) = shared {
        return Ok(session.room);
    }
    match availability::free_room(state, p.site, needed, w.start, w.end, moving) {
        Some(room) => Ok(Some(room)),
        None if forced => Ok(None),
        None => Err(RefusalCode::RoomTaken.into()),
    }
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
    let proposed = |a: &&Appointment| {
        a.id != taken && a.status == Status::Held && a.enquiry.is_some_and(|e| enquiries.contains(&e))
    };
    let decline = |a: &Appointment| Event::AppointmentStatus {
        id: a.id,
        to: Status::Declined,
        reason: None,
        client: None,
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
    if b.client.is_some_and(|c| !state.clients.contains_key(&c)) {
        return Err(RefusalCode::NotFound.into());
    }
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
    let forced = override_reason.is_some();
    let mut made = Appointment {
        id: b.id,
        kind: b.kind,
        counsellor: b.place.counsellor,
        site: b.place.site,
        room: None,
        start: wanted.start,
        end: wanted.end,
        zone: wanted.zone,
        buffer_after_min: kind.buffer_after_min,
        status,
        held_until,
        client: b.client,
        companions: b.companions.clone(),
        enquiry: b.enquiry,
        arrived_at: None,
        override_reason,
        version: 1,
        history,
    };
    // Who is taken is said before a room that is.
    refuse_clash(&state, &made)?;
    made.room = room(&state, kind, &b.place, &wanted, None, forced)?;
    refuse_clash(&state, &made)?;
    events.push(Event::AppointmentMade(Box::new(made)));
    if let Some(id) = b.enquiry.filter(|_| !held) {
        let (appointment, client) = (b.id, b.client);
        events.push(Event::EnquiryConverted { id, appointment, client, by: actor.person() });
    }
    Ok(events)
}

/// An overlap is refused unless a person gave a reason, which is kept; an exact duplicate always is.
pub(super) fn refuse_clash(state: &OfficeState, made: &Appointment) -> Result<(), Refusal> {
    match clash(state, made) {
        Some(refusal) if refusal.code == RefusalCode::Duplicate => Err(refusal),
        Some(refusal) if made.override_reason.is_none() => Err(refusal),
        _ => Ok(()),
    }
}

/// A family moves its meeting as the public books: same length, no rule set aside, only to what the search offers.
fn family_may_go(
    state: &OfficeState,
    current: &Appointment,
    m: &Move,
    place: &Wanted,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if m.override_reason.is_some() || i64::from(m.place.minutes) != current.minutes() {
        return Err(RefusalCode::NotAllowed.into());
    }
    let wanted = availability::Wanted {
        kind: current.kind,
        counsellor: m.place.counsellor,
        second: None,
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
        Actor::Staff { role: Role::Counsellor, person, .. } if *person != current.counsellor => {
            return Err(RefusalCode::NotAllowed.into());
        }
        Actor::Staff { .. } => {}
        Actor::System => return Err(RefusalCode::NotAllowed.into()),
    }
    if !matches!(current.status, Status::Held | Status::Booked) {
        return Err(RefusalCode::NoSuchStep.into());
    }
    if current.version != m.seen_version {
        return Err(Refusal::new(RefusalCode::StaleRev).with(m.id));
    }
    let kind = state.settings.kinds.get(&current.kind).ok_or(RefusalCode::ResourceUnavailable)?;
    let wanted = place(state, &m.place)?;
    let override_reason = reason_given("override_reason", m.override_reason.as_ref())?;
    if *actor == Actor::Family {
        family_may_go(state, current, m, &wanted, now)?;
    }
    let mut moved = current.clone();
    (moved.start, moved.end) = (wanted.start, wanted.end);
    (moved.counsellor, moved.site, moved.zone) = (m.place.counsellor, m.place.site, wanted.zone);
    moved.override_reason.clone_from(&override_reason);
    // The room that it has is kept when it is still free and at the same site.
    let keep = Place {
        room: m.place.room.or(current.room.filter(|_| current.site == m.place.site)),
        ..m.place.clone()
    };
    moved.room = None;
    refuse_clash(state, &moved)?;
    moved.room = keep.room;
    if keep.room.is_none() || clash(state, &moved).is_some_and(|r| r.code == RefusalCode::RoomTaken) {
        let free = Place { room: m.place.room, ..m.place.clone() };
        moved.room = room(state, kind, &free, &wanted, Some(m.id), override_reason.is_some())?;
    }
    refuse_clash(state, &moved)?;
    if moved == *current {
        // It is there already: no new version, and nobody is told twice.
        return Ok(Vec::new());
    }
    Ok(vec![Event::AppointmentMoved {
        id: m.id,
        start: moved.start,
        end: moved.end,
        counsellor: moved.counsellor,
        site: moved.site,
        zone: wanted.zone,
        room: moved.room,
        override_reason,
        by: actor.person(),
        at: now,
    }])
}
