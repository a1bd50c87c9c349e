//! From the written form to rows, with the path of whatever cannot be understood.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use super::form::{
    AbsenceForm, AppointmentForm, ExternalForm, KindForm, OpeningForm, QueryForm, RecurrenceForm, RoomForm,
    Scenario, SiteForm,
};
use super::{Prepared, ScenarioError};
use crate::holidays::HolidayZone;
use crate::slots::civil::instant_of;
use crate::slots::index::AgendaIndex;
use crate::slots::recurrence::{Frequency, NthWeekday, Recurrence};
use crate::slots::rows::{
    AbsenceRow, Agenda, AppointmentRow, CivilBlock, ExternalRow, OpeningOverride, OpeningRow, RoomRow,
    SiteRow, Travel,
};
use crate::slots::search::{KindRules, Mode, Query};
use crate::slots::window::Window;

type Read<T> = Result<T, ScenarioError>;

/// Minutes of a day: the longest buffer and travel.
const DAY_MIN: u32 = 1_440;
/// Minutes of ten years: longer notices are mistakes.
const TEN_YEARS_MIN: u32 = 10 * 366 * DAY_MIN;

fn wrong<T>(field: impl Into<String>, problem: impl Into<String>) -> Read<T> {
    Err(ScenarioError::new(field, problem))
}

pub(super) fn prepare(form: &Scenario) -> Read<Prepared> {
    let now = match DateTime::parse_from_rfc3339(form.now.trim()) {
        Ok(now) if (1900..=2200).contains(&now.year()) => now.with_timezone(&Utc),
        Ok(_) => return wrong("now", "must lie between the years 1900 and 2200"),
        Err(_) => {
            return wrong("now", format!("{:?} is not an instant (RFC 3339, with its offset)", form.now));
        }
    };
    let zones =
        form.sites.iter().map(|(key, site)| Ok((key.clone(), zone(key, site)?))).collect::<Read<Zones>>()?;
    let agenda = Agenda {
        sites: form.sites.iter().map(|(key, site)| read_site(key, site, &zones)).collect::<Read<_>>()?,
        openings: each(&form.openings, "openings", |path, row| opening(path, row, &zones))?,
        absences: each(&form.absences, "absences", absence)?,
        external: each(&form.external, "external", external)?.into_iter().flatten().collect(),
        appointments: each(&form.appointments, "appointments", |path, row| appointment(path, row, &zones))?,
        rooms: each(&form.rooms, "rooms", |path, row| room(path, row, &zones))?,
        travel: Travel { default_min: number("travel_min", form.travel_min, 0, DAY_MIN)?, pairs: Vec::new() },
    };
    for (at, row) in form.rooms.iter().enumerate() {
        if form.rooms.iter().take(at).any(|other| other.id == row.id) {
            return wrong(format!("rooms[{at}].id"), format!("{:?} is the key of another room", row.id));
        }
    }
    let kind = kind(&form.appointment_kind)?;
    let query = query(&form.query, &zones, &form.appointments)?;
    let window =
        Window::new(query.from, query.to).map_err(|e| ScenarioError::new("query.to", e.to_string()))?;
    let index =
        AgendaIndex::build(&agenda, window).map_err(|e| ScenarioError::new("openings", e.to_string()))?;
    Ok(Prepared { agenda, index, kind, query, now })
}

type Zones = BTreeMap<String, Tz>;

fn each<F, T>(forms: &[F], name: &str, read: impl Fn(&str, &F) -> Read<T>) -> Read<Vec<T>> {
    forms.iter().enumerate().map(|(at, form)| read(&format!("{name}[{at}]"), form)).collect()
}

fn zone(key: &str, site: &SiteForm) -> Read<Tz> {
    let Some(name) = &site.tz else { return Ok(chrono_tz::Europe::Paris) };
    name.parse().or_else(|_| wrong(format!("sites.{key}.tz"), format!("unknown time zone {name:?}")))
}

