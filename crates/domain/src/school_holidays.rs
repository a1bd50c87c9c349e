//! School holidays of the official calendar, by zone. They are decreed, not computed, so a table is kept: the decree of
//! the minister of national education of 7 December 2022 for the years to 2026, and for those after what the ministry
//! publishes as "Le calendrier scolaire" (data.education.gouv.fr).
//!
//! Days are civil days, the first and the last without school, as the office's public counts them: the decree says "at
//! the end of the lessons of Saturday", so the Saturday itself is counted as off. Corsica and the overseas academies
//! have calendars of their own, decreed by their rectors: they are not in the table, and nothing is said of them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Zone de vacances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchoolZone {
    /// Besançon, Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon, Poitiers.
    A,
    /// Aix-Marseille, Amiens, Lille, Nancy-Metz, Nantes, Nice, Normandie, Orléans-Tours, Reims, Rennes, Strasbourg.
    B,
    /// Créteil, Montpellier, Paris, Toulouse, Versailles.
    C,
    /// A calendar decreed by the academy itself (Corsica, overseas): not known here.
    Local,
}

impl SchoolZone {
    /// "zone B".
    #[must_use]
    pub const fn french_name(self) -> &'static str {
        match self {
            Self::A => "zone A",
            Self::B => "zone B",
            Self::C => "zone C",
            Self::Local => "calendrier de l’académie",
        }
    }

    /// The zone of the academy that a postal code's department belongs to; `None` when it is no French one.
    #[must_use]
    pub fn of_postal_code(code: &str) -> Option<Self> {
        let department: u32 = code.get(..2)?.parse().ok()?;
        if code.len() != 5 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(match department {
            1 | 3 | 7 | 15 | 16 | 17 | 19 | 21 | 23 | 24 | 25 | 26 | 33 | 38 | 39 | 40 | 42 | 43 | 47
            | 58 | 63 | 64 | 69 | 70 | 71 | 73 | 74 | 79 | 86 | 87 | 89 | 90 => Self::A,
            2 | 4 | 5 | 6 | 8 | 10 | 13 | 14 | 18 | 22 | 27 | 28 | 29 | 35 | 36 | 37 | 41 | 44 | 45 | 49
            | 50 | 51 | 52 | 53 | 54 | 55 | 56 | 57 | 59 | 60 | 61 | 62 | 67 | 68 | 72 | 76 | 80 | 83
            | 84 | 85 | 88 => Self::B,
            9 | 11 | 12 | 30 | 31 | 32 | 34 | 46 | 48 | 65 | 66 | 75 | 77 | 78 | 81 | 82 | 91..=95 => Self::C,
            20 | 97 | 98 => Self::Local,
            _ => return None,
        })
    }
}

/// One stretch of days without school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolHoliday {
    /// "Vacances d’hiver".
    pub name: &'static str,
    /// First day.
    pub first: NaiveDate,
    /// Last day, included.
    pub last: NaiveDate,
}

const SUMMER: &str = "Vacances d’été";
const AUTUMN: &str = "Vacances de la Toussaint";
const CHRISTMAS: &str = "Vacances de Noël";
const WINTER: &str = "Vacances d’hiver";
const SPRING: &str = "Vacances de printemps";
const ASCENSION: &str = "Pont de l’Ascension";

/// Year, month, day.
type Ymd = (i32, u32, u32);

/// What all three zones share.
const EVERYWHERE: &[(&str, Ymd, Ymd)] = &[
    (SUMMER, (2024, 7, 6), (2024, 9, 1)),
    (AUTUMN, (2024, 10, 19), (2024, 11, 3)),
    (CHRISTMAS, (2024, 12, 21), (2025, 1, 5)),
    (SUMMER, (2025, 7, 5), (2025, 8, 31)),
    (AUTUMN, (2025, 10, 18), (2025, 11, 2)),
    (CHRISTMAS, (2025, 12, 20), (2026, 1, 4)),
    (SUMMER, (2026, 7, 4), (2026, 8, 31)),
    (AUTUMN, (2026, 10, 17), (2026, 11, 1)),
    (CHRISTMAS, (2026, 12, 19), (2027, 1, 3)),
    (ASCENSION, (2027, 5, 6), (2027, 5, 8)),
    (SUMMER, (2027, 7, 3), (2027, 8, 31)),
    (AUTUMN, (2027, 10, 23), (2027, 11, 7)),
    (CHRISTMAS, (2027, 12, 18), (2028, 1, 2)),
    (ASCENSION, (2028, 5, 26), (2028, 5, 27)),
    (SUMMER, (2028, 7, 4), (2028, 8, 31)),
];

