//! The days of an opening or an absence, one by one, with what suppresses them; and the change of one of them.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::holidays::holiday_on;
use crate::ids::{OpeningId, SiteId};
use crate::office::{
    Absence, CivilBlock, Frequency, NthWeekday, OfficeSettings, Opening, OpeningOverride, Recurrence,
};
use crate::school_holidays::school_holiday_on;
use crate::slots::occurrences;

/// Why an opening does not take place on a day that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", content = "name", rename_all = "snake_case")]
pub enum Suppressed {
    /// The site is closed.
    Closure,
    /// A public holiday, by name.
    PublicHoliday(String),
    /// School holidays, by name, of an opening "in term only".
    SchoolHoliday(String),
}

/// One day of an opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The day, at the site.
    pub date: NaiveDate,
    /// Its stretches.
    pub blocks: Vec<CivilBlock>,
    /// Where.
    pub site: SiteId,
    /// It differs from the rule.
    pub changed: bool,
    /// It does not take place.
    pub suppressed: Option<Suppressed>,
}

/// The days of an opening between two dates, both included, in order: those that take place and those that something
/// suppresses. Days taken out are not among them.
#[must_use]
pub fn of_opening(
    settings: &OfficeSettings,
    opening: &Opening,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<Occurrence> {
    let overridden = |d: &NaiveDate| opening.overrides.iter().any(|o| o.date == *d);
    let by_rule = occurrences(opening.first_day, opening.rule.as_ref(), from, to)
        .into_iter()
        .filter(|d| !opening.except.contains(d) && !overridden(d))
        .map(|date| Occurrence {
            date,
            blocks: opening.blocks.clone(),
            site: opening.site,
            changed: false,
            suppressed: suppressed(settings, opening, opening.site, date, false),
        });
    let changed = opening
        .overrides
        .iter()
        .filter(|o| (from.max(opening.first_day)..=to).contains(&o.date) && !opening.except.contains(&o.date))
        .map(|o| {
            let site = o.site.unwrap_or(opening.site);
            Occurrence {
                date: o.date,
                blocks: o.blocks.clone(),
                site,
                changed: true,
                suppressed: suppressed(settings, opening, site, o.date, true),
            }
        });
    let mut all: Vec<Occurrence> = by_rule.chain(changed).collect();
    all.sort_by_key(|o| o.date);
    all
}

/// What suppresses a day. A day that somebody set apart takes place in school holidays too: it was meant.
fn suppressed(
    settings: &OfficeSettings,
    opening: &Opening,
    site: SiteId,
    date: NaiveDate,
    changed: bool,
) -> Option<Suppressed> {
    let place = settings.site(site)?;
    if place.closures.contains(&date) {
        return Some(Suppressed::Closure);
    }
    if !opening.works_on_off_days
        && let Some(holiday) = holiday_on(date, place.holidays)
    {
        return Some(Suppressed::PublicHoliday(holiday.french_name().to_owned()));
    }
    if opening.term_only
        && !changed
        && let Some(zone) = settings.office.schools_zone()
        && let Some(holiday) = school_holiday_on(date, zone)
    {
        return Some(Suppressed::SchoolHoliday(holiday.name.to_owned()));
    }
    None
}

/// When an absence falls between two dates, both included, in civil time of the office: start and end of each.
#[must_use]
pub fn of_absence(absence: &Absence, from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDateTime, NaiveDateTime)> {
    let length = absence.end - absence.start;
    let before = u64::try_from(length.num_days() + 1).unwrap_or(1);
    let earliest = from.checked_sub_days(Days::new(before)).unwrap_or(from);
    occurrences(absence.start.date(), absence.rule.as_ref(), earliest, to)
        .into_iter()
        .filter(|d| !absence.except.contains(d))
        .filter_map(|d| {
            let start = d.and_time(absence.start.time());
            Some((start, start.checked_add_signed(length)?))
        })
        .filter(|(start, end)| start.date() <= to && *end > from.and_time(chrono::NaiveTime::MIN))
        .collect()
}

/// Where one day of an opening goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlace {
    /// The day.
    pub date: NaiveDate,
    /// Its stretches.
    pub blocks: Vec<CivilBlock>,
    /// Where; the opening's own site when `None`.
    pub site: Option<SiteId>,
}

/// One day of an opening changed, moved (`to` on another day) or removed (`to` is `None`); the rest of it stays.
///
/// `None` when the opening has nothing on that day, when the new day lies before the first one of a repetition, or when
/// the opening is at another site on the new day already.
#[must_use]
pub fn change_one(opening: &Opening, date: NaiveDate, to: Option<&NewPlace>) -> Option<Opening> {
    let named = !occurrences(opening.first_day, opening.rule.as_ref(), date, date).is_empty();
    let here = !opening.except.contains(&date)
        && (named || opening.overrides.iter().any(|o| o.date == date && date >= opening.first_day));
    if !here {
        return None;
    }
    let mut changed = opening.clone();
    if opening.rule.is_none() && opening.overrides.iter().all(|o| o.date == date) {
        // That one day is the opening.
        changed.overrides.clear();
        match to {
            None => changed.removed = true,
            Some(to) => {
                changed.first_day = to.date;
                changed.blocks.clone_from(&to.blocks);
                changed.site = to.site.unwrap_or(opening.site);
            }
        }
        return Some(changed);
    }
    changed.overrides.retain(|o| o.date != date);
    let Some(to) = to else {
        if named {
            changed.except.push(date);
        }
        return Some(changed);
    };
    if to.date < opening.first_day {
        return None;
    }
    let site = to.site.filter(|s| *s != opening.site);
    let mut blocks = to.blocks.clone();
    if to.date != date {
        if named {
            changed.except.push(date);
        }
        // What the opening has on the new day already stays with what comes: an override alone would replace it.
        let there = at(opening, to.date);
        if there.iter().any(|(_, s)| *s != site) {
            return None;
        }
        blocks.extend(there.into_iter().flat_map(|(blocks, _)| blocks.iter().copied()));
        changed.overrides.retain(|o| o.date != to.date);
        changed.except.retain(|d| *d != to.date);
    }
    changed.overrides.push(OpeningOverride { date: to.date, blocks: united(blocks), site });
    changed.overrides.sort_by_key(|o| o.date);
    Some(changed)
}