fn read_site(key: &str, site: &SiteForm, zones: &Zones) -> Read<SiteRow<String>> {
    let holiday_zone = match site.holiday_zone.as_deref() {
        None | Some("metropole") => HolidayZone::Metropole,
        Some("alsace-moselle") => HolidayZone::AlsaceMoselle,
        Some(other) => {
            let problem = format!("{other:?} is neither \"metropole\" nor \"alsace-moselle\"");
            return wrong(format!("sites.{key}.holiday_zone"), problem);
        }
    };
    Ok(SiteRow {
        id: key.to_owned(),
        zone: zones.get(key).copied().unwrap_or(chrono_tz::Europe::Paris),
        holiday_zone,
        closures: dates(&format!("sites.{key}.closures"), &site.closures)?,
    })
}

fn known_site(field: String, key: &str, zones: &Zones) -> Read<String> {
    if zones.contains_key(key) { Ok(key.to_owned()) } else { wrong(field, format!("unknown site {key:?}")) }
}

fn opening(path: &str, form: &OpeningForm, zones: &Zones) -> Read<OpeningRow<String>> {
    let overrides = each(&form.overrides, &format!("{path}.overrides"), |path, change| {
        Ok(OpeningOverride {
            date: date(&format!("{path}.date"), &change.date)?,
            blocks: each(&change.blocks, &format!("{path}.blocks"), block)?,
            site: change
                .site
                .as_ref()
                .map(|key| known_site(format!("{path}.site"), key, zones))
                .transpose()?,
        })
    })?;
    Ok(OpeningRow {
        counsellor: form.counsellor.clone(),
        site: known_site(format!("{path}.site"), &form.site, zones)?,
        first_day: date(&format!("{path}.first_day"), &form.first_day)?,
        blocks: each(&form.blocks, &format!("{path}.blocks"), block)?,
        recurrence: recurrence(path, form.rrule.as_ref())?,
        exdates: dates(&format!("{path}.exdates"), &form.exdates)?,
        overrides,
        works_on_off_days: form.works_on_off_days,
    })
}

fn absence(path: &str, form: &AbsenceForm) -> Read<AbsenceRow<String>> {
    let civil = |name: &str, text: &str| -> Read<NaiveDateTime> {
        Ok(match moment(&format!("{path}.{name}"), text)? {
            Moment::Civil(civil) => civil,
            Moment::Instant(instant) => instant.with_timezone(&chrono_tz::Europe::Paris).naive_local(),
        })
    };
    let (start, end) = (civil("start", &form.start)?, civil("end", &form.end)?);
    if end < start {
        return wrong(format!("{path}.end"), "comes before the start");
    }
    if form.rrule.is_some() && (end - start).num_days() > 366 {
        return wrong(format!("{path}.end"), "an absence that comes back lasts at most 366 days");
    }
    Ok(AbsenceRow {
        counsellor: form.counsellor.clone(),
        zone: chrono_tz::Europe::Paris,
        start,
        end,
        recurrence: recurrence(path, form.rrule.as_ref())?,
        exdates: dates(&format!("{path}.exdates"), &form.exdates)?,
    })
}

fn external(path: &str, form: &ExternalForm) -> Read<Option<ExternalRow<String>>> {
    let start = moment(&format!("{path}.start"), &form.start)?;
    let Some(end) = &form.end else { return Ok(None) };
    let end = moment(&format!("{path}.end"), end)?;
    let is = |field: &Option<String>, words: &[&str]| {
        field.as_ref().is_some_and(|text| words.iter().any(|word| text.trim().eq_ignore_ascii_case(word)))
    };
    let (start, end) = instants(path, start, end, chrono_tz::Europe::Paris)?;
    let free = is(&form.transp, &["transparent"]) || is(&form.status, &["cancelled", "canceled"]);
    Ok((!free).then(|| ExternalRow { counsellor: form.counsellor.clone(), start, end }))
}

fn appointment(path: &str, form: &AppointmentForm, zones: &Zones) -> Read<AppointmentRow<String>> {
    let site = form.site.as_ref().map(|key| known_site(format!("{path}.site"), key, zones)).transpose()?;
    let zone = site.as_ref().and_then(|key| zones.get(key)).copied().unwrap_or(chrono_tz::Europe::Paris);
    let start = moment(&format!("{path}.start"), &form.start)?;
    let end = moment(&format!("{path}.end"), &form.end)?;
    let (start, end) = instants(path, start, end, zone)?;
    let blocking = match form.status.as_str() {
        "held" | "booked" | "arrived" | "attended" | "no_show" => true,
        "excused" | "cancelled" | "declined" | "expired" => false,
        other => return wrong(format!("{path}.status"), format!("unknown state {other:?}")),
    };
    Ok(AppointmentRow {
        id: form.id.clone(),
        counsellor: form.counsellor.clone(),
        second: form.second.clone(),
        site,
        start,
        end,
        blocking,
        buffer_after_min: number(&format!("{path}.buffer_after_min"), form.buffer_after_min, 0, DAY_MIN)?,
        room: form.room.clone(),
    })
}

