//! Permanences: openings that are drawn and take a counsellor's time, and that no search offers. Who comes without an
//! appointment is sent there.

use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::openings::{opening_rows, site_rows};
use crate::ids::{PersonId, SiteId};
use crate::office::OfficeSettings;
use crate::slots::{Agenda, AgendaIndex, AppointmentRow, Travel, Window, openings_on};

/// Somebody holds a permanence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutySpan {
    /// Who.
    pub counsellor: PersonId,
    /// Where.
    pub site: SiteId,
    /// UTC.
    pub start: DateTime<Utc>,
    /// UTC.
    pub end: DateTime<Utc>,
}

/// The first 8 octets of the keys under which permanences take time: never those of a UUIDv7 or v4.
const MARK: u64 = 0xffff_ffff_ffff_ffff;

/// Whether a key is one that [`duty_rows`] made and not a meeting's.
#[must_use]
pub const fn is_duty(id: Uuid) -> bool {
    (id.as_u128() >> 64) as u64 == MARK
}

/// The permanences between two civil days, both included, in order: closures, holidays and changed days are the
/// engine's to apply, as for any opening.
#[must_use]
pub fn duty_between(settings: &OfficeSettings, from: NaiveDate, to: NaiveDate) -> Vec<DutySpan> {
    let openings = opening_rows(settings, Some((from, to)), |o| o.duty);
    if openings.is_empty() {
        return Vec::new();
    }
    let rows = Agenda {
        sites: site_rows(settings),
        openings,
        absences: Vec::new(),
        external: Vec::new(),
        appointments: Vec::new(),
        rooms: Vec::new(),
        travel: Travel::default(),
    };
    let Ok(window) = Window::new(from, to) else { return Vec::new() };
    let Ok(index) = AgendaIndex::build(&rows, window) else { return Vec::new() };
    let days = from.iter_days().take_while(|d| *d <= to);
    let mut spans: Vec<DutySpan> = days
        .filter_map(|day| openings_on(&index, day).ok())
        .flat_map(|plan| plan.open)
        .map(|o| DutySpan {
            counsellor: PersonId(o.counsellor),
            site: SiteId(o.site),
            start: o.start,
            end: o.end,
        })
        .collect();
    spans.sort_by_key(|s| (s.start, s.counsellor, s.site));
    spans
}

/// Permanences as rows that take time at their site, travel included. A day more on both sides, as journeys and other
/// zones reach over midnight.
pub(super) fn duty_rows(
    settings: &OfficeSettings,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<AppointmentRow<Uuid>> {
    let from = from.checked_sub_days(Days::new(1)).unwrap_or(from);
    let to = to.checked_add_days(Days::new(1)).unwrap_or(to);
    let spans = duty_between(settings, from, to);
    spans
        .into_iter()
        .zip(0_u64..)
        .map(|(span, n)| AppointmentRow {
            id: Uuid::from_u64_pair(MARK, n),
            counsellor: span.counsellor.0,
            second: None,
            site: Some(span.site.0),
            start: span.start,
            end: span.end,
            blocking: true,
            buffer_after_min: 0,
            room: None,
        })
        .collect()
}