/// The stretches that an opening has on a day, each with another site than its own if it is elsewhere.
fn at(opening: &Opening, date: NaiveDate) -> Vec<(&[CivilBlock], Option<SiteId>)> {
    if opening.except.contains(&date) {
        return Vec::new();
    }
    let other = |o: &OpeningOverride| o.site.filter(|s| *s != opening.site);
    let overrides: Vec<_> = opening
        .overrides
        .iter()
        .filter(|o| o.date == date)
        .map(|o| (o.blocks.as_slice(), other(o)))
        .collect();
    let named = !occurrences(opening.first_day, opening.rule.as_ref(), date, date).is_empty();
    if overrides.is_empty() && named { vec![(opening.blocks.as_slice(), None)] } else { overrides }
}

/// Stretches in order; those that overlap or touch are one.
fn united(mut blocks: Vec<CivilBlock>) -> Vec<CivilBlock> {
    blocks.sort_unstable();
    let mut out: Vec<CivilBlock> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match out.last_mut() {
            Some(last) if block.from <= last.to => last.to = last.to.max(block.to),
            _ => out.push(block),
        }
    }
    out
}

/// An opening from one of its days on changed, moved or ended; earlier days stay. What it becomes: the old one ended
/// the day before, and the new ones, with the identifiers given (two are enough). When several weekdays share the
/// opening, only the weekday of that day changes.
///
/// `None` as for [`change_one`], or when identifiers are missing.
#[must_use]
pub fn change_following(
    opening: &Opening,
    date: NaiveDate,
    to: Option<&NewPlace>,
    ids: &[OpeningId],
) -> Option<Vec<Opening>> {
    let Some(rule) = &opening.rule else { return Some(vec![change_one(opening, date, to)?]) };
    change_one(opening, date, None)?;
    let mut ended = opening.clone();
    let eve = date.pred_opt()?;
    if date <= opening.first_day {
        ended.removed = true;
    } else {
        ended.rule = Some(Recurrence { until: Some(eve), ..rule.clone() });
        ended.overrides.retain(|o| o.date < date);
        ended.except.retain(|d| *d < date);
    }
    let mut made = vec![ended];
    let mut ids = ids.iter();
    let later = |o: &Opening| {
        let mut o = o.clone();
        o.overrides.retain(|d| d.date >= date);
        o.except.retain(|d| *d >= date);
        o
    };
    let others: Vec<_> = rule.weekdays.iter().copied().filter(|w| *w != date.weekday()).collect();
    let shared = rule.frequency == Frequency::Weekly && !others.is_empty();
    if shared {
        let mut rest = later(opening);
        rest.id = *ids.next()?;
        rest.first_day = date;
        rest.rule = Some(Recurrence { weekdays: others, ..rule.clone() });
        rest.overrides.retain(|o| o.date.weekday() != date.weekday());
        made.push(rest);
    }
    let Some(to) = to else { return Some(made) };
    let shift = to.date - date;
    let mut moved = later(opening);
    moved.id = *ids.next()?;
    moved.first_day = to.date;
    moved.blocks.clone_from(&to.blocks);
    moved.site = to.site.unwrap_or(opening.site);
    moved.rule = Some(moved_rule(rule, date, to.date, shared));
    moved.overrides.retain(|o| o.date != date && (!shared || o.date.weekday() == date.weekday()));
    // A day that was changed by hand stays where it is; what the moved rule would put beside it does not come.
    let by_hand: Vec<NaiveDate> = moved.overrides.iter().map(|o| o.date).collect();
    moved.except = moved.except.iter().chain(&by_hand).filter_map(|d| d.checked_add_signed(shift)).collect();
    moved.except.retain(|d| !by_hand.contains(d));
    moved.except.sort_unstable();
    moved.except.dedup();
    moved.overrides.retain(|o| o.date >= moved.first_day);
    made.push(moved);
    Some(made)
}

/// The repetition as it goes on from the day to which one of its days was moved.
fn moved_rule(rule: &Recurrence, from: NaiveDate, to: NaiveDate, alone: bool) -> Recurrence {
    let mut moved = rule.clone();
    let renamed = |w: &chrono::Weekday| if *w == from.weekday() { to.weekday() } else { *w };
    moved.weekdays = if alone { vec![to.weekday()] } else { rule.weekdays.iter().map(renamed).collect() };
    moved.weekdays.sort_by_key(chrono::Weekday::num_days_from_monday);
    moved.weekdays.dedup();
    moved.nth_weekday = rule.nth_weekday.map(|n| {
        let nth = i8::try_from((to.day0() / 7) + 1).unwrap_or(1);
        let last = to.checked_add_days(Days::new(7)).is_none_or(|d| d.month() != to.month());
        NthWeekday { nth: if n.nth < 0 && last { -1 } else { nth }, weekday: to.weekday() }
    });
    moved.until = rule.until.map(|until| until.max(to));
    moved
}