/// Winter and spring, which rotate: zone A.
const ZONE_A: &[(&str, Ymd, Ymd)] = &[
    (WINTER, (2025, 2, 22), (2025, 3, 9)),
    (SPRING, (2025, 4, 19), (2025, 5, 4)),
    (WINTER, (2026, 2, 7), (2026, 2, 22)),
    (SPRING, (2026, 4, 4), (2026, 4, 19)),
    (WINTER, (2027, 2, 13), (2027, 2, 28)),
    (SPRING, (2027, 4, 10), (2027, 4, 25)),
    (WINTER, (2028, 2, 19), (2028, 3, 5)),
    (SPRING, (2028, 4, 22), (2028, 5, 8)),
];

/// Zone B. Easter Monday of 2025 ends the spring holidays.
const ZONE_B: &[(&str, Ymd, Ymd)] = &[
    (WINTER, (2025, 2, 8), (2025, 2, 23)),
    (SPRING, (2025, 4, 5), (2025, 4, 21)),
    (WINTER, (2026, 2, 14), (2026, 3, 1)),
    (SPRING, (2026, 4, 11), (2026, 4, 26)),
    (WINTER, (2027, 2, 20), (2027, 3, 7)),
    (SPRING, (2027, 4, 17), (2027, 5, 2)),
    (WINTER, (2028, 2, 5), (2028, 2, 20)),
    (SPRING, (2028, 4, 8), (2028, 4, 23)),
];

/// Zone C.
const ZONE_C: &[(&str, Ymd, Ymd)] = &[
    (WINTER, (2025, 2, 15), (2025, 3, 2)),
    (SPRING, (2025, 4, 12), (2025, 4, 27)),
    (WINTER, (2026, 2, 21), (2026, 3, 8)),
    (SPRING, (2026, 4, 18), (2026, 5, 3)),
    (WINTER, (2027, 2, 6), (2027, 2, 21)),
    (SPRING, (2027, 4, 3), (2027, 4, 18)),
    (WINTER, (2028, 2, 12), (2028, 2, 27)),
    (SPRING, (2028, 4, 15), (2028, 5, 1)),
];

/// The holidays of a zone that touch two dates, both included, in order.
#[must_use]
pub fn school_holidays_between(from: NaiveDate, to: NaiveDate, zone: SchoolZone) -> Vec<SchoolHoliday> {
    let own = match zone {
        SchoolZone::A => ZONE_A,
        SchoolZone::B => ZONE_B,
        SchoolZone::C => ZONE_C,
        SchoolZone::Local => return Vec::new(),
    };
    let date = |(y, m, d): Ymd| NaiveDate::from_ymd_opt(y, m, d);
    let mut found: Vec<SchoolHoliday> = EVERYWHERE
        .iter()
        .chain(own)
        .filter_map(|&(name, first, last)| {
            Some(SchoolHoliday { name, first: date(first)?, last: date(last)? })
        })
        .filter(|h| h.first <= to && from <= h.last)
        .collect();
    found.sort_by_key(|h| h.first);
    found
}

/// The holidays that a date falls in.
#[must_use]
pub fn school_holiday_on(date: NaiveDate, zone: SchoolZone) -> Option<SchoolHoliday> {
    school_holidays_between(date, date, zone).into_iter().next()
}