fn room(path: &str, form: &RoomForm, zones: &Zones) -> Read<RoomRow<String>> {
    let rank = i32::try_from(form.rank).or_else(|_| wrong(format!("{path}.rank"), "is too large"))?;
    let site = known_site(format!("{path}.site"), &form.site, zones)?;
    Ok(RoomRow { id: form.id.clone(), site, kind: form.kind.clone(), rank })
}

fn kind(form: &KindForm) -> Read<KindRules> {
    let field = |name: &str| format!("appointment_kind.{name}");
    let duration = form.duration_min.unwrap_or(60);
    let horizon =
        form.horizon_days.map(|days| number(&field("horizon_days"), days, 0, 100_000)).transpose()?;
    Ok(KindRules {
        duration_min: number(&field("duration_min"), duration, 1, 31 * DAY_MIN)?,
        buffer_after_min: number(&field("buffer_after_min"), form.buffer_after_min, 0, DAY_MIN)?,
        min_notice_min: number(&field("min_notice_min"), form.min_notice_min, 0, TEN_YEARS_MIN)?,
        horizon_days: horizon,
        room_kind: form.room_kind.clone(),
    })
}

fn query(form: &QueryForm, zones: &Zones, appointments: &[AppointmentForm]) -> Read<Query<String>> {
    let step_min = number("query.step_min", form.step_min.unwrap_or(15), 1, DAY_MIN)?;
    let mode = match form.mode.as_deref() {
        None | Some("chained") => Mode::Chained,
        Some("grid") => Mode::Grid { step_min },
        Some(other) => return wrong("query.mode", format!("{other:?} is neither \"chained\" nor \"grid\"")),
    };
    for (at, key) in form.sites.iter().flatten().enumerate() {
        known_site(format!("query.sites[{at}]"), key, zones)?;
    }
    if let Some(id) = &form.reschedule_of {
        match appointments.iter().filter(|row| row.id == *id).count() {
            0 => return wrong("query.reschedule_of", format!("unknown appointment {id:?}")),
            1 => {}
            _ => return wrong("query.reschedule_of", format!("several appointments have the key {id:?}")),
        }
    }
    let filter = |keys: &Option<Vec<String>>| keys.clone().filter(|keys| !keys.is_empty());
    Ok(Query {
        mode,
        counsellors: filter(&form.counsellors),
        together: form.together.clone(),
        sites: filter(&form.sites),
        reschedule_of: form.reschedule_of.clone(),
        ..Query::between(date("query.from", &form.from)?, date("query.to", &form.to)?)
    })
}

fn recurrence(path: &str, form: Option<&RecurrenceForm>) -> Read<Option<Recurrence>> {
    let Some(form) = form else { return Ok(None) };
    let field = |name: &str| format!("{path}.rrule.{name}");
    let frequency = match form.freq.to_ascii_uppercase().as_str() {
        "DAILY" => Frequency::Daily,
        "WEEKLY" => Frequency::Weekly,
        "MONTHLY" => Frequency::Monthly,
        _ => return wrong(field("freq"), format!("{:?} is not DAILY, WEEKLY or MONTHLY", form.freq)),
    };
    let interval = number(&field("interval"), form.interval.unwrap_or(1), 1, 100_000)?;
    let nth_weekday = match &form.bynthday {
        None => None,
        Some(_) if frequency != Frequency::Monthly => {
            return wrong(field("bynthday"), "the nth weekday is one of a month");
        }
        Some((nth, day)) => match i8::try_from(*nth) {
            Ok(nth) if (1..=5).contains(&nth.unsigned_abs()) => {
                Some(NthWeekday { nth, weekday: weekday(&field("bynthday"), day)? })
            }
            _ => return wrong(field("bynthday"), format!("{nth} is not 1 to 5 or -1 to -5")),
        },
    };
    Ok(Some(Recurrence {
        frequency,
        interval: NonZeroU32::new(interval).unwrap_or(NonZeroU32::MIN),
        weekdays: each(&form.byday, &field("byday"), |path, day| weekday(path, day))?,
        nth_weekday,
        until: form.until.as_ref().map(|text| date(&field("until"), text)).transpose()?,
    }))
}

