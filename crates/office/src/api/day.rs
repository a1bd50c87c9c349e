//! The grid of one day, without any I/O: columns, open stretches, absences, what is free, which meetings to draw.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{self, Search};
use passerelle_domain::ids::{PersonId, RoomId, SiteId};
use passerelle_domain::office::{Absence, AppointmentKind, OfficeSettings, Room, SiteKind};
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::slots::{AbsenceRow, Agenda, AgendaIndex, ClosedReason, DayPlan, Window, openings_on};
use uuid::Uuid;

use super::dto::{AbsenceStretch, ApiError, DayColumn, DayTodo, DayView, OpenStretch};
use super::views::{Viewer, counsellors_in_order, day_bounds, kinds_in_order};

/// The least that is drawn: 8:30 to 18:00.
const FROM_MIN: u16 = 8 * 60 + 30;
const TO_MIN: u16 = 18 * 60;

/// A meeting to draw; the second part is the conflict of one that central refused.
pub(super) type Drawn = (Appointment, Option<String>);

/// The day without its meetings' views, and the meetings to show. `around` are the meetings of the day and its
/// neighbours.
pub(super) fn draw(
    viewer: &Viewer,
    date: NaiveDate,
    around: &[Appointment],
) -> Result<(DayView, Vec<Drawn>), ApiError> {
    let settings = &viewer.settings;
    let bad_date = |_| ApiError::new("bad_date").with(serde_json::json!({ "value": date }));
    let window = Window::new(date, date).map_err(bad_date)?;
    let unreadable = |e: String| ApiError { detail: Some(e), ..ApiError::new("unreadable_settings") };
    let index = AgendaIndex::build(&availability::agenda(settings, around), window)
        .map_err(|e| unreadable(e.to_string()))?;
    let plan = openings_on(&index, date).map_err(|e| unreadable(e.to_string()))?;

    let main = settings.main_site();
    let zone = main.map_or(settings.office.zone, |s| s.zone);
    let closed =
        main.and_then(|m| plan.closed.iter().find(|(site, _)| *site == m.id.0)).map(|(_, why)| match why {
            ClosedReason::PublicHoliday(holiday) => holiday.french_name().to_owned(),
            ClosedReason::Closure => "Fermeture".to_owned(),
        });
    let day = Day { viewer, date, zone, plan, around };
    let view = DayView {
        date,
        zone: zone.name().to_owned(),
        from_min: FROM_MIN,
        to_min: TO_MIN,
        closed,
        columns: day.columns(),
        blocks: Vec::new(),
        waiting: Vec::new(),
        missing: Vec::new(),
        todo: DayTodo::default(),
    };
    let meetings = day.meetings();
    Ok((view, meetings))
}

/// Widens the hours drawn to everything that is there, in whole quarters.
pub(super) fn widen(view: &mut DayView) {
    let open = view.columns.iter().flat_map(|c| &c.open).map(|o| (o.from_min, o.to_min));
    let blocks = view.blocks.iter().map(|b| (b.from_min, b.to_min));
    let (mut from, mut to) = (FROM_MIN, TO_MIN);
    for (first, last) in open.chain(blocks) {
        from = from.min(first);
        to = to.max(last);
    }
    view.from_min = from - from % 15;
    view.to_min = to.div_ceil(15) * 15;
}

struct Day<'v> {
    viewer: &'v Viewer,
    date: NaiveDate,
    zone: Tz,
    plan: DayPlan<Uuid>,
    around: &'v [Appointment],
}

impl Day<'_> {
    fn settings(&self) -> &OfficeSettings {
        &self.viewer.settings
    }

    /// Meetings that begin on the date, then those that central refused and that are not there in their own right.
    fn meetings(&self) -> Vec<Drawn> {
        let on_date = |a: &Appointment| a.start.with_timezone(&a.zone).date_naive() == self.date;
        let mut drawn: Vec<Drawn> =
            self.around.iter().filter(|a| on_date(a)).map(|a| (a.clone(), None)).collect();
        for conflict in &self.viewer.open_conflicts {
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
        let settings = self.settings();
        let counsellors = counsellors_in_order(settings);
        let free = self.free_by_counsellor();
        let mut columns: Vec<DayColumn> = counsellors
            .iter()
            .map(|p| DayColumn {
                id: p.id.to_string(),
                kind: "counsellor".to_owned(),
                name: p.short_name(),
                place: p.usual_place.clone(),
                free: free.get(&p.id).copied().unwrap_or(0),
                open: self.open_of(p.id),
                absences: self.absences_of(p.id),
            })
            .collect();
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

    fn free(&self, kind: &AppointmentKind) -> Vec<FreeSlot> {
        let mut search = Search::staff(kind.id, self.date, self.date);
        // What is counted is what is offered.
        search.sites = Some(availability::receiving_sites(self.settings(), None));
        availability::free_slots(self.settings(), self.around, &search, self.viewer.now, |_| true)
    }

    fn free_by_counsellor(&self) -> BTreeMap<PersonId, u32> {
        let kinds = kinds_in_order(self.settings());
        // What the public is never offered (no horizon) and what needs a special room is not the usual meeting.
        let usual =
            |k: &&&AppointmentKind| k.capacity <= 1 && k.room_kind.is_none() && k.horizon_days != Some(0);
        let shortest = kinds.iter().filter(usual).min_by_key(|k| (k.duration_min, k.rank));
        let mut free = BTreeMap::new();
        for slot in shortest.map(|k| self.free(k)).unwrap_or_default() {
            *free.entry(slot.counsellor).or_insert(0) += 1;
        }
        free
    }

    /// How many group sessions still fit one after the other, whoever holds them.
    fn free_in_room(&self, room: RoomId, kind: &AppointmentKind) -> u32 {
        let mut until = DateTime::<Utc>::MIN_UTC;
        let mut count = 0;
        for slot in self.free(kind).iter().filter(|s| s.room == Some(room)) {
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
        let site_name = self.viewer.site_name(site);
        Some(OpenStretch { from_min, to_min, site: site.to_string(), site_name, school })
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
        let (first, last) = day_bounds(self.date, self.zone);
        let (start, end) = (start.max(first), end.min(last));
        let minute = |t: DateTime<Utc>| {
            let local = t.with_timezone(&self.zone);
            u16::try_from(local.hour() * 60 + local.minute()).unwrap_or(0)
        };
        let to = if end == last { 24 * 60 } else { minute(end) };
        (start < end).then(|| (minute(start), to))
    }
}
