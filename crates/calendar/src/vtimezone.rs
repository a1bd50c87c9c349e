//! The zones of France as compact VTIMEZONE components (RFC 5545 section 3.6.5).
//!
//! Each is a short constant, not the history of a zone database: long components corrupt imports in some
//! programs, offsets with seconds (local mean time) fail in others, and a zone's past is of no use to an
//! appointment. A rule from 1970 is right only since the year in which the law took its present form;
//! [`FrenchZone::can_say`] tells when local time may be used, and times outside are written in UTC.

use chrono::{DateTime, Datelike, TimeZone, Utc};
use chrono_tz::Tz;

/// Last year for which the constants are checked against the zone database.
const LAST_YEAR: i32 = 2050;

/// One zone: its name and the component that describes it.
#[derive(Debug, Clone, Copy)]
pub struct FrenchZone {
    /// The zone in the database.
    pub tz: Tz,
    /// First year for which the constant holds.
    since: i32,
    component: &'static str,
}

impl FrenchZone {
    /// The component, CRLF lines, ready for a file.
    pub fn component(&self) -> &'static str {
        self.component
    }

    /// Whether a local time in this zone names this instant alone: the year is in the range of the constant, and
    /// the hour is not one that the clock shows twice.
    pub fn can_say(&self, instant: DateTime<Utc>) -> bool {
        let local = instant.with_timezone(&self.tz);
        (self.since..=LAST_YEAR).contains(&local.year())
            && self.tz.from_local_datetime(&local.naive_local()).single().is_some()
    }
}

/// The constant for a zone of France, or `None` for any other zone.
pub fn french_zone(tz: Tz) -> Option<&'static FrenchZone> {
    ZONES.iter().find(|zone| zone.tz == tz)
}

/// All the zones of France that an office or a person may be in.
pub fn french_zones() -> &'static [FrenchZone] {
    &ZONES
}

/// Lines joined as the file wants them.
macro_rules! lines {
    ($($line:expr),+ $(,)?) => { concat!($($line, "\r\n"),+) };
}

/// A zone whose clock never changes.
macro_rules! fixed {
    ($tz:ident, $id:literal, $offset:literal, $name:literal) => {
        FrenchZone {
            tz: Tz::$tz,
            since: 2000,
            component: lines![
                "BEGIN:VTIMEZONE",
                concat!("TZID:", $id),
                "BEGIN:STANDARD",
                "DTSTART:19700101T000000",
                concat!("TZOFFSETFROM:", $offset),
                concat!("TZOFFSETTO:", $offset),
                concat!("TZNAME:", $name),
                "END:STANDARD",
                "END:VTIMEZONE",
            ],
        }
    };
}

