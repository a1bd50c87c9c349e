//! The grid of days, without any I/O: columns, open stretches, absences, what is free, which meetings to draw.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{self, DutySpan, Search};
use passerelle_domain::client::Client;
use passerelle_domain::ids::{ClientId, PersonId, RoomId, SiteId};
use passerelle_domain::office::{Absence, AppointmentKind, OfficeSettings, Room, SiteKind};
use passerelle_domain::people::Person;
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::slots::{AbsenceRow, Agenda, AgendaIndex, ClosedReason, DayPlan, Window, openings_on};
use uuid::Uuid;

use super::dto::{AbsenceStretch, ApiError, AppointmentView, DayColumn, DayTodo, DayView, OpenStretch};
use super::views::{Viewer, counsellors_in_order, day_bounds, is_usual, kinds_in_order};

/// The least that is drawn: 8:30 to 18:00.
const FROM_MIN: u16 = 8 * 60 + 30;
const TO_MIN: u16 = 18 * 60;

/// A meeting to draw; the second part is the conflict of one that central refused.
pub(super) type Drawn = (Appointment, Option<String>);

/// Some days in a row, over one index of the agenda.
pub(super) struct Days<'v> {
    viewer: &'v Viewer,
    around: &'v [Appointment],
    index: AgendaIndex<Uuid>,
    /// Zone of the main site: the days and minutes drawn are its own.
    zone: Tz,
    /// How many meetings of the shortest usual kind still fit, by civil day at their own site.
    free: BTreeMap<(NaiveDate, PersonId), u32>,
    /// Permanences of all the days.
    duty: Vec<DutySpan>,
}

impl<'v> Days<'v> {
    /// `around` are the meetings of the days and of their neighbours.
    ///
    /// # Errors
    /// `bad_date` outside the years that the agenda knows; `unreadable_settings`.
    pub(super) fn new(
        viewer: &'v Viewer,
        from: NaiveDate,
        to: NaiveDate,
        around: &'v [Appointment],
    ) -> Result<Self, ApiError> {
        let settings = &viewer.settings;
        let bad_date = |_| ApiError::new("bad_date").with(serde_json::json!({ "value": from }));
        let window = Window::new(from, to).map_err(bad_date)?;
        let index = AgendaIndex::build(&availability::agenda(settings, around, viewer.now), window)
            .map_err(|e| unreadable(e.to_string()))?;
        let mut free = BTreeMap::new();
        for slot in usual_slots(viewer, from, to, around) {
            let day = slot.start.with_timezone(&settings.zone_of(slot.site)).date_naive();
            *free.entry((day, slot.counsellor)).or_insert(0) += 1;
        }
        let zone = settings.main_site().map_or(settings.office.zone, |s| s.zone);
        let duty = availability::duty_between(settings, from, to);
        Ok(Self { viewer, around, index, zone, free, duty })
    }

    /// Zone of the main site.
    pub(super) fn zone(&self) -> Tz {
        self.zone
    }

    /// One of the days.
    ///
    /// # Errors
    /// `unreadable_settings` for a date that is not one of them.
    pub(super) fn day(&self, date: NaiveDate) -> Result<Day<'_>, ApiError> {
        let plan = openings_on(&self.index, date).map_err(|e| unreadable(e.to_string()))?;
        Ok(Day { days: self, date, plan })
    }
}

fn unreadable(detail: String) -> ApiError {
    ApiError { detail: Some(detail), ..ApiError::new("unreadable_settings") }
}

/// The free slots of the shortest usual kind, where families are received: what is counted is what is offered.
pub(super) fn usual_slots(
    viewer: &Viewer,
    from: NaiveDate,
    to: NaiveDate,
    around: &[Appointment],
) -> Vec<FreeSlot> {
    let kinds = kinds_in_order(&viewer.settings);
    let shortest = kinds.iter().filter(|k| is_usual(k)).min_by_key(|k| (k.duration_min, k.rank));
    shortest.map(|kind| slots_of(viewer, kind, (from, to), around)).unwrap_or_default()
}

fn slots_of(
    viewer: &Viewer,
    kind: &AppointmentKind,
    (from, to): (NaiveDate, NaiveDate),
    around: &[Appointment],
) -> Vec<FreeSlot> {
    let mut search = Search::staff(kind.id, from, to);
    search.sites = Some(availability::receiving_sites(&viewer.settings, None));
    availability::free_slots(&viewer.settings, around, &search, viewer.now, |_| true)
}

/// The day without its meetings' views, and the meetings to show. `around` are the meetings of the day and its
/// neighbours.
///
/// # Errors
/// Those of [`Days::new`].
pub(super) fn draw(
    viewer: &Viewer,
    date: NaiveDate,
    around: &[Appointment],
) -> Result<(DayView, Vec<Drawn>), ApiError> {
    let days = Days::new(viewer, date, date, around)?;
    let day = days.day(date)?;
    let view = DayView {
        date,
        zone: days.zone.name().to_owned(),
        from_min: FROM_MIN,
        to_min: TO_MIN,
        closed: day.closed(),
        holiday: super::settings::school_holiday(&viewer.settings, date),
        columns: day.columns(),
        blocks: Vec::new(),
        waiting: Vec::new(),
        received: Vec::new(),
        walk_ins: Vec::new(),
        missing: Vec::new(),
        todo: DayTodo::default(),
    };
    let meetings = day.meetings();
    Ok((view, meetings))
}

