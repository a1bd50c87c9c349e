//! One date of an agenda, for drawing it: open, closed, absent.

use std::fmt::Debug;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::civil::Span;
use super::index::{AgendaIndex, instant};
use super::search::QueryError;
use crate::holidays::PublicHoliday;

/// Why a site does not receive on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "holiday")]
pub enum ClosedReason {
    /// An exceptional closure of the site.
    Closure,
    /// A public holiday; an opening may be held in spite of it.
    PublicHoliday(PublicHoliday),
}

/// A counsellor receives at a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenBlock<K> {
    /// Who.
    pub counsellor: K,
    /// Where.
    pub site: K,
    /// First instant, on this date.
    pub start: DateTime<Utc>,
    /// Instant after the last, at most the next midnight at the site.
    pub end: DateTime<Utc>,
}

/// A counsellor is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceSpan<K> {
    /// Who.
    pub counsellor: K,
    /// First instant, at the earliest midnight of the date in one of the agenda's zones.
    pub start: DateTime<Utc>,
    /// Instant after the last, at most the next midnight.
    pub end: DateTime<Utc>,
    /// Whether it is an event of the counsellor's own calendar and not an absence told to the office.
    pub external: bool,
}

/// One date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayPlan<K> {
    /// The date.
    pub date: NaiveDate,
    /// United openings, by site, counsellor, time. Those that a closure or a holiday suppresses are not here.
    pub open: Vec<OpenBlock<K>>,
    /// By counsellor, time; those that overlap or touch are one.
    pub absent: Vec<AbsenceSpan<K>>,
    /// The sites that do not receive, and why; an opening may be held on a public holiday all the same.
    pub closed: Vec<(K, ClosedReason)>,
}

/// The openings, absences and closures of one date. The date is that of each site's own zone.
///
/// # Errors
/// When the date is outside the indexed window.
pub fn openings_on<K: Clone + Ord + Debug>(
    index: &AgendaIndex<K>,
    date: NaiveDate,
) -> Result<DayPlan<K>, QueryError> {
    if !index.window().covers(date, date) {
        return Err(QueryError::OutsideWindow);
    }
    let day = date.num_days_from_ce();
    let mut plan = DayPlan { date, open: Vec::new(), absent: Vec::new(), closed: Vec::new() };
    for site in &index.sites {
        plan.closed.extend(site.closed_on(date).map(|reason| (site.id.clone(), reason)));
    }
    for pair in &index.pairs {
        let site = &index.sites[pair.site];
        let whole = Span::new(site.clock.midnight(day), site.clock.midnight(day + 1));
        plan.open.extend(clipped(&pair.openings, whole).map(|span| OpenBlock {
            counsellor: index.counsellors[pair.counsellor].id.clone(),
            site: site.id.clone(),
            start: instant(span.start),
            end: instant(span.end),
        }));
    }
    let whole = index.date_anywhere(day);
    for counsellor in &index.counsellors {
        for (spans, external) in [(&counsellor.absences, false), (&counsellor.external, true)] {
            let mut united = spans.clone();
            super::civil::unite(&mut united);
            plan.absent.extend(clipped(&united, whole).map(|span| AbsenceSpan {
                counsellor: counsellor.id.clone(),
                start: instant(span.start),
                end: instant(span.end),
                external,
            }));
        }
    }
    plan.absent
        .sort_by(|a, b| (&a.counsellor, a.start, a.external).cmp(&(&b.counsellor, b.start, b.external)));
    Ok(plan)
}

/// The parts of united spans inside another one.
fn clipped(spans: &[Span], whole: Span) -> impl Iterator<Item = Span> + '_ {
    // United spans are in order of their ends as well.
    let first = spans.partition_point(|span| span.end <= whole.start);
    spans[first..]
        .iter()
        .take_while(move |span| span.start < whole.end)
        .map(move |span| Span::new(span.start.max(whole.start), span.end.min(whole.end)))
}
