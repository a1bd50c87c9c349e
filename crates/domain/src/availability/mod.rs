//! The bridge from an office's documents to the slot engine: search, booking check and alternatives all pass here,
//! at the desk and at central alike.

mod alternatives;
mod duty;
mod hits;
mod openings;
mod places;
mod sessions;
mod stretches;
mod warnings;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use uuid::Uuid;

pub use self::alternatives::{
    ALTERNATIVES_AFTER_DAYS, ALTERNATIVES_BEFORE_DAYS, Alternatives, alternatives, alternatives_days,
};
use self::duty::duty_rows;
pub use self::duty::{DutySpan, duty_between, is_duty};
pub use self::hits::{Hit, hits};
use self::openings::{opening_rows, site_rows};
pub use self::places::{free_room, receiving_sites, site_at};
pub use self::sessions::{SessionSeats, sessions, sessions_with_seats};
use self::stretches::Stretches;
pub use self::warnings::{Warning, public_refusal, warnings};
use crate::appointment::Appointment;
use crate::ids::{AppointmentId, ClientId, KindId, PersonId, RoomId, SiteId};
use crate::office::{AppointmentKind, OfficeSettings};
use crate::refusal::FreeSlot;
use crate::slots::{
    AbsenceRow, Agenda, AgendaIndex, AppointmentRow, KindRules, Mode, Query, RoomRow, Slot, Travel,
    search_where,
};

/// The rows of the engine, from an office's documents. Permanences are not among the openings: they are never offered;
/// [`duty_rows`] says whose time they take. `now` (UTC) says which proposals have had their hour: they take no time any
/// more, whether or not central has been able to say so.
#[must_use]
pub fn agenda<'a>(
    settings: &OfficeSettings,
    appointments: impl IntoIterator<Item = &'a Appointment>,
    now: DateTime<Utc>,
) -> Agenda<Uuid> {
    rows_of(settings, appointments, None, now)
}

/// As [`agenda`]; of the days without school only those that can matter to these dates, when some are said.
fn rows_of<'a>(
    settings: &OfficeSettings,
    appointments: impl IntoIterator<Item = &'a Appointment>,
    dates: Option<(NaiveDate, NaiveDate)>,
    now: DateTime<Utc>,
) -> Agenda<Uuid> {
    let online = |kind: KindId| settings.kinds.get(&kind).is_some_and(|k| k.online);
    Agenda {
        sites: site_rows(settings),
        openings: opening_rows(settings, dates, |o| !o.duty),
        absences: settings
            .absences
            .values()
            .map(|a| AbsenceRow {
                counsellor: a.counsellor.0,
                zone: settings.office.zone,
                start: a.start,
                end: a.end,
                recurrence: a.rule.clone(),
                exdates: a.except.clone(),
            })
            .collect(),
        external: Vec::new(),
        appointments: appointments
            .into_iter()
            .map(|a| AppointmentRow {
                id: a.id.0,
                counsellor: a.counsellor.0,
                second: a.second.map(|second| second.0),
                // Nobody travels to a meeting by video or telephone.
                site: (settings.sites.contains_key(&a.site) && !online(a.kind)).then_some(a.site.0),
                start: a.start,
                end: a.end,
                blocking: a.takes_time(now),
                buffer_after_min: a.buffer_after_min,
                room: a.room.filter(|r| settings.rooms.contains_key(r)).map(|r| r.0),
            })
            .collect(),
        rooms: settings
            .rooms
            .values()
            .filter(|r| settings.sites.contains_key(&r.site))
            .map(|r| RoomRow { id: r.id.0, site: r.site.0, kind: r.kind.clone(), rank: r.rank })
            .collect(),
        travel: Travel {
            default_min: settings.travel_min,
            pairs: settings.travel.iter().map(|t| (t.a.0, t.b.0, t.minutes)).collect(),
        },
    }
}

/// As [`agenda`], with the time that permanences take between two civil days, both included.
#[must_use]
pub fn agenda_between<'a>(
    settings: &OfficeSettings,
    appointments: impl IntoIterator<Item = &'a Appointment>,
    (from, to): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Agenda<Uuid> {
    let mut rows = rows_of(settings, appointments, Some((from, to)), now);
    rows.appointments.extend(duty_rows(settings, from, to));
    rows
}

/// What the engine asks of a kind, with another length if a person chose one. A site without any room of the kind
/// lends what it has, so the room only binds where such rooms exist; that is decided for each site by the caller.
#[must_use]
pub fn kind_rules(kind: &AppointmentKind, minutes: Option<u32>) -> KindRules {
    KindRules {
        duration_min: minutes.unwrap_or(kind.duration_min),
        buffer_after_min: kind.buffer_after_min,
        min_notice_min: kind.min_notice_min,
        horizon_days: kind.horizon_days,
        room_kind: kind.room_kind.clone(),
    }
}

/// Civil dates (both included) for which appointments must be loaded to search from `from` to `to`: a day more on both
/// sides, because a meeting or a journey may reach over midnight.
#[must_use]
pub fn days_to_load(from: NaiveDate, to: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = |d: NaiveDate| d.and_time(chrono::NaiveTime::MIN).and_utc();
    (midnight(from) - Duration::days(2), midnight(to) + Duration::days(3))
}

