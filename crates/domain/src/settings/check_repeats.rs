//! Stretches of a day, dates and repetitions: whether they are sane.

use chrono::{Datelike, Days, NaiveDate};

use super::check::Errors;
use crate::office::{CivilBlock, Frequency, Recurrence};
use crate::slots::occurrences;

/// Most stretches of one day.
const BLOCKS_MAX: usize = 12;

/// How far ahead a repetition must name its first day.
const FIRST_WITHIN_DAYS: u64 = 5 * 366;

/// Years that the agenda is made for.
fn is_known(date: NaiveDate) -> bool {
    (1990..=2100).contains(&date.year())
}

/// Stretches in order, none empty, none over another.
pub(super) fn blocks(e: &mut Errors, field: &str, blocks: &[CivilBlock]) {
    if blocks.len() > BLOCKS_MAX {
        e.add(field, "too_many");
    }
    for (i, block) in blocks.iter().enumerate() {
        if block.to > 24 * 60 {
            e.add(&format!("{field}.{i}.to"), "out_of_range");
        }
        if block.to <= block.from {
            e.add(&format!("{field}.{i}.to"), "order");
        }
        if i > 0 && blocks[i - 1].to > block.from {
            e.add(&format!("{field}.{i}.from"), "order");
        }
    }
}

/// Days of the years that the agenda knows.
pub(super) fn dates(e: &mut Errors, field: &str, dates: &[NaiveDate]) {
    for (i, date) in dates.iter().enumerate() {
        if !is_known(*date) {
            e.add(&format!("{field}.{i}"), "out_of_range");
        }
    }
}

/// A first day and how it comes back. `first` names the field of the first day.
pub(super) fn repetition(e: &mut Errors, first_day: NaiveDate, rule: Option<&Recurrence>, first: &str) {
    if !is_known(first_day) {
        e.add(first, "out_of_range");
        return;
    }
    let Some(rule) = rule else { return };
    let most = match rule.frequency {
        Frequency::Daily => 366,
        Frequency::Weekly => 53,
        Frequency::Monthly => 24,
    };
    if rule.interval.get() > most {
        e.add("rule.interval", "out_of_range");
    }
    if rule.weekdays.len() > 7 {
        e.add("rule.weekdays", "too_many");
    }
    if rule.nth_weekday.is_some_and(|n| n.nth == 0 || !(-5..=5).contains(&n.nth)) {
        e.add("rule.nth_weekday", "out_of_range");
    }
    if rule.nth_weekday.is_some() && rule.frequency != Frequency::Monthly {
        e.add("rule.nth_weekday", "unknown");
    }
    if let Some(until) = rule.until {
        if !is_known(until) {
            e.add("rule.until", "out_of_range");
            return;
        }
        if until < first_day {
            e.add("rule.until", "order");
            return;
        }
    }
    let last = rule.until.or_else(|| first_day.checked_add_days(Days::new(FIRST_WITHIN_DAYS)));
    let looked = last
        .unwrap_or(first_day)
        .min(first_day.checked_add_days(Days::new(FIRST_WITHIN_DAYS)).unwrap_or(first_day));
    if occurrences(first_day, Some(rule), first_day, looked).is_empty() {
        e.add("rule", "no_date");
    }
}
