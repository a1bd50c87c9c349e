//! Which dates a repetition names. Dates only: what happens at which instant is decided by `civil`.

use std::num::NonZeroU32;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::civil::{Day, date_of};

/// How often something comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Every day, or every n days from the first.
    Daily,
    /// Every ISO week (Monday to Sunday), or every n weeks from the week of the first day.
    Weekly,
    /// Every month, or every n months from the month of the first day.
    Monthly,
}

/// The nth weekday of a month: 1 is the first, -1 the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NthWeekday {
    /// From 1 to 5, or from -1 to -5; zero and other numbers name no date.
    pub nth: i8,
    /// The weekday.
    pub weekday: Weekday,
}

/// A repetition from a first day. Nothing happens before that day; a month that lacks the day is skipped.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recurrence {
    /// Days, weeks or months.
    pub frequency: Frequency,
    /// Every how many of them.
    pub interval: NonZeroU32,
    /// Weekly: the weekdays (none: the one of the first day). Daily: only these weekdays. Monthly, without
    /// `nth_weekday`: each of these weekdays in the month.
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// Monthly: the nth weekday instead of the day of the month.
    #[serde(default)]
    pub nth_weekday: Option<NthWeekday>,
    /// The last possible date, included.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

impl Recurrence {
    /// Every week on these weekdays, without end.
    #[must_use]
    pub fn weekly(weekdays: impl IntoIterator<Item = Weekday>) -> Self {
        Self {
            frequency: Frequency::Weekly,
            interval: NonZeroU32::MIN,
            weekdays: weekdays.into_iter().collect(),
            nth_weekday: None,
            until: None,
        }
    }
}

