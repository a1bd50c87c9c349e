//! Dates, durations, places and parameters, as files write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use ical::property::Property;

use super::refusal::Reason;
use super::tree::bare;
use crate::event::Geo;

/// A value of type DATE or DATE-TIME.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A day.
    Day(NaiveDate),
    /// An instant and the zone in which it was said.
    Instant(DateTime<Utc>, Tz),
}

/// First value of a parameter.
pub(super) fn parameter<'p>(property: &'p Property, name: &str) -> Option<&'p str> {
    let (_, values) = property.params.as_ref()?.iter().find(|(key, _)| key == name)?;
    values.first().map(String::as_str)
}

/// The moment that a property names.
pub(super) fn moment(property: &Property) -> Result<Moment, Reason> {
    let text = property.value.as_deref().map(bare).unwrap_or_default().trim();
    // Eight digits are a date, whether or not VALUE=DATE says so.
    if text.len() == 8 {
        return date(text).map(Moment::Day).ok_or(Reason::BadTime);
    }
    let (local, utc) = match text.strip_suffix(['Z', 'z']) {
        Some(local) => (local, true),
        None => (text, false),
    };
    let local = date_time(local).ok_or(Reason::BadTime)?;
    if utc {
        return Ok(Moment::Instant(local.and_utc(), Tz::UTC));
    }
    let name =
        parameter(property, "TZID").map(str::trim).filter(|name| !name.is_empty()).ok_or(Reason::Floating)?;
    let zone = zone(name).ok_or_else(|| Reason::UnknownZone(name.to_owned()))?;
    Ok(Moment::Instant(instant(local, zone).ok_or(Reason::BadTime)?, zone))
}

fn date(text: &str) -> Option<NaiveDate> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)
}

fn date_time(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once(['T', 't'])?;
    if time.len() != 6 || !time.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A leap second is read as the second before it.
    let second: u32 = time[4..].parse().ok()?;
    let time =
        NaiveTime::from_hms_opt(time[..2].parse().ok()?, time[2..4].parse().ok()?, second - second / 60)?;
    Some(date(day)?.and_time(time))
}

/// The zone of a name of the zone database, also behind a prefix (`/example.org/20050126_1/Europe/Paris`).
fn zone(name: &str) -> Option<Tz> {
    let mut rest = name;
    loop {
        if let Ok(zone) = rest.parse() {
            return Some(zone);
        }
        rest = name.starts_with('/').then(|| rest.split_once('/'))??.1;
    }
}

/// The instant of a local time (RFC 5545 section 3.3.5): the first one when the clock shows it twice, and by the
/// offset before the change when it shows it never.
fn instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    if let Some(at) = zone.from_local_datetime(&local).earliest() {
        return Some(at.with_timezone(&Utc));
    }
    let before = local.checked_sub_signed(TimeDelta::days(1))?;
    let offset = zone.offset_from_local_datetime(&before).earliest()?.fix();
    Some(local.checked_sub_offset(offset)?.and_utc())
}

/// A DURATION (RFC 5545 section 3.3.6): `P1W`, `PT1H30M`, `-P1DT2H`.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    let mut rest = text.strip_prefix(['P', 'p'])?;
    let mut in_time = false;
    let mut seconds: i64 = 0;
    let mut parts = 0;
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix(['T', 't']) {
            in_time = true;
            rest = time;
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count: i64 = rest[..digits].parse().ok()?;
        let mut after = rest[digits..].chars();
        let unit = match (after.next()?.to_ascii_uppercase(), in_time) {
            ('W', false) => 604_800,
            ('D', false) => 86_400,
            ('H', true) => 3_600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
        parts += 1;
        rest = after.as_str();
    }
    if parts == 0 {
        return None;
    }
    TimeDelta::try_seconds(if negative { seconds.checked_neg()? } else { seconds })
}

/// A GEO: degrees north and east with a semicolon between (some programs write a comma, or escape it).
pub(super) fn geo(text: &str) -> Option<Geo> {
    let (latitude, longitude) = text.split_once([';', ','])?;
    let degrees = |text: &str| text.trim().trim_end_matches('\\').parse::<f64>().ok();
    Geo::new(degrees(latitude)?, degrees(longitude)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(parameters: &[(&str, &str)], value: &str) -> Property {
        let params = parameters.iter().map(|(k, v)| ((*k).to_owned(), vec![(*v).to_owned()])).collect();
        Property { name: "DTSTART".into(), params: Some(params), value: Some(value.into()) }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn local_times_are_read_across_both_changes() {
        let paris = |value| moment(&property(&[("TZID", "Europe/Paris")], value));
        let instant = |text| Ok(Moment::Instant(at(text), Tz::Europe__Paris));
        assert_eq!(paris("20261123T090000"), instant("2026-11-23T08:00:00Z"));
        assert_eq!(paris("20260703T090000"), instant("2026-07-03T07:00:00Z"));
        // Repeated hour: the first time. Skipped hour: an hour later on the new clock.
        assert_eq!(paris("20261025T023000"), instant("2026-10-25T00:30:00Z"));
        assert_eq!(paris("20260329T023000"), instant("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn zones_are_never_guessed() {
        assert_eq!(moment(&property(&[], "20261123T090000")), Err(Reason::Floating));
        assert_eq!(
            moment(&property(&[("TZID", "Lune")], "20261123T090000")),
            Err(Reason::UnknownZone("Lune".to_owned()))
        );
        let prefixed = property(&[("TZID", "/example.org/2005_1/Europe/Paris")], "20261123T090000");
        assert_eq!(moment(&prefixed), Ok(Moment::Instant(at("2026-11-23T08:00:00Z"), Tz::Europe__Paris)));
    }

    #[test]
    fn bad_dates_are_refused() {
        for text in ["", "20261323", "2026112３", "20261123T", "20261123T250000Z", "x", "+2026-11-23T09:00"]
        {
            assert_eq!(moment(&property(&[], text)), Err(Reason::BadTime), "{text}");
        }
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(duration("PT1H30M"), Some(TimeDelta::minutes(90)));
        assert_eq!(duration("-P1DT2H"), Some(TimeDelta::hours(-26)));
        assert_eq!(duration("P2W"), Some(TimeDelta::weeks(2)));
        for text in ["", "P", "PT", "1H", "P1H", "PT99999999999999999999S", "P9223372036854775807W", "PTé"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn places_are_read() {
        assert_eq!(geo("49.894067;2.295753"), Geo::new(49.894067, 2.295753));
        assert_eq!(geo("49.894067\\;2.295753"), Geo::new(49.894067, 2.295753));
        assert_eq!(geo("inf;nan"), None);
    }
}
