//! A second slot search that shares nothing with the first but the written form: minute by minute, date by date,
//! as slow and as plain as possible.

use std::collections::BTreeSet;

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use passerelle_domain::holidays::{HolidayZone, holidays_between};
use passerelle_domain::slots::scenario::{AppointmentForm, RecurrenceForm, Scenario};

const PARIS: Tz = chrono_tz::Europe::Paris;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn minute_of(text: &str) -> i64 {
    let (hour, minute) = text.split_once(':').unwrap();
    hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap()
}

/// Minutes since 1970 of a civil time.
fn at(zone: Tz, civil: NaiveDateTime) -> i64 {
    let shift = TimeDelta::hours(3);
    let instant = match zone.from_local_datetime(&civil).earliest() {
        Some(instant) => instant,
        // Skipped: three hours earlier there was a time, and three hours elapse.
        None => zone.from_local_datetime(&(civil - shift)).earliest().unwrap() + shift,
    };
    instant.timestamp().div_euclid(60)
}

fn at_minute(zone: Tz, day: NaiveDate, minute: i64) -> i64 {
    at(zone, day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute))
}

fn moment(zone: Tz, text: &str) -> i64 {
    at(zone, NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap())
}

fn shown(zone: Tz, minute: i64) -> DateTime<Tz> {
    DateTime::<Utc>::from_timestamp(minute * 60, 0).unwrap().with_timezone(&zone)
}

fn days_of_month(day: NaiveDate) -> u32 {
    let next = day.with_day(1).unwrap().checked_add_months(chrono::Months::new(1)).unwrap();
    next.pred_opt().unwrap().day()
}

/// Whether a repetition from `first` names this date.
fn named(first: NaiveDate, rule: Option<&RecurrenceForm>, day: NaiveDate) -> bool {
    let Some(rule) = rule else { return day == first };
    if day < first || rule.until.as_ref().is_some_and(|until| day > date(until)) {
        return false;
    }
    let interval = rule.interval.unwrap_or(1);
    let code = |day: NaiveDate| {
        ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][day.weekday().num_days_from_monday() as usize]
    };
    match rule.freq.as_str() {
        "DAILY" => (day - first).num_days() % interval == 0,
        "WEEKLY" => {
            let monday = |day: NaiveDate| day.week(chrono::Weekday::Mon).first_day();
            let weeks = (monday(day) - monday(first)).num_days() / 7;
            let right_day = if rule.byday.is_empty() {
                day.weekday() == first.weekday()
            } else {
                rule.byday.iter().any(|wanted| wanted == code(day))
            };
            weeks % interval == 0 && right_day
        }
        _ => {
            let months =
                i64::from(day.year() - first.year()) * 12 + i64::from(day.month()) - i64::from(first.month());
            let right_day = match &rule.bynthday {
                Some((nth, weekday)) if *nth > 0 => {
                    code(day) == weekday && i64::from((day.day() - 1) / 7 + 1) == *nth
                }
                Some((nth, weekday)) => {
                    code(day) == weekday && i64::from((days_of_month(day) - day.day()) / 7 + 1) == -nth
                }
                None => day.day() == first.day(),
            };
            months % interval == 0 && right_day
        }
    }
}

struct Town<'a> {
    scenario: &'a Scenario,
    begin: i64,
    minutes: usize,
}