/// The dates that a repetition names between two dates, both included, in order; without a repetition, the
/// first day alone.
#[must_use]
pub fn occurrences(
    first_day: NaiveDate,
    rule: Option<&Recurrence>,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<NaiveDate> {
    let mut dates = Vec::new();
    each_day(first_day, rule, from.num_days_from_ce(), to.num_days_from_ce(), |day| dates.push(date_of(day)));
    dates
}

/// The bit of a weekday in a mask; Monday is bit 0.
fn bit(weekday: Weekday) -> u8 {
    1 << weekday.num_days_from_monday()
}

fn mask(weekdays: &[Weekday]) -> u8 {
    weekdays.iter().fold(0, |mask, &weekday| mask | bit(weekday))
}

/// The bit of a day number: day 1 was a Monday.
fn bit_of(day: Day) -> u8 {
    1 << (day - 1).rem_euclid(7)
}

/// Calls `found` for each date in `from..=to`, in order.
pub(crate) fn each_day(
    first_day: NaiveDate,
    rule: Option<&Recurrence>,
    from: Day,
    to: Day,
    mut found: impl FnMut(Day),
) {
    let first = first_day.num_days_from_ce();
    let Some(rule) = rule else {
        if (from..=to).contains(&first) {
            found(first);
        }
        return;
    };
    let from = from.max(first);
    let to = rule.until.map_or(to, |until| to.min(until.num_days_from_ce()));
    if from > to {
        return;
    }
    let interval = i64::from(rule.interval.get());
    match rule.frequency {
        Frequency::Daily => {
            let wanted = if rule.weekdays.is_empty() { u8::MAX } else { mask(&rule.weekdays) };
            let gap = i64::from(from - first);
            let mut at = i64::from(first) + (gap + interval - 1) / interval * interval;
            while at <= i64::from(to) {
                // Between `from` and `to`, which are day numbers.
                let day = at as Day;
                if wanted & bit_of(day) != 0 {
                    found(day);
                }
                at += interval;
            }
        }
        Frequency::Weekly => {
            let wanted = if rule.weekdays.is_empty() { bit_of(first) } else { mask(&rule.weekdays) };
            let monday = |day: Day| day - (day - 1).rem_euclid(7);
            let weeks = i64::from((monday(from) - monday(first)) / 7);
            let mut week = (weeks + interval - 1) / interval * interval;
            loop {
                let start = i64::from(monday(first)) + week * 7;
                if start > i64::from(to) {
                    break;
                }
                for day in (start as Day)..=(start as Day + 6) {
                    if (from..=to).contains(&day) && wanted & bit_of(day) != 0 {
                        found(day);
                    }
                }
                week += interval;
            }
        }
        Frequency::Monthly => {
            let month_of = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
            let (origin, last) = (month_of(first_day), month_of(date_of(to)));
            let months = month_of(date_of(from)) - origin;
            let mut month = origin + (months + interval - 1) / interval * interval;
            while month <= last {
                for day in days_of_month(month, rule, first_day.day()) {
                    if (from..=to).contains(&day) {
                        found(day);
                    }
                }
                month += interval;
            }
        }
    }
}

/// The days that a monthly rule names in one month, counted from the year 0.
fn days_of_month(month: i64, rule: &Recurrence, day_of_month: u32) -> Vec<Day> {
    let start = |month: i64| -> Option<Day> {
        let year = i32::try_from(month.div_euclid(12)).ok()?;
        let month = u32::try_from(month.rem_euclid(12)).ok()? + 1;
        Some(NaiveDate::from_ymd_opt(year, month, 1)?.num_days_from_ce())
    };
    let (Some(first), Some(after)) = (start(month), start(month + 1)) else { return Vec::new() };
    if let Some(NthWeekday { nth, weekday }) = rule.nth_weekday {
        let wanted = bit(weekday);
        let mut days: Vec<Day> = (first..after).filter(|&day| bit_of(day) == wanted).collect();
        if nth < 0 {
            days.reverse();
        }
        let nth = usize::from(nth.unsigned_abs());
        return nth.checked_sub(1).and_then(|index| days.get(index).copied()).into_iter().collect();
    }
    if !rule.weekdays.is_empty() {
        let wanted = mask(&rule.weekdays);
        return (first..after).filter(|&day| bit_of(day) & wanted != 0).collect();
    }
    i32::try_from(day_of_month)
        .map(|day| first + day - 1)
        .ok()
        .filter(|&day| day < after)
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rule(frequency: Frequency, interval: u32) -> Recurrence {
        Recurrence {
            frequency,
            interval: NonZeroU32::new(interval).unwrap(),
            weekdays: Vec::new(),
            nth_weekday: None,
            until: None,
        }
    }

    fn dates(first: &str, rule: &Recurrence, from: &str, to: &str) -> Vec<String> {
        occurrences(date(first), Some(rule), date(from), date(to)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_second_week_counts_iso_weeks_not_fourteen_days() {
        // The first day is a Thursday: Monday of that week is before it, Monday two weeks later counts.
        let mut weekly = rule(Frequency::Weekly, 2);
        weekly.weekdays = vec![Weekday::Thu, Weekday::Mon];
        assert_eq!(
            dates("2026-09-03", &weekly, "2026-08-01", "2026-09-30"),
            ["2026-09-03", "2026-09-14", "2026-09-17", "2026-09-28"]
        );
        // Over the end of a year of 53 weeks.
        let fortnight = rule(Frequency::Weekly, 2);
        assert_eq!(dates("2026-12-22", &fortnight, "2027-01-01", "2027-01-31"), ["2027-01-05", "2027-01-19"]);
    }

    #[test]
    fn a_month_without_the_day_or_the_nth_weekday_is_skipped() {
        assert_eq!(
            dates("2026-01-31", &rule(Frequency::Monthly, 1), "2026-02-01", "2026-06-30"),
            ["2026-03-31", "2026-05-31"]
        );
        let mut nth = rule(Frequency::Monthly, 1);
        nth.nth_weekday = Some(NthWeekday { nth: -1, weekday: Weekday::Fri });
        assert_eq!(
            dates("2026-01-10", &nth, "2026-01-01", "2026-03-31"),
            ["2026-01-30", "2026-02-27", "2026-03-27"]
        );
        nth.nth_weekday = Some(NthWeekday { nth: -5, weekday: Weekday::Mon });
        assert_eq!(dates("2026-08-01", &nth, "2026-08-01", "2026-12-31"), ["2026-08-03", "2026-11-02"]);
        nth.nth_weekday = Some(NthWeekday { nth: 0, weekday: Weekday::Mon });
        assert!(dates("2026-08-01", &nth, "2026-08-01", "2026-12-31").is_empty());
    }

    #[test]
    fn months_are_counted_from_the_month_of_the_first_day() {
        assert_eq!(
            dates("2025-11-30", &rule(Frequency::Monthly, 3), "2026-01-01", "2026-12-31"),
            ["2026-05-30", "2026-08-30", "2026-11-30"]
        );
    }

    #[test]
    fn until_is_included_and_days_are_counted_from_the_first() {
        let mut daily = rule(Frequency::Daily, 3);
        daily.until = Some(date("2026-09-10"));
        assert_eq!(
            dates("2026-09-01", &daily, "2026-09-02", "2026-09-30"),
            ["2026-09-04", "2026-09-07", "2026-09-10"]
        );
        daily.until = Some(date("2026-08-01"));
        assert!(dates("2026-09-01", &daily, "2026-09-02", "2026-09-30").is_empty());
    }

    #[test]
    fn an_enormous_interval_ends() {
        for frequency in [Frequency::Daily, Frequency::Weekly, Frequency::Monthly] {
            assert_eq!(
                dates("2026-09-01", &rule(frequency, u32::MAX), "2026-01-01", "2030-01-01"),
                ["2026-09-01"]
            );
        }
    }
}
