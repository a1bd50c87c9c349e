//! What a competent program without an index does. Each baseline gives the same answers as the engine; the benches
//! check that before they measure.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::holidays::holiday_on;
use passerelle_domain::ids::{PersonId, RoomId, SiteId};
use passerelle_domain::office::{AppointmentKind, OfficeSettings};
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::school_holidays::school_holiday_on;
use passerelle_domain::slots::{CivilBlock, occurrences};

/// In words, for the report.
pub const SLOTS: &str = "for each day, counsellor and opening: try one start after the other, each against all openings, absences and meetings";

type Busy = (DateTime<Utc>, DateTime<Utc>);

fn instant(zone: chrono_tz::Tz, civil: NaiveDateTime) -> DateTime<Utc> {
    zone.from_local_datetime(&civil).earliest().map_or_else(|| civil.and_utc(), |t| t.to_utc())
}

fn at(zone: chrono_tz::Tz, day: NaiveDate, minute: u16) -> DateTime<Utc> {
    instant(zone, day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute.into()))
}

/// Open stretches of one counsellor on one day.
fn open(settings: &OfficeSettings, counsellor: PersonId, day: NaiveDate) -> Vec<(SiteId, Busy)> {
    let mut found = Vec::new();
    for opening in settings.openings.values().filter(|o| o.counsellor == counsellor) {
        if day < opening.first_day || opening.except.contains(&day) {
            continue;
        }
        let changed: Vec<_> = opening.overrides.iter().filter(|o| o.date == day).collect();
        let named = || !occurrences(opening.first_day, opening.rule.as_ref(), day, day).is_empty();
        let schools = settings.office.schools_zone();
        let no_school =
            || opening.term_only && schools.is_some_and(|zone| school_holiday_on(day, zone).is_some());
        let stretches: Vec<(SiteId, &[CivilBlock])> = if !changed.is_empty() {
            changed.iter().map(|o| (o.site.unwrap_or(opening.site), &o.blocks[..])).collect()
        } else if named() && !no_school() {
            vec![(opening.site, &opening.blocks[..])]
        } else {
            Vec::new()
        };
        for (site, blocks) in stretches {
            let place = &settings.sites[&site];
            let off = holiday_on(day, place.holidays).is_some() && !opening.works_on_off_days;
            if off || place.closures.contains(&day) {
                continue;
            }
            found.extend(
                blocks.iter().map(|b| (site, (at(place.zone, day, b.from), at(place.zone, day, b.to)))),
            );
        }
    }
    found.sort();
    found
}

/// What is in the way of a meeting, the end of it that comes last.
fn obstacle(
    settings: &OfficeSettings,
    meetings: &[Appointment],
    elsewhere: &[(SiteId, Busy)],
    (counsellor, site): (PersonId, SiteId),
    (start, end): Busy,
) -> Option<DateTime<Utc>> {
    let hit = |(from, to): Busy| (from < end && start < to).then_some(to);
    let zone = settings.office.zone;
    let day = start.with_timezone(&zone).date_naive();
    let travel = TimeDelta::minutes(settings.travel_min.into());
    let absences = settings.absences.values().filter(|a| a.counsellor == counsellor).filter_map(|a| {
        let days = a.end.date() - a.start.date();
        let begin = day - days - TimeDelta::days(1);
        occurrences(a.start.date(), a.rule.as_ref(), begin, day)
            .into_iter()
            .filter(|date| !a.except.contains(date))
            .find_map(|date| {
                hit((
                    instant(zone, date.and_time(a.start.time())),
                    instant(zone, (date + days).and_time(a.end.time())),
                ))
            })
    });
    let booked =
        meetings.iter().filter(|m| m.counsellor == counsellor && m.status.blocks()).filter_map(|m| {
            let way = if m.site == site { TimeDelta::zero() } else { travel };
            hit((m.start - way, m.end + TimeDelta::minutes(m.buffer_after_min.into()) + way))
        });
    let away = elsewhere.iter().filter(|(place, _)| *place != site && !travel.is_zero());
    let away = away.filter_map(|(_, (from, to))| hit((*from - travel, *to + travel)));
    absences.chain(booked).chain(away).max()
}

fn room(
    settings: &OfficeSettings,
    meetings: &[Appointment],
    kind: &AppointmentKind,
    site: SiteId,
    (start, end): Busy,
) -> Option<Option<RoomId>> {
    let Some(wanted) = &kind.room_kind else { return Some(None) };
    let mut rooms: Vec<_> = settings.rooms.values().filter(|r| r.site == site && r.kind == *wanted).collect();
    if rooms.is_empty() {
        return Some(None);
    }
    rooms.sort_by_key(|r| (r.rank, r.id));
    let taken = |room: RoomId| {
        meetings.iter().any(|m| m.room == Some(room) && m.status.blocks() && m.start < end && start < m.end)
    };
    rooms.into_iter().map(|r| r.id).find(|r| !taken(*r)).map(Some)
}

/// Every free slot between two days, one after the other in each free stretch.
pub fn slots(
    settings: &OfficeSettings,
    meetings: &[Appointment],
    kind: &AppointmentKind,
    (from, to): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Vec<FreeSlot> {
    let (length, buffer) =
        (TimeDelta::minutes(kind.duration_min.into()), TimeDelta::minutes(kind.buffer_after_min.into()));
    let mut found = Vec::new();
    for day in from.iter_days().take_while(|day| *day <= to) {
        for counsellor in settings.people.values().filter(|p| p.receives()).map(|p| p.id) {
            let today = open(settings, counsellor, day);
            for (site, (opens, closes)) in &today {
                let mut start = *opens;
                if start < now {
                    let steps = ((now - start).num_seconds() + 299) / 300;
                    start += TimeDelta::seconds(steps * 300);
                }
                while start + length <= *closes {
                    let whole = (start, start + length + buffer);
                    if let Some(free_again) = obstacle(settings, meetings, &today, (counsellor, *site), whole)
                    {
                        start = free_again;
                        continue;
                    }
                    let end = start + length;
                    if let Some(room) = room(settings, meetings, kind, *site, (start, end)) {
                        found.push(FreeSlot { start, end, counsellor, site: *site, room });
                    }
                    start = end + buffer;
                }
            }
        }
    }
    found.sort_by_key(|s| (s.start, s.site, s.counsellor, s.room));
    found
}

/// The last day of a search over so many weeks.
pub fn last(today: NaiveDate, weeks: u64) -> NaiveDate {
    today + Days::new(weeks * 7)
}
