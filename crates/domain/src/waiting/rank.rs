//! Whom to call when a place becomes free, in which order, and why.

use chrono::{DateTime, Datelike, Duration, Timelike, Utc};

use super::{CallOutcome, WaitingEntry, WaitingStatus};
use crate::command::Place;
use crate::ids::{KindId, PersonId, WaitingId};
use crate::office::{AppointmentKind, OfficeSettings};

/// Somebody who was called within this time and did not answer is called again after the others.
pub const RECENT_CALL: Duration = Duration::hours(2);

/// A place that has become free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreedPlace {
    /// The kind of the meeting that stood there.
    pub kind: KindId,
    /// Where it stood.
    pub place: Place,
}

/// Somebody who waits, with what the ranking must know beside the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The entry.
    pub entry: WaitingEntry,
    /// Who follows this person.
    pub referent: Option<PersonId>,
    /// The person has another meeting at that hour.
    pub busy: bool,
}

/// What speaks for or against calling somebody now. The order is that in which it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Marked urgent.
    Urgent,
    /// Waits for this counsellor by name.
    WantedCounsellor,
    /// This counsellor follows the person.
    Referent,
    /// Waits for the very kind that stood there.
    ExactKind,
    /// Waits for another kind, which is short enough to stand there.
    OtherKind,
    /// Did not answer a moment ago.
    CalledRecently,
    /// Said no to this very place.
    DeclinedThis,
    /// Has another meeting at that hour.
    Busy,
}

impl Reason {
    /// The name for screens and programs.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::WantedCounsellor => "wanted_counsellor",
            Self::Referent => "referent",
            Self::ExactKind => "exact_kind",
            Self::OtherKind => "other_kind",
            Self::CalledRecently => "called_recently",
            Self::DeclinedThis => "declined_this",
            Self::Busy => "busy",
        }
    }
}

/// One line of the call list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The entry.
    pub id: WaitingId,
    /// Why here, most telling first.
    pub reasons: Vec<Reason>,
}

/// Whether a place is what somebody waits for: their state, kind and length, counsellor, site, weekday, hours and last day.
///
/// A kind other than the one that stood there fits when it is as short, and when neither is held in a group: seats of a
/// session are of no use for anything else.
#[must_use]
pub fn fits(settings: &OfficeSettings, freed: &FreedPlace, entry: &WaitingEntry) -> bool {
    let wish = &entry.wish;
    let single = |k: &AppointmentKind| k.capacity <= 1;
    let (Some(kind), there) = (settings.kinds.get(&wish.kind), settings.kinds.get(&freed.kind)) else {
        return false;
    };
    let same = wish.kind == freed.kind;
    let kind_fits = kind.active
        && (same || (kind.duration_min <= freed.place.minutes && single(kind) && there.is_none_or(single)));
    let start = freed.place.start;
    let weekday = u8::try_from(start.weekday().num_days_from_monday()).unwrap_or(0);
    let minute = start.hour() * 60 + start.minute();
    let length = if same { freed.place.minutes } else { kind.duration_min };
    entry.status == WaitingStatus::Waiting
        && kind_fits
        && wish.counsellor.is_none_or(|c| c == freed.place.counsellor)
        && wish.site.is_none_or(|s| s == freed.place.site)
        && (wish.weekdays.is_empty() || wish.weekdays.contains(&weekday))
        && wish.after_min.is_none_or(|after| minute >= u32::from(after))
        && wish.before_min.is_none_or(|before| minute.saturating_add(length) <= u32::from(before))
        && wish.until.is_none_or(|until| start.date() <= until)
}

/// Those whom a place fits, in the order in which to call them.
///
/// First those who can be reached and want it: who has another meeting then, who said no to this very place and who was
/// called without an answer within [`RECENT_CALL`] come after all others, in that order from the end. Among equals:
/// urgent first, then those of this counsellor (asked for by name, or the one who follows them), then those who wait for
/// the very kind, then who has waited longest. The id decides what is still equal, so that the order is total and the
/// same at every desk.
#[must_use]
pub fn rank(
    settings: &OfficeSettings,
    freed: &FreedPlace,
    candidates: &[Candidate],
    now: DateTime<Utc>,
) -> Vec<Ranked> {
    let mut fitting: Vec<(&Candidate, Vec<Reason>)> = candidates
        .iter()
        .filter(|c| fits(settings, freed, &c.entry))
        .map(|c| (c, reasons(freed, c, now)))
        .collect();
    fitting.sort_by_cached_key(|(c, reasons)| {
        let has = |r: Reason| reasons.contains(&r);
        (
            has(Reason::Busy),
            has(Reason::DeclinedThis),
            has(Reason::CalledRecently),
            !has(Reason::Urgent),
            !(has(Reason::WantedCounsellor) || has(Reason::Referent)),
            !has(Reason::ExactKind),
            c.entry.since,
            c.entry.id,
        )
    });
    fitting.into_iter().map(|(c, reasons)| Ranked { id: c.entry.id, reasons }).collect()
}

fn reasons(freed: &FreedPlace, candidate: &Candidate, now: DateTime<Utc>) -> Vec<Reason> {
    let entry = &candidate.entry;
    let here = freed.place.counsellor;
    let exact = entry.wish.kind == freed.kind;
    let same_place = |c: &super::Call| {
        c.offered.as_ref().is_some_and(|o| o.counsellor == here && o.start == freed.place.start)
    };
    let unanswered =
        |c: &super::Call| c.outcome != CallOutcome::Declined && c.at <= now && now - c.at < RECENT_CALL;
    let declined = |c: &super::Call| c.outcome == CallOutcome::Declined && same_place(c);
    [
        (Reason::Urgent, entry.wish.urgent),
        (Reason::WantedCounsellor, entry.wish.counsellor == Some(here)),
        (Reason::Referent, candidate.referent == Some(here)),
        (Reason::ExactKind, exact),
        (Reason::OtherKind, !exact),
        (Reason::CalledRecently, entry.calls.last().is_some_and(unanswered)),
        (Reason::DeclinedThis, entry.calls.iter().any(declined)),
        (Reason::Busy, candidate.busy),
    ]
    .into_iter()
    .filter_map(|(reason, holds)| holds.then_some(reason))
    .collect()
}