/// The views of the meetings to draw.
pub(super) fn blocks(
    viewer: &Viewer,
    meetings: &[Drawn],
    clients: &HashMap<ClientId, Client>,
) -> Vec<AppointmentView> {
    let of = |a: &Appointment| a.client.and_then(|c| clients.get(&c));
    let view = |(a, conflict): &Drawn| match conflict {
        Some(conflict) => viewer.refused(a, conflict, of(a)),
        None => viewer.appointment(a, of(a)),
    };
    meetings.iter().map(view).collect()
}

/// Widens the hours drawn to everything that is there, in whole quarters.
pub(super) fn widen(view: &mut DayView) {
    let (from, to) = hours(&view.columns, &view.blocks);
    view.from_min = from;
    view.to_min = to;
}

/// The first and last minute worth drawing, in whole quarters: the usual hours, and everything that is there.
pub(super) fn hours<'a>(
    columns: impl IntoIterator<Item = &'a DayColumn>,
    blocks: impl IntoIterator<Item = &'a AppointmentView>,
) -> (u16, u16) {
    let open = columns.into_iter().flat_map(|c| &c.open).map(|o| (o.from_min, o.to_min));
    let blocks = blocks.into_iter().map(|b| (b.from_min, b.to_min));
    let (mut from, mut to) = (FROM_MIN, TO_MIN);
    for (first, last) in open.chain(blocks) {
        from = from.min(first);
        to = to.max(last);
    }
    (from - from % 15, to.div_ceil(15) * 15)
}

/// One date of [`Days`].
pub(super) struct Day<'d> {
    days: &'d Days<'d>,
    date: NaiveDate,
    /// Openings, absences and closures of the date, as the engine reads them.
    pub(super) plan: DayPlan<Uuid>,
}

