//! The dates of an opening: what its rule names, without what was removed, with what was changed.

use chrono::{Datelike, NaiveDate};

use super::civil::Day;
use super::recurrence::each_day;
use super::rows::{CivilBlock, OpeningRow};

/// Calls `found` for each date of an opening between two days, with its site and blocks.
///
/// A removed date stays removed, overridden or not. An override stands for its date whether or not the rule names
/// that date: an occurrence moved to another day is its old date removed and its new date overridden. Several
/// overrides of one date add up, so that their order cannot matter.
pub(super) fn for_each_date<'a, K, E>(
    row: &'a OpeningRow<K>,
    from: Day,
    to: Day,
    mut found: impl FnMut(Day, &'a K, &'a [CivilBlock]) -> Result<(), E>,
) -> Result<(), E> {
    let days = |dates: &mut dyn Iterator<Item = NaiveDate>| -> Vec<Day> {
        let mut days: Vec<Day> = dates.map(|date| date.num_days_from_ce()).collect();
        days.sort_unstable();
        days
    };
    let removed = days(&mut row.exdates.iter().copied());
    let overridden = days(&mut row.overrides.iter().map(|change| change.date));
    let mut result = Ok(());
    each_day(row.first_day, row.recurrence.as_ref(), from, to, |day| {
        if result.is_ok() && removed.binary_search(&day).is_err() && overridden.binary_search(&day).is_err() {
            result = found(day, &row.site, &row.blocks);
        }
    });
    result?;
    let earliest = from.max(row.first_day.num_days_from_ce());
    for change in &row.overrides {
        let day = change.date.num_days_from_ce();
        if (earliest..=to).contains(&day) && removed.binary_search(&day).is_err() {
            found(day, change.site.as_ref().unwrap_or(&row.site), &change.blocks)?;
        }
    }
    Ok(())
}
