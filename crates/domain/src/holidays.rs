//! French public holidays, computed for any year: eleven days everywhere in metropolitan France, two more in
//! Alsace-Moselle. No table of dates is kept, so nothing has to be updated from one year to the next.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Which list of public holidays applies at a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolidayZone {
    /// The eleven days of the labour code.
    #[default]
    Metropole,
    /// Bas-Rhin, Haut-Rhin and Moselle: Good Friday and 26 December as well (ordinance of 16 August 1892).
    AlsaceMoselle,
}

/// One public holiday, whatever the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicHoliday {
    /// 1 January.
    NewYear,
    /// Two days before Easter, in Alsace-Moselle alone.
    GoodFriday,
    /// The day after Easter.
    EasterMonday,
    /// 1 May.
    LabourDay,
    /// 8 May, victory of 1945.
    VictoryDay,
    /// Thirty-nine days after Easter.
    Ascension,
    /// Fifty days after Easter; a public holiday even where it is worked as the "day of solidarity".
    WhitMonday,
    /// 14 July.
    NationalDay,
    /// 15 August.
    Assumption,
    /// 1 November.
    AllSaints,
    /// 11 November, armistice of 1918.
    Armistice,
    /// 25 December.
    Christmas,
    /// 26 December, in Alsace-Moselle alone.
    SaintStephen,
}

impl PublicHoliday {
    /// The name printed on a day sheet or written in the day grid.
    #[must_use]
    pub const fn french_name(self) -> &'static str {
        match self {
            Self::NewYear => "Jour de l’an",
            Self::GoodFriday => "Vendredi saint",
            Self::EasterMonday => "Lundi de Pâques",
            Self::LabourDay => "Fête du Travail",
            Self::VictoryDay => "Victoire de 1945",
            Self::Ascension => "Ascension",
            Self::WhitMonday => "Lundi de Pentecôte",
            Self::NationalDay => "Fête nationale",
            Self::Assumption => "Assomption",
            Self::AllSaints => "Toussaint",
            Self::Armistice => "Armistice de 1918",
            Self::Christmas => "Noël",
            Self::SaintStephen => "Saint-Étienne",
        }
    }
}

/// Easter Sunday of the Gregorian calendar, as (month, day), by the golden number and the corrected epact
/// (Knuth, *The Art of Computer Programming* 1.3.2, exercise 14).
fn easter_month_day(year: i32) -> (u32, u32) {
    let golden = year.rem_euclid(19) + 1;
    let century = year.div_euclid(100) + 1;
    let dropped_leap_years = 3 * century / 4 - 12;
    let moon_correction = (8 * century + 5) / 25 - 5;
    let sunday = 5 * year / 4 - dropped_leap_years - 10;
    let mut epact = (11 * golden + 20 + moon_correction - dropped_leap_years).rem_euclid(30);
    if (epact == 25 && golden > 11) || epact == 24 {
        epact += 1;
    }
    let mut full_moon = 44 - epact;
    if full_moon < 21 {
        full_moon += 30;
    }
    let day_of_march = full_moon + 7 - (sunday + full_moon).rem_euclid(7);
    // Between 22 March and 25 April: both casts are of small positive numbers.
    if day_of_march > 31 { (4, (day_of_march - 31).unsigned_abs()) } else { (3, day_of_march.unsigned_abs()) }
}