fn weekday(field: &str, text: &str) -> Read<Weekday> {
    Ok(match text.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return wrong(field, format!("{text:?} is not a weekday (MO, TU, WE, TH, FR, SA, SU)")),
    })
}

fn number(field: &str, value: i64, least: u32, most: u32) -> Read<u32> {
    match u32::try_from(value) {
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        _ => wrong(field, format!("{value} is not between {least} and {most}")),
    }
}

fn dates(path: &str, texts: &[String]) -> Read<Vec<NaiveDate>> {
    each(texts, path, |path, text| date(path, text))
}

fn date(field: &str, text: &str) -> Read<NaiveDate> {
    match NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d") {
        Ok(date) if (1..=9_999).contains(&date.year()) => Ok(date),
        _ => wrong(field, format!("{text:?} is not a date (YYYY-MM-DD)")),
    }
}

fn block(path: &str, [from, to]: &[String; 2]) -> Read<CivilBlock> {
    let block = CivilBlock { from: minute(path, from)?, to: minute(path, to)? };
    if block.to < block.from { wrong(path, format!("{to} comes before {from}")) } else { Ok(block) }
}

/// `HH:MM`, up to `24:00`.
fn minute(field: &str, text: &str) -> Read<u16> {
    let digits = |part: &str, most: u16| -> Option<u16> {
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|value| plain && *value <= most)
    };
    let parts: Vec<&str> = text.trim().split(':').collect();
    let minute = match parts[..] {
        [hour, minute] | [hour, minute, "00"] => digits(hour, 24).zip(digits(minute, 59)),
        _ => None,
    };
    match minute.map(|(hour, minute)| hour * 60 + minute) {
        Some(minute) if minute <= 1_440 => Ok(minute),
        _ => wrong(field, format!("{text:?} is not a time (00:00 to 24:00)")),
    }
}

/// A moment as written: with its offset, or of a wall clock.
#[derive(Clone, Copy)]
enum Moment {
    Instant(DateTime<Utc>),
    Civil(NaiveDateTime),
}

/// A date alone is its midnight; `T24:00` is the next one.
fn moment(field: &str, text: &str) -> Read<Moment> {
    let trimmed = text.trim();
    let problem = || ScenarioError::new(field, format!("{text:?} is not a moment (YYYY-MM-DDTHH:MM)"));
    let Some((day, time)) = trimmed.split_once(['T', ' ']) else {
        return Ok(Moment::Civil(date(field, trimmed)?.and_time(NaiveTime::MIN)));
    };
    let day = date(field, day)?;
    if matches!(time, "24:00" | "24:00:00") {
        let next = day.succ_opt().ok_or_else(problem)?;
        return Ok(Moment::Civil(next.and_time(NaiveTime::MIN)));
    }
    for format in ["%H:%M", "%H:%M:%S"] {
        if let Ok(time) = NaiveTime::parse_from_str(time, format) {
            return Ok(Moment::Civil(day.and_time(time)));
        }
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"] {
        if let Ok(instant) = DateTime::parse_from_str(&trimmed.replacen(' ', "T", 1), format) {
            return Ok(Moment::Instant(instant.with_timezone(&Utc)));
        }
    }
    Err(problem())
}

/// Both ends, each converted for itself. Reversed is an error as written; a span that only a change of the clock
/// turns around is empty.
fn instants(path: &str, start: Moment, end: Moment, zone: Tz) -> Read<(DateTime<Utc>, DateTime<Utc>)> {
    let at = |moment: Moment| match moment {
        Moment::Instant(instant) => instant,
        Moment::Civil(civil) => instant_of(civil, zone),
    };
    let reversed = match (start, end) {
        (Moment::Civil(start), Moment::Civil(end)) => end < start,
        (start, end) => at(end) < at(start),
    };
    if reversed { wrong(format!("{path}.end"), "comes before the start") } else { Ok((at(start), at(end))) }
}
