//! Booking, proposing, moving and ending appointments.

use chrono::{DateTime, Duration, Utc};

use crate::appointment::{
    Appointment, Companion, HistoryEntry, HistoryFact, Status, StatusRefusal, check_step,
};
use crate::availability;
use crate::command::{Book, Move, Place, SetStatus};
use crate::event::Event;
use crate::ids::{AppointmentId, ClientId, EnquiryId, RoomId};
use crate::office::{AppointmentKind, instant};
use crate::people::{Actor, Role};
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

/// No meeting is longer than a day.
const LONGEST_MIN: u32 = 24 * 60;

struct Wanted {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    zone: chrono_tz::Tz,
}

fn place(state: &OfficeState, p: &Place) -> Result<Wanted, Refusal> {
    let settings = &state.settings;
    let site = settings.sites.get(&p.site).ok_or(RefusalCode::ResourceUnavailable)?;
    let person = settings.people.get(&p.counsellor).ok_or(RefusalCode::ResourceUnavailable)?;
    let receives = person.active && matches!(person.role, Role::Counsellor | Role::Director);
    let room_fits = p.room.is_none_or(|r| settings.rooms.get(&r).is_some_and(|r| r.site == p.site));
    if !receives || !room_fits {
        return Err(RefusalCode::ResourceUnavailable.into());
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
fn clash(state: &OfficeState, wanted: &Appointment) -> Option<Refusal> {
    let others = || state.appointments.values().filter(|a| a.id != wanted.id && a.overlaps(wanted));
    // In a group session the counsellor and the room are the session's; seats are counted instead.
    let kind = state.settings.kinds.get(&wanted.kind);
    let capacity = kind.map_or(1, |k| k.capacity) as usize;
    let same_session = |a: &&Appointment| {
        capacity > 1 && a.kind == wanted.kind && a.start == wanted.start && a.counsellor == wanted.counsellor
    };
    if let Some(a) = others().find(|a| a.client.is_some() && a.client == wanted.client) {
        let same = a.start == wanted.start && a.counsellor == wanted.counsellor && a.kind == wanted.kind;
        let code = if same { RefusalCode::Duplicate } else { RefusalCode::ClientBusy };
        return Some(Refusal::new(code).with(a.id));
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
            && a.counsellor == p.counsellor
            && a.start == w.start
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

fn reason_given(reason: Option<&String>) -> Option<String> {
    reason.map(|r| r.trim().to_owned()).filter(|r| !r.is_empty())
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
    let wanted = place(state, &b.place)?;
    let override_reason = reason_given(b.override_reason.as_ref());
    let status = if held { Status::Held } else { Status::Booked };
    let default_hold = now + Duration::minutes(i64::from(state.settings.office.hold_min));
    let mut history =
        vec![HistoryEntry { at: now, by: actor.person(), what: HistoryFact::Created { status } }];
    if let Some(reason) = &override_reason {
        let what = HistoryFact::Overridden { reason: reason.clone() };
        history.push(HistoryEntry { at: now, by: actor.person(), what });
    }
    let made = Appointment {
        id: b.id,
        kind: b.kind,
        counsellor: b.place.counsellor,
        site: b.place.site,
        room: room(state, kind, &b.place, &wanted, None, override_reason.is_some())?,
        start: wanted.start,
        end: wanted.end,
        zone: wanted.zone,
        buffer_after_min: kind.buffer_after_min,
        status,
        held_until: held.then(|| b.held_until.unwrap_or(default_hold)),
        client: b.client,
        companions: b.companions.clone(),
        enquiry: b.enquiry,
        arrived_at: None,
        override_reason,
        version: 1,
        history,
    };
    if made.held_until.is_some_and(|until| until <= now) {
        return Err(RefusalCode::TooLate.into());
    }
    refuse_clash(state, &made)?;
    let mut events = Vec::with_capacity(2);
    if let Some(id) = b.enquiry {
        let enquiry = state.enquiries.get(&id).ok_or(RefusalCode::NotFound)?;
        if let Some(existing) = enquiry.appointment {
            return Err(Refusal::new(RefusalCode::EnquiryAlreadyConverted).with(existing));
        }
        if !enquiry.status.open() {
            return Err(RefusalCode::EnquiryNotOpen.into());
        }
        if !held {
            let client = b.client;
            events.push(Event::EnquiryConverted { id, appointment: b.id, client, by: actor.person() });
        }
    }
    events.insert(0, Event::AppointmentMade(Box::new(made)));
    Ok(events)
}

/// An overlap is refused unless a person gave a reason, which is kept; an exact duplicate always is.
fn refuse_clash(state: &OfficeState, made: &Appointment) -> Result<(), Refusal> {
    match clash(state, made) {
        Some(refusal) if refusal.code == RefusalCode::Duplicate => Err(refusal),
        Some(refusal) if made.override_reason.is_none() => Err(refusal),
        _ => Ok(()),
    }
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
            let limit = current.start - Duration::days(2);
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
    let override_reason = reason_given(m.override_reason.as_ref());
    let mut moved = current.clone();
    (moved.start, moved.end) = (wanted.start, wanted.end);
    (moved.counsellor, moved.site) = (m.place.counsellor, m.place.site);
    moved.override_reason.clone_from(&override_reason);
    // The room that it has is kept when it is still free and at the same site.
    let keep = Place {
        room: m.place.room.or(current.room.filter(|_| current.site == m.place.site)),
        ..m.place.clone()
    };
    moved.room = keep.room;
    if keep.room.is_none() || clash(state, &moved).is_some_and(|r| r.code == RefusalCode::RoomTaken) {
        let free = Place { room: m.place.room, ..m.place.clone() };
        moved.room = room(state, kind, &free, &wanted, Some(m.id), override_reason.is_some())?;
    }
    refuse_clash(state, &moved)?;
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

pub(super) fn set_status(
    state: &OfficeState,
    s: &SetStatus,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let current = state.appointments.get(&s.id).ok_or(RefusalCode::NotFound)?;
    if current.status == s.status {
        // Said twice: nothing more to do, and nothing to refuse.
        return Ok(Vec::new());
    }
    check_step(current, s.status, s.reason.as_deref(), actor, now).map_err(|why| match why {
        StatusRefusal::NoSuchStep => RefusalCode::NoSuchStep.into(),
        StatusRefusal::TooEarly(at) => Refusal::new(RefusalCode::TooEarly).limit(at),
        StatusRefusal::TooLate(at) => Refusal::new(RefusalCode::TooLate).limit(at),
        StatusRefusal::NotAllowed => RefusalCode::NotAllowed.into(),
        StatusRefusal::ReasonMissing => RefusalCode::ReasonMissing.into(),
    })?;
    if s.client.is_some_and(|c| !state.clients.contains_key(&c)) {
        return Err(RefusalCode::NotFound.into());
    }
    let mut after = current.clone();
    after.status = s.status;
    after.client = s.client.or(after.client);
    if after.status.blocks() && (!current.status.blocks() || s.client.is_some()) {
        refuse_clash(state, &after)?;
    }
    let mut events = vec![Event::AppointmentStatus {
        id: s.id,
        to: s.status,
        reason: reason_given(s.reason.as_ref()),
        client: s.client,
        by: actor.person(),
        at: now,
    }];
    if let Some(id) = current.enquiry {
        events.extend(enquiry_follows(current, id, &after, actor));
    }
    Ok(events)
}

/// Accepting converts the enquiry; cancelling gives it back to its owner.
fn enquiry_follows(before: &Appointment, id: EnquiryId, after: &Appointment, actor: &Actor) -> Option<Event> {
    let client: Option<ClientId> = after.client;
    match (before.status, after.status) {
        (Status::Held | Status::Cancelled | Status::Excused, Status::Booked) => {
            Some(Event::EnquiryConverted { id, appointment: after.id, client, by: actor.person() })
        }
        (_, Status::Cancelled) => Some(Event::EnquiryGivenBack { id }),
        _ => None,
    }
}

pub(super) fn set_companions(
    state: &OfficeState,
    id: AppointmentId,
    companions: &[Companion],
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    state.appointments.get(&id).ok_or(RefusalCode::NotFound)?;
    Ok(vec![Event::AppointmentCompanions { id, companions: companions.to_vec() }])
}