static ZONES: [FrenchZone; 14] = [
    FrenchZone {
        tz: Tz::Europe__Paris,
        since: 1997,
        component: lines![
            "BEGIN:VTIMEZONE",
            "TZID:Europe/Paris",
            "BEGIN:STANDARD",
            "DTSTART:19701025T030000",
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "TZNAME:CET",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:19700329T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "TZNAME:CEST",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
        ],
    },
    FrenchZone {
        tz: Tz::America__Miquelon,
        since: 2008,
        component: lines![
            "BEGIN:VTIMEZONE",
            "TZID:America/Miquelon",
            "BEGIN:STANDARD",
            "DTSTART:19701101T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
            "TZOFFSETFROM:-0200",
            "TZOFFSETTO:-0300",
            "TZNAME:-03",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:19700308T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
            "TZOFFSETFROM:-0300",
            "TZOFFSETTO:-0200",
            "TZNAME:-02",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
        ],
    },
    fixed!(America__Guadeloupe, "America/Guadeloupe", "-0400", "AST"),
    fixed!(America__Martinique, "America/Martinique", "-0400", "AST"),
    fixed!(America__Marigot, "America/Marigot", "-0400", "AST"),
    fixed!(America__St_Barthelemy, "America/St_Barthelemy", "-0400", "AST"),
    fixed!(America__Cayenne, "America/Cayenne", "-0300", "-03"),
    fixed!(Indian__Reunion, "Indian/Reunion", "+0400", "+04"),
    fixed!(Indian__Mayotte, "Indian/Mayotte", "+0300", "EAT"),
    fixed!(Pacific__Noumea, "Pacific/Noumea", "+1100", "+11"),
    fixed!(Pacific__Wallis, "Pacific/Wallis", "+1200", "+12"),
    fixed!(Pacific__Tahiti, "Pacific/Tahiti", "-1000", "-10"),
    fixed!(Pacific__Marquesas, "Pacific/Marquesas", "-0930", "-0930"),
    fixed!(Pacific__Gambier, "Pacific/Gambier", "-0900", "-09"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, NaiveDate, NaiveDateTime, Offset, Weekday};

    /// One observance of a component, read from its text.
    struct Observance {
        month_and_week: Option<(u32, i32)>,
        at: NaiveDateTime,
        from: i32,
        to: i32,
        name: String,
    }

    fn offset(text: &str) -> i32 {
        let minutes: i32 = text[1..3].parse::<i32>().unwrap() * 60 + text[3..5].parse::<i32>().unwrap();
        assert_eq!(text.len(), 5, "offsets are +-HHMM: {text}");
        if text.starts_with('-') { -minutes * 60 } else { minutes * 60 }
    }

    fn observances(component: &str) -> Vec<Observance> {
        let mut found = Vec::new();
        let mut fields = std::collections::HashMap::new();
        for line in component.split_terminator("\r\n") {
            let (name, value) = line.split_once(':').unwrap();
            match (name, value) {
                ("BEGIN", "STANDARD" | "DAYLIGHT") => fields.clear(),
                ("END", "STANDARD" | "DAYLIGHT") => {
                    let rule = fields.get("RRULE").map(|rule: &&str| {
                        let rule = rule.strip_prefix("FREQ=YEARLY;BYMONTH=").unwrap();
                        let (month, week) = rule.split_once(";BYDAY=").unwrap();
                        (month.parse().unwrap(), week.strip_suffix("SU").unwrap().parse().unwrap())
                    });
                    found.push(Observance {
                        month_and_week: rule,
                        at: NaiveDateTime::parse_from_str(fields["DTSTART"], "%Y%m%dT%H%M%S").unwrap(),
                        from: offset(fields["TZOFFSETFROM"]),
                        to: offset(fields["TZOFFSETTO"]),
                        name: fields["TZNAME"].to_owned(),
                    });
                }
                _ => {
                    fields.insert(name, value);
                }
            }
        }
        found
    }

    fn sunday(year: i32, month: u32, week: i32) -> NaiveDate {
        if week > 0 {
            return NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, week as u8).unwrap();
        }
        let mut day = NaiveDate::from_ymd_opt(year, month, 31).unwrap();
        while day.weekday() != Weekday::Sun {
            day -= Duration::days(1);
        }
        day
    }

    /// Offset in seconds and name at an instant, by the component's text alone.
    fn said_by(found: &[Observance], instant: DateTime<Utc>) -> (i32, String) {
        let mut onsets = Vec::new();
        for o in found {
            match o.month_and_week {
                None => onsets.push((o.at - Duration::seconds(o.from.into()), o)),
                Some((month, week)) => {
                    for year in instant.year() - 1..=instant.year() + 1 {
                        let at = sunday(year, month, week).and_time(o.at.time());
                        onsets.push((at - Duration::seconds(o.from.into()), o));
                    }
                }
            }
        }
        let (_, o) = onsets
            .into_iter()
            .filter(|(at, _)| *at <= instant.naive_utc())
            .max_by_key(|(at, _)| *at)
            .unwrap();
        (o.to, o.name.clone())
    }

    #[test]
    fn every_constant_says_what_the_zone_database_says_until_2050() {
        for zone in french_zones() {
            let found = observances(zone.component());
            let mut at = Utc.with_ymd_and_hms(zone.since, 1, 1, 0, 0, 0).unwrap() + Duration::hours(14);
            while at.year() <= LAST_YEAR {
                let local = at.with_timezone(&zone.tz);
                let truth = (local.offset().fix().local_minus_utc(), local.format("%Z").to_string());
                assert_eq!(said_by(&found, at), truth, "{} at {at}", zone.tz);
                // Hour by hour in the months of the changes, day by day elsewhere.
                let near_change = found.len() > 1 && matches!(at.month(), 3 | 10 | 11);
                at += Duration::hours(if near_change { 1 } else { 24 });
            }
        }
    }

    #[test]
    fn rules_begin_on_the_day_that_they_say() {
        for zone in french_zones() {
            for o in observances(zone.component()) {
                if let Some((month, week)) = o.month_and_week {
                    assert_eq!(o.at.date(), sunday(1970, month, week), "{}", zone.tz);
                }
            }
        }
    }

    #[test]
    fn components_are_short_and_named_as_the_zone() {
        for zone in french_zones() {
            assert!(zone.component().lines().count() <= 17, "{}", zone.tz);
            assert!(zone.component().contains(&format!("\r\nTZID:{}\r\n", zone.tz.name())));
            assert!(
                zone.component()
                    .split_terminator("\r\n")
                    .all(|line| line.len() <= 75 && !line.contains('\n'))
            );
            assert_eq!(french_zone(zone.tz).map(|z| z.tz), Some(zone.tz));
        }
        assert!(french_zone(Tz::Asia__Tokyo).is_none());
    }

    #[test]
    fn only_the_repeated_hour_cannot_be_said() {
        let paris = french_zone(Tz::Europe__Paris).unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert!(paris.can_say(at("2026-10-24T23:59:59Z")));
        assert!(!paris.can_say(at("2026-10-25T00:00:00Z")));
        assert!(!paris.can_say(at("2026-10-25T01:59:59Z")));
        assert!(paris.can_say(at("2026-10-25T02:00:00Z")));
        assert!(paris.can_say(at("2026-03-29T01:00:00Z")));
        assert!(!paris.can_say(at("1990-06-01T10:00:00Z")));
        assert!(!paris.can_say(at("2051-06-01T10:00:00Z")));
    }
}