impl Town<'_> {
    fn zone(&self, site: &str) -> Tz {
        self.scenario.sites[site].tz.as_ref().map_or(PARIS, |name| name.parse().unwrap())
    }

    fn mark(&self, line: &mut [bool], from: i64, to: i64) {
        for minute in from.max(self.begin)..to.min(self.begin + self.minutes as i64) {
            line[(minute - self.begin) as usize] = true;
        }
    }

    fn closed(&self, site: &str, day: NaiveDate, works: bool) -> bool {
        let form = &self.scenario.sites[site];
        let zone = match form.holiday_zone.as_deref() {
            Some("alsace-moselle") => HolidayZone::AlsaceMoselle,
            _ => HolidayZone::Metropole,
        };
        form.closures.iter().any(|closure| date(closure) == day)
            || (!works && !holidays_between(day, day, zone).is_empty())
    }

    /// Open blocks of a counsellor on a date: site, start, end.
    fn blocks(&self, counsellor: &str, day: NaiveDate) -> Vec<(String, i64, i64)> {
        let mut found = Vec::new();
        for opening in self.scenario.openings.iter().filter(|opening| opening.counsellor == counsellor) {
            let first = date(&opening.first_day);
            if day < first || opening.exdates.iter().any(|exdate| date(exdate) == day) {
                continue;
            }
            let changes: Vec<_> =
                opening.overrides.iter().filter(|change| date(&change.date) == day).collect();
            let mut today: Vec<(&String, &Vec<[String; 2]>)> = Vec::new();
            if changes.is_empty() {
                if named(first, opening.rrule.as_ref(), day) {
                    today.push((&opening.site, &opening.blocks));
                }
            } else {
                today.extend(changes.iter().map(|c| (c.site.as_ref().unwrap_or(&opening.site), &c.blocks)));
            }
            for (site, blocks) in today {
                if self.closed(site, day, opening.works_on_off_days) {
                    continue;
                }
                let zone = self.zone(site);
                for [from, to] in blocks {
                    let (from, to) =
                        (at_minute(zone, day, minute_of(from)), at_minute(zone, day, minute_of(to)));
                    if from < to {
                        found.push((site.clone(), from, to));
                    }
                }
            }
        }
        found
    }

    /// One counsellor at one site, minute by minute: where the openings are, and where something takes the time.
    fn lines(
        &self,
        (counsellor, site): (&str, &str),
        (from, to): (NaiveDate, NaiveDate),
        blocking: &[(&AppointmentForm, i64, i64)],
    ) -> (Vec<bool>, Vec<bool>) {
        let mut away = vec![false; self.minutes];
        for absence in self.scenario.absences.iter().filter(|absence| absence.counsellor == counsellor) {
            let parse = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap();
            let (start, end) = (parse(&absence.start), parse(&absence.end));
            let mut day = start.date();
            while day <= to + Days::new(4) {
                let removed = absence.exdates.iter().any(|exdate| date(exdate) == day);
                if !removed && named(start.date(), absence.rrule.as_ref(), day) {
                    let moved_by = day - start.date();
                    self.mark(&mut away, at(PARIS, start + moved_by), at(PARIS, end + moved_by));
                }
                day = day + Days::new(1);
            }
        }
        for event in self.scenario.external.iter().filter(|event| event.counsellor == counsellor) {
            let free = event.transp.as_deref() == Some("TRANSPARENT")
                || event.status.as_deref() == Some("CANCELLED");
            if let (Some(end), false) = (&event.end, free) {
                self.mark(&mut away, moment(PARIS, &event.start), moment(PARIS, end));
            }
        }
        let mut busy = away;
        for (meeting, start, end) in blocking.iter().filter(|(meeting, ..)| {
            meeting.counsellor == counsellor || meeting.second.as_deref() == Some(counsellor)
        }) {
            let elsewhere = meeting.site.as_ref().is_some_and(|other| other != site);
            let travel = if elsewhere { self.scenario.travel_min } else { 0 };
            if start <= end {
                self.mark(&mut busy, start - travel, end + meeting.buffer_after_min + travel);
            }
        }
        let mut open = vec![false; self.minutes];
        let mut day = from - Days::new(3);
        while day <= to + Days::new(3) {
            for (other, start, end) in self.blocks(counsellor, day) {
                if other == site {
                    if (from..=to).contains(&day) {
                        self.mark(&mut open, start, end);
                    }
                } else if self.scenario.travel_min > 0 {
                    self.mark(&mut busy, start - self.scenario.travel_min, end + self.scenario.travel_min);
                }
            }
            day = day + Days::new(1);
        }
        (open, busy)
    }
}