impl Day<'_> {
    fn settings(&self) -> &OfficeSettings {
        &self.days.viewer.settings
    }

    /// Why the main site does not receive ("Armistice de 1918", "Fermeture").
    pub(super) fn closed(&self) -> Option<String> {
        let main = self.settings().main_site()?.id.0;
        let (_, why) = self.plan.closed.iter().find(|(site, _)| *site == main)?;
        Some(match why {
            ClosedReason::PublicHoliday(holiday) => holiday.french_name().to_owned(),
            ClosedReason::Closure => "Fermeture".to_owned(),
        })
    }

    /// Meetings that begin on the date, then those that central refused and that are not there in their own right.
    pub(super) fn meetings(&self) -> Vec<Drawn> {
        let on_date = |a: &Appointment| a.start.with_timezone(&a.zone).date_naive() == self.date;
        let mut drawn: Vec<Drawn> =
            self.days.around.iter().filter(|a| on_date(a)).map(|a| (a.clone(), None)).collect();
        for conflict in &self.days.viewer.open_conflicts {
            if let Some(mine) = conflict.mine.as_ref().filter(|m| on_date(m))
                && !drawn.iter().any(|(a, _)| a.id == mine.id)
            {
                drawn.push((mine.clone(), Some(conflict.id.clone())));
            }
        }
        drawn.sort_by_key(|(a, _)| (a.start, a.counsellor, a.id));
        drawn
    }

    fn columns(&self) -> Vec<DayColumn> {
        let counsellors = counsellors_in_order(self.settings());
        let mut columns: Vec<DayColumn> = counsellors.into_iter().map(|p| self.column(p)).collect();
        columns.extend(self.rooms().into_iter().map(|(room, kind)| DayColumn {
            id: room.id.to_string(),
            kind: "room".to_owned(),
            name: room.name.clone(),
            place: Some(format!("{} place{}", room.seats, if room.seats > 1 { "s" } else { "" })),
            free: self.free_in_room(room.id, kind),
            open: self.open_at(room.site),
            absences: Vec::new(),
        }));
        columns
    }

    /// The column of one person.
    pub(super) fn column(&self, person: &Person) -> DayColumn {
        DayColumn {
            id: person.id.to_string(),
            kind: "counsellor".to_owned(),
            name: person.short_name(),
            place: person.usual_place.clone(),
            free: self.days.free.get(&(self.date, person.id)).copied().unwrap_or(0),
            open: self.open_of(person.id),
            absences: self.absences_of(person.id),
        }
    }

    /// Rooms that a group kind asks for, with that kind.
    fn rooms(&self) -> Vec<(&Room, &AppointmentKind)> {
        let settings = self.settings();
        let kinds = kinds_in_order(settings);
        let main = settings.main_site().map(|s| s.id);
        let group_kind = |room: &Room| {
            kinds
                .iter()
                .find(|k| k.capacity > 1 && k.room_kind.as_deref() == Some(room.kind.as_str()))
                .copied()
        };
        let mut rooms: Vec<_> =
            settings.rooms.values().filter_map(|r| group_kind(r).map(|kind| (r, kind))).collect();
        rooms.sort_by_key(|(r, _)| (Some(r.site) != main, r.rank, r.name.clone(), r.id));
        rooms
    }

    /// How many group sessions still fit one after the other, whoever holds them.
    fn free_in_room(&self, room: RoomId, kind: &AppointmentKind) -> u32 {
        let mut until = DateTime::<Utc>::MIN_UTC;
        let mut count = 0;
        let slots = slots_of(self.days.viewer, kind, (self.date, self.date), self.days.around);
        for slot in slots.iter().filter(|s| s.room == Some(room)) {
            if slot.start >= until {
                until = slot.end;
                count += 1;
            }
        }
        count
    }

    fn open_of(&self, counsellor: PersonId) -> Vec<OpenStretch> {
        let blocks = self.plan.open.iter().filter(|o| o.counsellor == counsellor.0);
        let mut open: Vec<OpenStretch> =
            blocks.filter_map(|o| self.stretch(SiteId(o.site), o.start, o.end)).collect();
        let duty = self.days.duty.iter().filter(|d| d.counsellor == counsellor);
        open.extend(
            duty.filter_map(|d| Some(OpenStretch { duty: true, ..self.stretch(d.site, d.start, d.end)? })),
        );
        open.sort_by_key(|o| (o.from_min, o.to_min));
        open
    }

    /// When anybody receives at a site: a group can be held there then.
    fn open_at(&self, site: SiteId) -> Vec<OpenStretch> {
        let mut spans: Vec<_> =
            self.plan.open.iter().filter(|o| o.site == site.0).map(|o| (o.start, o.end)).collect();
        spans.sort_unstable();
        let mut united: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
        for (start, end) in spans {
            match united.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => united.push((start, end)),
            }
        }
        united.into_iter().filter_map(|(start, end)| self.stretch(site, start, end)).collect()
    }

    fn stretch(&self, site: SiteId, start: DateTime<Utc>, end: DateTime<Utc>) -> Option<OpenStretch> {
        let (from_min, to_min) = self.minutes(start, end)?;
        let school = self.settings().sites.get(&site).is_some_and(|s| s.kind == SiteKind::School);
        let site_name = self.days.viewer.site_name(site);
        Some(OpenStretch { from_min, to_min, site: site.to_string(), site_name, school, duty: false })
    }

    fn absences_of(&self, counsellor: PersonId) -> Vec<AbsenceStretch> {
        let mine = self.settings().absences.values().filter(|a| a.counsellor == counsellor);
        let mut stretches: Vec<AbsenceStretch> = mine
            .flat_map(|a| self.absence_spans(a).into_iter().map(move |span| (a, span)))
            .map(|(a, (from_min, to_min))| AbsenceStretch {
                from_min,
                to_min,
                label: a.label.clone(),
                detail: a.detail.clone(),
            })
            .collect();
        stretches.sort_by(|a, b| (a.from_min, a.to_min, &a.label).cmp(&(b.from_min, b.to_min, &b.label)));
        stretches
    }

    /// When one absence falls on the date, by the engine's own reading of it: the engine unites absences, and only one
    /// at a time keeps its label.
    fn absence_spans(&self, absence: &Absence) -> Vec<(u16, u16)> {
        let alone = Agenda {
            sites: Vec::new(),
            openings: Vec::new(),
            absences: vec![AbsenceRow {
                counsellor: absence.counsellor.0,
                zone: self.settings().office.zone,
                start: absence.start,
                end: absence.end,
                recurrence: absence.rule.clone(),
                exdates: absence.except.clone(),
            }],
            external: Vec::new(),
            appointments: Vec::new(),
            rooms: Vec::new(),
            travel: passerelle_domain::slots::Travel { default_min: 0, pairs: Vec::new() },
        };
        let plan = Window::new(self.date, self.date)
            .ok()
            .and_then(|w| AgendaIndex::build(&alone, w).ok())
            .and_then(|index| openings_on(&index, self.date).ok());
        let spans = plan.map(|p| p.absent).unwrap_or_default();
        spans.iter().filter_map(|s| self.minutes(s.start, s.end)).collect()
    }

    /// Minutes of the date in the zone of the main site; `None` outside it.
    fn minutes(&self, start: DateTime<Utc>, end: DateTime<Utc>) -> Option<(u16, u16)> {
        let (first, last) = day_bounds(self.date, self.days.zone);
        let (start, end) = (start.max(first), end.min(last));
        let minute = |t: DateTime<Utc>| {
            let local = t.with_timezone(&self.days.zone);
            u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0)
        };
        let to = if end == last { 24 * 60 } else { minute(end) };
        (start < end).then(|| (minute(start), to))
    }
}