/// The first and last day of which anything is known; outside them a repetition "in term only" runs on.
#[must_use]
pub fn known_school_years() -> Option<(NaiveDate, NaiveDate)> {
    Some((NaiveDate::from_ymd_opt(2024, 7, 6)?, NaiveDate::from_ymd_opt(2028, 8, 31)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Days, Weekday};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// The published table, when it is beside the project: every stretch there is here, and none more.
    #[test]
    fn the_table_is_the_published_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/geo/school_holidays.csv");
        let Ok(published) = std::fs::read_to_string(path) else {
            eprintln!("skipped: no published table at {path}");
            return;
        };
        let mut theirs: Vec<(SchoolZone, String, NaiveDate, NaiveDate)> = published
            .lines()
            .skip(1)
            .map(|line| {
                let field: Vec<&str> = line.split(',').collect();
                let zone = match field[0] {
                    "A" => SchoolZone::A,
                    "B" => SchoolZone::B,
                    _ => SchoolZone::C,
                };
                (zone, field[1].replace('\'', "’"), day(field[2]), day(field[3]))
            })
            .collect();
        let (from, to) = known_school_years().expect("two dates");
        let mut ours: Vec<_> = [SchoolZone::A, SchoolZone::B, SchoolZone::C]
            .into_iter()
            .flat_map(|zone| {
                school_holidays_between(from, to, zone)
                    .into_iter()
                    .map(move |h| (zone, h.name.to_owned(), h.first, h.last))
            })
            .collect();
        theirs.sort();
        ours.sort();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn every_holiday_is_of_a_plausible_length_and_none_overlap() {
        let (from, to) = known_school_years().expect("two dates");
        for zone in [SchoolZone::A, SchoolZone::B, SchoolZone::C] {
            let all = school_holidays_between(from, to, zone);
            assert_eq!(all.len(), 23, "{zone:?}: five summers, four times four others, two bridges");
            for pair in all.windows(2) {
                assert!(pair[0].last < pair[1].first, "{zone:?}: {pair:?}");
            }
            for h in &all {
                let days = (h.last - h.first).num_days() + 1;
                let expected = match h.name {
                    SUMMER => 57..=60,
                    ASCENSION => 2..=3,
                    _ => 16..=17,
                };
                assert!(expected.contains(&days), "{zone:?} {h:?}: {days} days");
                let starts = h.first.weekday();
                let long_summer = h.name == SUMMER || h.name == ASCENSION;
                assert!(long_summer || starts == Weekday::Sat, "{zone:?} {h:?}");
            }
        }
    }

    #[test]
    fn a_date_knows_its_holidays() {
        let name = |d: &str, zone| school_holiday_on(day(d), zone).map(|h| h.name);
        assert_eq!(name("2027-02-25", SchoolZone::B), Some(WINTER));
        assert_eq!(name("2027-02-25", SchoolZone::C), None, "zones rotate");
        assert_eq!(name("2026-12-19", SchoolZone::A), Some(CHRISTMAS), "the first day counts");
        assert_eq!(name("2027-01-03", SchoolZone::A), Some(CHRISTMAS), "and the last");
        assert_eq!(name("2027-01-04", SchoolZone::A), None);
        assert_eq!(name("2027-02-25", SchoolZone::Local), None, "what is not known is not said");
        assert_eq!(name("2031-07-20", SchoolZone::A), None, "nor a year that is not decreed");
    }

    #[test]
    fn departments_have_the_zone_of_their_academy() {
        for (code, zone) in [
            ("80000", SchoolZone::B),
            ("75011", SchoolZone::C),
            ("69003", SchoolZone::A),
            ("33000", SchoolZone::A),
            ("13001", SchoolZone::B),
            ("31000", SchoolZone::C),
            ("20200", SchoolZone::Local),
            ("97400", SchoolZone::Local),
        ] {
            assert_eq!(SchoolZone::of_postal_code(code), Some(zone), "{code}");
        }
        for bad in ["", "8", "8000", "800000", "00100", "99123", "8000é", "abcde"] {
            assert_eq!(SchoolZone::of_postal_code(bad), None, "{bad:?}");
        }
        let metropolitan = (1..=95).filter(|d| *d != 20);
        for department in metropolitan {
            let code = format!("{department:02}000");
            assert!(
                SchoolZone::of_postal_code(&code).is_some_and(|z| z != SchoolZone::Local),
                "{code} is of a zone"
            );
        }
    }

    #[test]
    fn winter_holidays_never_fall_on_the_same_weeks_in_all_zones() {
        for year in 2025..=2028 {
            let starts: Vec<NaiveDate> = [SchoolZone::A, SchoolZone::B, SchoolZone::C]
                .into_iter()
                .filter_map(|zone| {
                    let from = NaiveDate::from_ymd_opt(year, 1, 20)?;
                    let to = from.checked_add_days(Days::new(50))?;
                    school_holidays_between(from, to, zone).into_iter().find(|h| h.name == WINTER)
                })
                .map(|h| h.first)
                .collect();
            assert_eq!(starts.len(), 3, "{year}");
            let mut sorted = starts.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), 3, "{year}: {starts:?}");
            assert!(starts.iter().all(|d| d.year() == year));
        }
    }
}