/// The slots of a well-formed scenario whose instants are whole minutes.
pub fn slots(scenario: &Scenario) -> Vec<String> {
    let (from, to) = (date(&scenario.query.from), date(&scenario.query.to));
    let begin = at_minute(PARIS, from - Days::new(4), 0);
    let end = at_minute(PARIS, to + Days::new(5), 0);
    let town = Town { scenario, begin, minutes: (end - begin) as usize };
    let now = DateTime::parse_from_rfc3339(&scenario.now).unwrap().timestamp() / 60;
    let kind = &scenario.appointment_kind;
    let moved = scenario.query.reschedule_of.as_ref();
    let zone_of = |site: &Option<String>| site.as_ref().map_or(PARIS, |site| town.zone(site));
    let duration = match moved {
        Some(id) => {
            let meeting = scenario.appointments.iter().find(|meeting| meeting.id == *id).unwrap();
            let zone = zone_of(&meeting.site);
            moment(zone, &meeting.end) - moment(zone, &meeting.start)
        }
        None => kind.duration_min.unwrap_or(60),
    };
    let blocking: Vec<_> = scenario
        .appointments
        .iter()
        .filter(|meeting| {
            ["held", "booked", "arrived", "attended", "no_show"].contains(&meeting.status.as_str())
        })
        .filter(|meeting| Some(&meeting.id) != moved)
        .map(|meeting| {
            let zone = zone_of(&meeting.site);
            (meeting, moment(zone, &meeting.start), moment(zone, &meeting.end))
        })
        .collect();
    let counsellors: BTreeSet<&String> =
        scenario.openings.iter().map(|opening| &opening.counsellor).collect();
    let mut found: Vec<(i64, String, String, String)> = Vec::new();
    for counsellor in counsellors {
        if scenario.query.counsellors.as_ref().is_some_and(|wanted| !wanted.contains(counsellor)) {
            continue;
        }
        for site in scenario.sites.keys() {
            if scenario.query.sites.as_ref().is_some_and(|wanted| !wanted.contains(site)) {
                continue;
            }
            let zone = town.zone(site);
            let (mut open, mut busy) = town.lines((counsellor, site), (from, to), &blocking);
            if let Some(second) = &scenario.query.together {
                if second == counsellor {
                    continue;
                }
                let (other_open, other_busy) = town.lines((second, site), (from, to), &blocking);
                for minute in 0..town.minutes {
                    open[minute] &= other_open[minute];
                    busy[minute] |= other_busy[minute];
                }
            }
            let is_free = |minute: i64| {
                let index = minute - begin;
                (0..town.minutes as i64).contains(&index) && open[index as usize] && !busy[index as usize]
            };
            let mut candidates = Vec::new();
            for minute in begin..end {
                if scenario.query.mode.as_deref() == Some("grid") {
                    let wall = shown(zone, minute);
                    let since_midnight = i64::from(wall.hour() * 60 + wall.minute());
                    if since_midnight % scenario.query.step_min.unwrap_or(15) == 0 {
                        candidates.push(minute);
                    }
                } else if is_free(minute) && !is_free(minute - 1) {
                    let mut start = minute;
                    while start < now {
                        start += 5;
                    }
                    while (minute..=start).all(is_free) {
                        candidates.push(start);
                        start += duration + kind.buffer_after_min;
                    }
                }
            }
            for start in candidates {
                let stays = (start..start + duration).all(is_free);
                if !stays {
                    continue;
                }
                let buffered = (start..start + duration + kind.buffer_after_min)
                    .all(|minute| !busy[(minute - begin) as usize]);
                let in_horizon = kind.horizon_days.is_none_or(|days| {
                    let (today, day) = (shown(PARIS, now).date_naive(), shown(PARIS, start).date_naive());
                    (day - today).num_days() <= days
                });
                if !buffered || !in_horizon || start < now + kind.min_notice_min {
                    continue;
                }
                let room = match &kind.room_kind {
                    None => String::new(),
                    Some(wanted) => {
                        let mut rooms: Vec<_> = scenario
                            .rooms
                            .iter()
                            .filter(|room| room.site == *site && room.kind == *wanted)
                            .filter(|room| {
                                !blocking.iter().any(|(meeting, from, to)| {
                                    meeting.room.as_ref() == Some(&room.id)
                                        && (start..start + duration)
                                            .any(|minute| (*from..*to).contains(&minute))
                                })
                            })
                            .collect();
                        rooms.sort_by_key(|room| (room.rank, &room.id));
                        match rooms.first() {
                            Some(room) => format!(" {}", room.id),
                            None => continue,
                        }
                    }
                };
                let text =
                    format!("{} {counsellor}@{site}{room}", shown(zone, start).format("%Y-%m-%dT%H:%M%:z"));
                found.push((start, site.clone(), counsellor.clone(), text));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(.., text)| text).collect()
}
