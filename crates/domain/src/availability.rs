//! The bridge from an office's documents to the slot engine: search, booking check and alternatives all pass here,
//! at the desk and at central alike.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use uuid::Uuid;

use crate::appointment::Appointment;
use crate::ids::{AppointmentId, ClientId, KindId, PersonId, RoomId, SiteId};
use crate::office::{AppointmentKind, OfficeSettings};
use crate::refusal::FreeSlot;
use crate::slots::{
    AbsenceRow, Agenda, AgendaIndex, AppointmentRow, BusyCause, Candidate, ClosedReason, Finding, KindRules,
    Mode, OpeningOverride, OpeningRow, Query, RoomRow, SiteRow, Slot, Travel, Window, check, search_where,
};
use crate::state::OfficeState;

/// The rows of the engine, from an office's documents.
#[must_use]
pub fn agenda<'a>(
    settings: &OfficeSettings,
    appointments: impl IntoIterator<Item = &'a Appointment>,
) -> Agenda<Uuid> {
    let receives = |p: PersonId| settings.people.get(&p).is_some_and(|p| p.active);
    Agenda {
        sites: settings
            .sites
            .values()
            .map(|s| SiteRow {
                id: s.id.0,
                zone: s.zone,
                holiday_zone: s.holidays,
                closures: s.closures.clone(),
            })
            .collect(),
        openings: settings
            .openings
            .values()
            .filter(|o| receives(o.counsellor) && settings.sites.contains_key(&o.site))
            .map(|o| OpeningRow {
                counsellor: o.counsellor.0,
                site: o.site.0,
                first_day: o.first_day,
                blocks: o.blocks.clone(),
                recurrence: o.rule.clone(),
                exdates: o.except.clone(),
                overrides: o
                    .overrides
                    .iter()
                    .filter(|d| d.site.is_none_or(|s| settings.sites.contains_key(&s)))
                    .map(|d| OpeningOverride {
                        date: d.date,
                        blocks: d.blocks.clone(),
                        site: d.site.map(|s| s.0),
                    })
                    .collect(),
                works_on_off_days: o.works_on_off_days,
            })
            .collect(),
        absences: settings
            .absences
            .values()
            .map(|a| AbsenceRow {
                counsellor: a.counsellor.0,
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
                site: settings.sites.contains_key(&a.site).then_some(a.site.0),
                start: a.start,
                end: a.end,
                blocking: a.status.blocks(),
                buffer_after_min: a.buffer_after_min,
                room: a.room.filter(|r| settings.rooms.contains_key(r)).map(|r| r.0),
            })
            .collect(),
        rooms: settings
            .rooms
            .values()
            .map(|r| RoomRow { id: r.id.0, site: r.site.0, kind: r.kind.clone(), rank: r.rank })
            .collect(),
        travel: Travel { default_min: settings.travel_min, pairs: Vec::new() },
    }
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
    mut keep: impl FnMut(&FreeSlot) -> bool,
) -> Vec<FreeSlot> {
    let Some(kind) = settings.kinds.get(&wanted.kind) else { return Vec::new() };
    let Ok(window) = Window::new(wanted.from, wanted.to) else { return Vec::new() };
    let Ok(index) = AgendaIndex::build(&agenda(settings, appointments), window) else { return Vec::new() };
    let query = Query {
        from: wanted.from,
        to: wanted.to,
        mode: wanted.mode,
        counsellors: wanted.counsellors.as_ref().map(|c| c.iter().map(|c| c.0).collect()),
        sites: wanted.sites.as_ref().map(|s| s.iter().map(|s| s.0).collect()),
        reschedule_of: wanted.moving.map(|a| a.0),
        public: wanted.public,
        limit: wanted.limit,
    };
    // Sites without rooms of the kind (schools) are searched without asking for a room.
    let rules = kind_rules(kind, wanted.minutes);
    let Some(room_kind) = rules.room_kind.clone() else {
        return search_where(&index, &rules, &query, now, |s| keep(&free(s)))
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
        let slots = search_where(&index, &rules, &part, now, |s| keep(&free(s))).unwrap_or_default();
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

/// What is free instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alternatives {
    /// With the same person, nearest in time first chosen, shown in order of time.
    pub same_person: Vec<FreeSlot>,
    /// With colleagues.
    pub colleagues: Vec<FreeSlot>,
}

/// Days around the wanted time in which something else is looked for.
pub const ALTERNATIVES_BEFORE_DAYS: u64 = 3;
/// See [`ALTERNATIVES_BEFORE_DAYS`].
pub const ALTERNATIVES_AFTER_DAYS: u64 = 21;

/// The civil days in which alternatives to `start` are looked for.
#[must_use]
pub fn alternatives_days(
    settings: &OfficeSettings,
    start: DateTime<Utc>,
    now: DateTime<Utc>,
) -> (NaiveDate, NaiveDate) {
    let today = settings.local_date(now);
    let day = settings.local_date(start).max(today);
    let from = day.checked_sub_days(Days::new(ALTERNATIVES_BEFORE_DAYS)).unwrap_or(day).max(today);
    let to = day.checked_add_days(Days::new(ALTERNATIVES_AFTER_DAYS)).unwrap_or(day);
    (from, to)
}

/// The `n` nearest free slots with the same person and the `n` nearest with colleagues, around the wanted time.
/// `appointments` are those of [`alternatives_days`], widened by [`days_to_load`].
#[must_use]
pub fn alternatives(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    now: DateTime<Utc>,
    n: usize,
) -> Alternatives {
    let (from, to) = alternatives_days(settings, wanted.start, now);
    let end = wanted.start + Duration::minutes(i64::from(wanted.minutes));
    let mut query = Search::staff(wanted.kind, from, to);
    query.minutes = Some(wanted.minutes);
    query.moving = wanted.moving.filter(|m| appointments.iter().any(|a| a.id == *m));
    // The client may be with somebody else at that time.
    let client_free = |s: &FreeSlot| {
        wanted.client.is_none()
            || !appointments.iter().any(|a| {
                a.client == wanted.client
                    && Some(a.id) != wanted.moving
                    && a.status.blocks()
                    && a.start < s.end
                    && s.start < a.end
            })
    };
    let not_wanted = |s: &FreeSlot| {
        !(s.counsellor == wanted.counsellor && s.start == wanted.start && s.end == end) && client_free(s)
    };
    let all = free_slots(settings, appointments.iter().copied(), &query, now, not_wanted);
    let nearest = |same: bool| {
        let mut group: Vec<FreeSlot> =
            all.iter().filter(|s| (s.counsellor == wanted.counsellor) == same).cloned().collect();
        group.sort_by_key(|s| ((s.start - wanted.start).abs(), s.start, s.counsellor));
        group.truncate(n);
        group.sort_by_key(|s| (s.start, s.counsellor));
        group
    };
    Alternatives { same_person: nearest(true), colleagues: nearest(false) }
}

impl Alternatives {
    /// `n` in all: the same person's first, colleagues' to fill up.
    #[must_use]
    pub fn first(&self, n: usize) -> Vec<FreeSlot> {
        self.same_person.iter().chain(&self.colleagues).take(n).cloned().collect()
    }
}

/// Something that a person may know better; it never refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// "past", "absence", "outside_opening", "external", "travel", "gap_too_short", "holiday", "closure",
    /// "same_kind_same_day".
    pub code: &'static str,
    /// The name of a holiday, of an absence, of another site.
    pub about: Option<String>,
    /// From, UTC.
    pub from: Option<DateTime<Utc>>,
    /// To, UTC.
    pub to: Option<DateTime<Utc>>,
}

