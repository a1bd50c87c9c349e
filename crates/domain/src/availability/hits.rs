//! Which meetings a change of the settings would leave without their ground: an absence over them, a closed day, an
//! opening that is gone. One comparison of before and after, so that every sort of change is judged alike.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{agenda_between, is_duty, kind_rules};
use crate::appointment::{Appointment, Status};
use crate::ids::AppointmentId;
use crate::office::OfficeSettings;
use crate::slots::{AgendaIndex, BusyCause, Candidate, Finding, KindRules, Overlap, Window, check};

/// A meeting that a change hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub appointment: AppointmentId,
    /// "absence", "closure", "holiday", "outside_opening", "duty": what was not so before.
    pub why: Vec<&'static str>,
}

/// The meetings still to come that have an objection `after` which they do not have `before`, in order of start.
/// Proposals count: a family may be about to accept one.
#[must_use]
pub fn hits(
    before: &OfficeSettings,
    after: &OfficeSettings,
    meetings: &[&Appointment],
    now: DateTime<Utc>,
) -> Vec<Hit> {
    let to_come =
        |a: &&Appointment| a.end > now && matches!(a.status, Status::Held | Status::Booked | Status::Arrived);
    let mut meetings: Vec<&Appointment> = meetings.iter().copied().filter(to_come).collect();
    meetings.sort_by_key(|a| (a.start, a.id));
    let day = |a: &Appointment, s: &OfficeSettings| a.start.with_timezone(&s.zone_of(a.site)).date_naive();
    let days = || meetings.iter().flat_map(|a| [day(a, before), day(a, after)]);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Vec::new() };
    let Ok(window) = Window::new(first, last) else { return Vec::new() };
    let index =
        |s| AgendaIndex::build(&agenda_between(s, [], (first, last), DateTime::<Utc>::MIN_UTC), window).ok();
    let (Some(was), Some(is)) = (index(before), index(after)) else { return Vec::new() };
    meetings
        .into_iter()
        .filter_map(|a| {
            let old = objections(&was, before, a, now);
            let mut why = objections(&is, after, a, now);
            why.retain(|code| !old.contains(code));
            (!why.is_empty()).then_some(Hit { appointment: a.id, why })
        })
        .collect()
}

fn objections(
    index: &AgendaIndex<Uuid>,
    settings: &OfficeSettings,
    a: &Appointment,
    now: DateTime<Utc>,
) -> Vec<&'static str> {
    let Some(kind) = settings.kinds.get(&a.kind) else { return Vec::new() };
    let candidate = Candidate {
        counsellor: a.counsellor.0,
        second: a.second.map(|second| second.0),
        site: a.site.0,
        start: a.start,
        end: Some(a.end),
        room: None,
        reschedule_of: None,
    };
    let rules = KindRules { room_kind: None, ..kind_rules(kind, None) };
    let found = check(index, &rules, &candidate, now, false).map(|c| c.findings).unwrap_or_default();
    let mut codes: Vec<&'static str> = found
        .iter()
        .filter_map(|f| match f {
            Finding::OutsideOpening { .. } => Some("outside_opening"),
            Finding::Closed { reason: crate::slots::ClosedReason::Closure, .. } => Some("closure"),
            Finding::Closed { .. } => Some("holiday"),
            Finding::Busy { cause: BusyCause::Absence, overlap: Overlap::Meeting, .. } => Some("absence"),
            Finding::Busy { cause: BusyCause::Appointment(id), overlap: Overlap::Meeting, .. }
                if is_duty(*id) =>
            {
                Some("duty")
            }
            _ => None,
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