/// What is searched.
#[derive(Debug, Clone)]
pub struct Search {
    /// Kind.
    pub kind: KindId,
    /// Another length than the kind's.
    pub minutes: Option<u32>,
    /// First civil day.
    pub from: NaiveDate,
    /// Last civil day, included.
    pub to: NaiveDate,
    /// Only these counsellors.
    pub counsellors: Option<Vec<PersonId>>,
    /// Only when this one is free as well, at the same site: a meeting held by two.
    pub second: Option<PersonId>,
    /// Only these sites.
    pub sites: Option<Vec<SiteId>>,
    /// Slots one after the other, or every step of the wall clock.
    pub mode: Mode,
    /// The meeting that is being moved: it does not block itself and keeps its length.
    pub moving: Option<AppointmentId>,
    /// Notice and horizon bind.
    pub public: bool,
    /// The first so many.
    pub limit: Option<usize>,
}

impl Search {
    /// The staff's search of one kind between two days, one slot after the other.
    #[must_use]
    pub const fn staff(kind: KindId, from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            kind,
            minutes: None,
            from,
            to,
            counsellors: None,
            second: None,
            sites: None,
            mode: Mode::Chained,
            moving: None,
            public: false,
            limit: None,
        }
    }
}

/// The free slots of a search that `keep` accepts. An unknown kind, or dates that make no sense, give none.
/// `appointments` are those of [`days_to_load`].
pub fn free_slots<'a>(
    settings: &OfficeSettings,
    appointments: impl IntoIterator<Item = &'a Appointment>,
    wanted: &Search,
    now: DateTime<Utc>,
    keep: impl FnMut(&FreeSlot) -> bool,
) -> Vec<FreeSlot> {
    // A kind that is no longer offered cannot be booked; a meeting that is of it can still be moved.
    let offered = |k: &&AppointmentKind| k.active || wanted.moving.is_some();
    match settings.kinds.get(&wanted.kind).filter(offered) {
        Some(kind) => free_slots_of(settings, appointments, wanted, kind, now, keep),
        None => Vec::new(),
    }
}

fn free_slots_of<'a>(
    settings: &OfficeSettings,
    appointments: impl IntoIterator<Item = &'a Appointment>,
    wanted: &Search,
    kind: &AppointmentKind,
    now: DateTime<Utc>,
    mut keep: impl FnMut(&FreeSlot) -> bool,
) -> Vec<FreeSlot> {
    let mut found = Vec::new();
    let mut stretches = Stretches::new(settings, appointments.into_iter().collect(), wanted, now);
    // A stretch is indexed when it is asked for: not once there is enough.
    while wanted.limit.is_none_or(|limit| found.len() < limit)
        && let Some(index) = stretches.next()
    {
        let limit = wanted.limit.map(|limit| limit.saturating_sub(found.len()));
        let part = Search { from: index.window().from(), to: index.window().to(), limit, ..wanted.clone() };
        found.extend(slots_in(settings, &index, &part, kind, now, &mut keep));
    }
    found
}

/// The free slots of the dates that are indexed.
fn slots_in(
    settings: &OfficeSettings,
    index: &AgendaIndex<Uuid>,
    wanted: &Search,
    kind: &AppointmentKind,
    now: DateTime<Utc>,
    mut keep: impl FnMut(&FreeSlot) -> bool,
) -> Vec<FreeSlot> {
    let query = Query {
        from: wanted.from,
        to: wanted.to,
        mode: wanted.mode,
        counsellors: wanted.counsellors.as_ref().map(|c| c.iter().map(|c| c.0).collect()),
        together: wanted.second.map(|second| second.0),
        sites: wanted.sites.as_ref().map(|s| s.iter().map(|s| s.0).collect()),
        reschedule_of: wanted.moving.map(|a| a.0),
        public: wanted.public,
        limit: wanted.limit,
    };
    // Sites without rooms of the kind (schools) are searched without asking for a room.
    let rules = kind_rules(kind, wanted.minutes);
    let Some(room_kind) = rules.room_kind.clone() else {
        return search_where(index, &rules, &query, now, |s| keep(&free(s)))
            .unwrap_or_default()
            .iter()
            .map(free)
            .collect();
    };
    let equipped = |s: &Uuid| settings.rooms.values().any(|r| r.site.0 == *s && r.kind == room_kind);
    let all: Vec<Uuid> = settings.sites.keys().map(|s| s.0).collect();
    let asked = query.sites.clone().unwrap_or(all);
    let (with, without): (Vec<Uuid>, Vec<Uuid>) = asked.into_iter().partition(equipped);
    let mut found = Vec::new();
    for (sites, rules) in [(with, rules.clone()), (without, KindRules { room_kind: None, ..rules })] {
        if sites.is_empty() {
            continue;
        }
        let part = Query { sites: Some(sites), ..query.clone() };
        let slots = search_where(index, &rules, &part, now, |s| keep(&free(s))).unwrap_or_default();
        found.extend(slots.iter().map(free));
    }
    found.sort_by_key(|s| (s.start, s.site, s.counsellor, s.room));
    if let Some(limit) = wanted.limit {
        found.truncate(limit);
    }
    found
}

fn free(slot: &Slot<Uuid>) -> FreeSlot {
    FreeSlot {
        start: slot.start,
        end: slot.end,
        counsellor: PersonId(slot.counsellor),
        site: SiteId(slot.site),
        room: slot.room.map(RoomId),
    }
}
/// A place that somebody wants.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Kind.
    pub kind: KindId,
    /// With whom.
    pub counsellor: PersonId,
    /// Together with whom, when two hold it.
    pub second: Option<PersonId>,
    /// Where.
    pub site: SiteId,
    /// UTC.
    pub start: DateTime<Utc>,
    /// Length.
    pub minutes: u32,
    /// In which room.
    pub room: Option<RoomId>,
    /// For whom.
    pub client: Option<ClientId>,
    /// The meeting that is being moved.
    pub moving: Option<AppointmentId>,
}