/// Everything that a person should see before the last step. `appointments` are those of that day and its neighbours.
/// What is impossible is not among them: that is [`crate::decide()`]'s to say.
#[must_use]
pub fn warnings(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Vec<Warning> {
    let plain = |code| Warning { code, about: None, from: None, to: None };
    let mut out = Vec::new();
    let Some(kind) = settings.kinds.get(&wanted.kind) else { return out };
    let day = wanted.start.with_timezone(&settings.zone_of(wanted.site)).date_naive();
    let index = Window::new(day, day)
        .ok()
        .and_then(|w| AgendaIndex::build(&agenda(settings, appointments.iter().copied()), w).ok());
    let candidate = Candidate {
        counsellor: wanted.counsellor.0,
        site: wanted.site.0,
        start: wanted.start,
        end: Some(wanted.start + Duration::minutes(i64::from(wanted.minutes))),
        room: None,
        reschedule_of: wanted.moving.filter(|m| appointments.iter().any(|a| a.id == *m)).map(|a| a.0),
    };
    let rules = KindRules { room_kind: None, ..kind_rules(kind, Some(wanted.minutes)) };
    let checked = index.and_then(|i| check(&i, &rules, &candidate, now, false).ok());
    for finding in checked.map(|c| c.findings).unwrap_or_default() {
        let (from, to) = match &finding {
            Finding::Busy { start, end, .. } => (Some(*start), Some(*end)),
            _ => (None, None),
        };
        let warning = match finding {
            Finding::Past => plain("past"),
            Finding::OutsideOpening => plain("outside_opening"),
            Finding::Closed { reason, .. } => match reason {
                ClosedReason::PublicHoliday(holiday) => {
                    Warning { about: Some(holiday.french_name().to_owned()), ..plain("holiday") }
                }
                ClosedReason::Closure => plain("closure"),
            },
            Finding::Busy { cause, overlap, .. } => {
                let Some((code, about)) = busy_warning(settings, appointments, wanted, &cause, overlap)
                else {
                    continue;
                };
                Warning { code, about, from, to }
            }
            Finding::Notice { .. }
            | Finding::Horizon { .. }
            | Finding::NoRoom
            | Finding::RoomTaken { .. }
            | Finding::UnsuitableRoom { .. } => continue,
        };
        if !out.contains(&warning) {
            out.push(warning);
        }
    }
    // A closed day is outside every opening: said once.
    if out.iter().any(|w| w.code == "holiday" || w.code == "closure") {
        out.retain(|w| w.code != "outside_opening");
    }
    let same_day = |a: &&&Appointment| {
        a.client.is_some()
            && a.client == wanted.client
            && a.kind == wanted.kind
            && Some(a.id) != wanted.moving
            && a.status.blocks()
            && a.start.with_timezone(&a.zone).date_naive() == day
    };
    if let Some(a) = appointments.iter().find(same_day) {
        out.push(Warning { from: Some(a.start), to: Some(a.end), ..plain("same_kind_same_day") });
    }
    out
}

/// The warning about a busy time; `None` when it is an overlap with a meeting, which is refused, not warned about.
fn busy_warning(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    cause: &BusyCause<Uuid>,
    overlap: crate::slots::Overlap,
) -> Option<(&'static str, Option<String>)> {
    use crate::slots::Overlap;
    let site_name = |id: Uuid| settings.sites.get(&SiteId(id)).map(|s| s.name.clone());
    Some(match cause {
        BusyCause::Absence => {
            let zone = settings.office.zone;
            let local = |t: DateTime<Utc>| t.with_timezone(&zone).naive_local();
            let (from, to) =
                (local(wanted.start), local(wanted.start + Duration::minutes(i64::from(wanted.minutes))));
            let label = settings
                .absences
                .values()
                .filter(|a| a.counsellor == wanted.counsellor)
                .find(|a| a.rule.is_some() || (a.start < to && from < a.end))
                .map(|a| a.label.clone());
            ("absence", label)
        }
        BusyCause::External => ("external", None),
        BusyCause::Appointment(id) => match overlap {
            Overlap::Meeting => return None,
            Overlap::Travel => {
                let other = appointments.iter().find(|a| a.id.0 == *id).and_then(|a| site_name(a.site.0));
                ("travel", other)
            }
            _ => ("gap_too_short", None),
        },
        BusyCause::OpeningElsewhere(site) => ("travel", site_name(*site)),
    })
}

/// The first room of a kind that is free for the whole time, by rank, then id.
#[must_use]
pub fn free_room(
    state: &OfficeState,
    site: SiteId,
    kind: &str,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    moving: Option<AppointmentId>,
) -> Option<RoomId> {
    let mut rooms: Vec<_> =
        state.settings.rooms.values().filter(|r| r.site == site && r.kind == kind).collect();
    rooms.sort_by_key(|r| (r.rank, r.id));
    let taken = |room: RoomId| {
        state.appointments.values().any(|a| {
            a.room == Some(room)
                && Some(a.id) != moving
                && a.status.blocks()
                && a.start < end
                && start < a.end
        })
    };
    rooms.into_iter().map(|r| r.id).find(|r| !taken(*r))
}

/// Where a counsellor is at that time: the site of the opening that holds it, else of an opening that day, else the
/// office's main site.
#[must_use]
pub fn site_at(
    settings: &OfficeSettings,
    counsellor: PersonId,
    local: chrono::NaiveDateTime,
) -> Option<SiteId> {
    let main = settings.main_site().map(|s| s.id);
    let window = Window::new(local.date(), local.date()).ok()?;
    let index = AgendaIndex::build(&agenda(settings, []), window).ok()?;
    let plan = crate::slots::openings_on(&index, local.date()).ok()?;
    let mine = || plan.open.iter().filter(|o| o.counsellor == counsellor.0);
    let holds = |o: &&crate::slots::OpenBlock<Uuid>| {
        let zone = settings.zone_of(SiteId(o.site));
        let from = o.start.with_timezone(&zone).naive_local();
        let to = o.end.with_timezone(&zone).naive_local();
        from <= local && local < to
    };
    let found = mine().find(holds).or_else(|| mine().next()).map(|o| SiteId(o.site));
    found.or(main)
}