/// Easter Sunday; `None` for years that the calendar type cannot hold or before the Gregorian calendar.
#[must_use]
pub fn easter(year: i32) -> Option<NaiveDate> {
    if !(1583..=9999).contains(&year) {
        return None;
    }
    let (month, day) = easter_month_day(year);
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The public holiday that falls on this date in this zone. When two coincide (Ascension on 1 or 8 May) the
/// fixed one is named.
#[must_use]
pub fn holiday_on(date: NaiveDate, zone: HolidayZone) -> Option<PublicHoliday> {
    let alsace = zone == HolidayZone::AlsaceMoselle;
    let fixed = match (date.month(), date.day()) {
        (1, 1) => Some(PublicHoliday::NewYear),
        (5, 1) => Some(PublicHoliday::LabourDay),
        (5, 8) => Some(PublicHoliday::VictoryDay),
        (7, 14) => Some(PublicHoliday::NationalDay),
        (8, 15) => Some(PublicHoliday::Assumption),
        (11, 1) => Some(PublicHoliday::AllSaints),
        (11, 11) => Some(PublicHoliday::Armistice),
        (12, 25) => Some(PublicHoliday::Christmas),
        (12, 26) if alsace => Some(PublicHoliday::SaintStephen),
        _ => None,
    };
    if fixed.is_some() {
        return fixed;
    }
    match (date - easter(date.year())?).num_days() {
        -2 if alsace => Some(PublicHoliday::GoodFriday),
        1 => Some(PublicHoliday::EasterMonday),
        39 => Some(PublicHoliday::Ascension),
        50 => Some(PublicHoliday::WhitMonday),
        _ => None,
    }
}

/// All public holidays between two dates, both included, in order of date.
#[must_use]
pub fn holidays_between(
    from: NaiveDate,
    to: NaiveDate,
    zone: HolidayZone,
) -> Vec<(NaiveDate, PublicHoliday)> {
    let mut found = Vec::new();
    for year in from.year()..=to.year() {
        let fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)];
        let mut dates: Vec<NaiveDate> =
            fixed.iter().filter_map(|&(month, day)| NaiveDate::from_ymd_opt(year, month, day)).collect();
        if let Some(sunday) = easter(year) {
            dates.extend(sunday.checked_sub_days(Days::new(2)));
            dates.extend([1, 39, 50].iter().filter_map(|&days| sunday.checked_add_days(Days::new(days))));
        }
        dates.sort_unstable();
        dates.dedup();
        found.extend(dates.into_iter().filter(|date| (from..=to).contains(date)).filter_map(|date| {
            let holiday = holiday_on(date, zone)?;
            Some((date, holiday))
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Weekday;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_falls_where_the_almanac_says() {
        for known in [
            "1990-04-15",
            "1999-04-04",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2016-03-27",
            "2019-04-21",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2100-03-28",
        ] {
            assert_eq!(easter(date(known).year()), Some(date(known)));
        }
    }

    /// A second computus (Meeus, Jones and Butcher), of another shape, must agree each year.
    #[test]
    fn two_ways_to_compute_easter_agree_for_centuries() {
        for year in 1583..=2500 {
            let (a, b, c) = (year % 19, year / 100, year % 100);
            let (d, e) = (b / 4, b % 4);
            let g = (b - (b + 8) / 25 + 1) / 3;
            let h = (19 * a + b - d - g + 15) % 30;
            let (i, k) = (c / 4, c % 4);
            let l = (32 + 2 * e + 2 * i - h - k) % 7;
            let m = (a + 11 * h + 22 * l) / 451;
            let n = h + l - 7 * m + 114;
            let expected = NaiveDate::from_ymd_opt(year, (n / 31) as u32, (n % 31 + 1) as u32);
            assert_eq!(easter(year), expected, "Easter {year}");
        }
    }

    #[test]
    fn every_year_from_1990_to_2100_has_its_days_on_the_right_weekdays() {
        for year in 1990..=2100 {
            let from = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let to = NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
            let metropole = holidays_between(from, to, HolidayZone::Metropole);
            let alsace = holidays_between(from, to, HolidayZone::AlsaceMoselle);
            // Ascension falls on 1 or 8 May in some years: one date less.
            assert!((10..=11).contains(&metropole.len()), "{year}: {}", metropole.len());
            assert_eq!(alsace.len(), metropole.len() + 2, "{year}");
            assert!(metropole.iter().all(|day| alsace.contains(day)), "{year}");
            for (day, holiday) in &alsace {
                let weekday = day.weekday();
                match holiday {
                    PublicHoliday::GoodFriday => assert_eq!(weekday, Weekday::Fri, "{day}"),
                    PublicHoliday::EasterMonday | PublicHoliday::WhitMonday => {
                        assert_eq!(weekday, Weekday::Mon, "{day}");
                    }
                    PublicHoliday::Ascension => assert_eq!(weekday, Weekday::Thu, "{day}"),
                    _ => {}
                }
            }
            // The list and the question about one date are the same thing.
            let mut day = from;
            while day <= to {
                let listed = alsace.iter().find(|(date, _)| *date == day).map(|(_, holiday)| *holiday);
                assert_eq!(holiday_on(day, HolidayZone::AlsaceMoselle), listed, "{day}");
                day = day.succ_opt().unwrap();
            }
        }
    }

    #[test]
    fn good_friday_and_saint_stephen_are_of_alsace_moselle_alone() {
        for (day, holiday) in
            [("2026-04-03", PublicHoliday::GoodFriday), ("2026-12-26", PublicHoliday::SaintStephen)]
        {
            assert_eq!(holiday_on(date(day), HolidayZone::Metropole), None);
            assert_eq!(holiday_on(date(day), HolidayZone::AlsaceMoselle), Some(holiday));
        }
        assert_eq!(holiday_on(date("2026-05-14"), HolidayZone::Metropole), Some(PublicHoliday::Ascension));
        assert_eq!(holiday_on(date("2026-05-25"), HolidayZone::Metropole), Some(PublicHoliday::WhitMonday));
        assert_eq!(
            holiday_on(date("2026-04-05"), HolidayZone::AlsaceMoselle),
            None,
            "Easter is a Sunday anyway"
        );
    }

    #[test]
    fn two_holidays_on_one_date_are_one_date() {
        assert_eq!(holiday_on(date("2008-05-01"), HolidayZone::Metropole), Some(PublicHoliday::LabourDay));
        let days = holidays_between(date("2008-05-01"), date("2008-05-01"), HolidayZone::Metropole);
        assert_eq!(days.len(), 1);
    }
}
