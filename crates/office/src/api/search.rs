//! The slot engine over the stored agenda: only as many days are read as the answer needs.

use chrono::{Days, NaiveDate};
use passerelle_domain::availability::{self, Search};
use passerelle_domain::refusal::FreeSlot;

use super::dto::ApiError;
use super::views::Viewer;
use crate::desk::Desk;

/// Days of the first, small step of a search with a limit; each next step is three times as long.
const FIRST_STEP_DAYS: u64 = 7;

/// Free slots of a search that `keep` accepts, in order of time; with a limit, reading stops once it is reached.
///
/// # Errors
/// The database's.
pub async fn free_slots(
    desk: &Desk,
    viewer: &Viewer,
    wanted: &Search,
    mut keep: impl FnMut(&FreeSlot) -> bool,
) -> Result<Vec<FreeSlot>, ApiError> {
    let mut found = Vec::new();
    let mut from = wanted.from;
    let mut step = FIRST_STEP_DAYS;
    loop {
        let last = from.checked_add_days(Days::new(step - 1)).unwrap_or(wanted.to);
        let to = if wanted.limit.is_some() { last.min(wanted.to) } else { wanted.to };
        let limit = wanted.limit.map(|l| l.saturating_sub(found.len()));
        let part = Search { from, to, limit, ..wanted.clone() };
        let (load_from, load_to) = availability::days_to_load(from, to);
        let meetings = desk.store().appointments_between(load_from, load_to).await?;
        found.extend(availability::free_slots(&viewer.settings, &meetings, &part, viewer.now, &mut keep));
        let enough = wanted.limit.is_some_and(|l| found.len() >= l);
        match to.succ_opt().filter(|next| *next <= wanted.to && !enough) {
            Some(next) => from = next,
            None => return Ok(found),
        }
        step *= 3;
    }
}

/// The last day of a search that looks so many days ahead, within what the engine can answer.
#[must_use]
pub fn days_ahead(from: NaiveDate, days: u16) -> NaiveDate {
    from.checked_add_days(Days::new(u64::from(days.min(3_000)))).unwrap_or(from)
}
