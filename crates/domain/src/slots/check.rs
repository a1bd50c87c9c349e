//! Everything that stands in the way of one candidate. The search finds nothing that this would object to.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::civil::{Span, date_of};
use super::day::ClosedReason;
use super::index::{AgendaIndex, instant};
use super::search::{Bounds, KindRules, QueryError, RoomChoice};

/// A meeting that somebody would like to book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate<K> {
    /// With whom.
    pub counsellor: K,
    /// Together with whom, when two hold it.
    pub second: Option<K>,
    /// Where.
    pub site: K,
    /// First instant.
    pub start: DateTime<Utc>,
    /// Instant after the last; none: the length of the kind, or of the rescheduled appointment.
    pub end: Option<DateTime<Utc>>,
    /// The room wanted; none: the first free one, when the kind needs one.
    pub room: Option<K>,
    /// The appointment that would move there.
    pub reschedule_of: Option<K>,
}

/// What takes the counsellor's time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "id")]
pub enum BusyCause<K> {
    /// An absence.
    Absence,
    /// An event of the counsellor's own calendar.
    External,
    /// Another appointment.
    Appointment(K),
    /// The counsellor receives at another site.
    OpeningElsewhere(K),
}

/// Which part of it is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// The times themselves.
    Meeting,
    /// The free minutes after the one or the other.
    Buffer,
    /// The way between two sites.
    Travel,
}

/// One objection. Which of them may be overridden is not decided here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum Finding<K> {
    /// It would start before now.
    Past,
    /// Too soon for the public.
    Notice {
        /// The first possible start.
        earliest: DateTime<Utc>,
    },
    /// Too far away for the public.
    Horizon {
        /// The last possible civil day in Europe/Paris.
        last_day: NaiveDate,
    },
    /// The site does not receive that day.
    Closed {
        /// The date at the site.
        date: NaiveDate,
        /// Why.
        reason: ClosedReason,
    },
    /// Not wholly inside one opening of a counsellor at that site.
    OutsideOpening {
        /// Whose.
        who: K,
    },
    /// A counsellor's time is taken.
    Busy {
        /// Whose.
        who: K,
        /// By what.
        cause: BusyCause<K>,
        /// By which part of it.
        overlap: Overlap,
        /// Its first instant.
        start: DateTime<Utc>,
        /// Instant after its last.
        end: DateTime<Utc>,
    },
    /// The kind needs a room and none is free.
    NoRoom,
    /// The room wanted is not free.
    RoomTaken {
        /// The room.
        room: K,
        /// The appointments that take it.
        by: Vec<K>,
    },
    /// The room wanted is not one of the site, or not of the kind needed.
    UnsuitableRoom {
        /// The room.
        room: K,
    },
}

/// The answer about one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<K> {
    /// The objections, in a fixed order; none: it can be booked as a found slot.
    pub findings: Vec<Finding<K>>,
    /// The room that it would have.
    pub room: Option<K>,
    /// Instant after the last, as it would be booked.
    pub end: DateTime<Utc>,
}

/// Everything against a candidate.
///
/// # Errors
/// When the candidate has no length, lies outside the indexed dates, or moves an unknown appointment.
pub fn check<K: Clone + Ord + Debug>(
    index: &AgendaIndex<K>,
    kind: &KindRules,
    candidate: &Candidate<K>,
    now: DateTime<Utc>,
    public: bool,
) -> Result<Checked<K>, QueryError> {
    let mut bounds = Bounds::new(kind, now, public, &index.paris);
    let ignored = match &candidate.reschedule_of {
        Some(id) => Some(index.ignored(id).ok_or(QueryError::UnknownAppointment)?),
        None => None,
    };
    if let Some(ignored) = ignored {
        bounds.duration = ignored.length;
    }
    let ignored = ignored.and_then(|ignored| ignored.meeting);
    let start = candidate.start.timestamp();
    let span = Span::new(start, candidate.end.map_or(start + bounds.duration, |end| end.timestamp()));
    if span.is_empty() {
        return Err(QueryError::NoLength);
    }
    if bounds.buffer > super::civil::DAY {
        return Err(QueryError::BufferTooLong);
    }
    let site = index.site_position(&candidate.site);
    let date = date_of(site.map_or(&index.paris, |site| &index.sites[site].clock).day(start));
    if !index.window().covers(date, date) {
        return Err(QueryError::OutsideWindow);
    }
    let mut findings = Vec::new();
    time_limits(&bounds, start, &mut findings);
    let buffered = Span::new(span.start, span.end + bounds.buffer);
    for who in std::iter::once(&candidate.counsellor).chain(&candidate.second) {
        place(index, who, site, span, date, &mut findings);
        busy(index, who, site, span, buffered, ignored, &mut findings);
    }
    let room = match site {
        Some(site) => room(index, kind, candidate.room.as_ref(), site, span, ignored, &mut findings),
        None => None,
    };
    findings.sort();
    findings.dedup();
    Ok(Checked { findings, room, end: instant(span.end) })
}

fn time_limits<K>(bounds: &Bounds, start: i64, findings: &mut Vec<Finding<K>>) {
    if start < bounds.now {
        findings.push(Finding::Past);
    } else if start < bounds.earliest {
        findings.push(Finding::Notice { earliest: instant(bounds.earliest) });
    }
    if let Some(day) = bounds.last_day.filter(|_| start >= bounds.latest) {
        findings.push(Finding::Horizon { last_day: date_of(day) });
    }
}

fn place<K: Clone + Ord + Debug>(
    index: &AgendaIndex<K>,
    who: &K,
    site: Option<usize>,
    span: Span,
    date: NaiveDate,
    findings: &mut Vec<Finding<K>>,
) {
    let pair = site
        .zip(index.counsellor_position(who))
        .and_then(|(site, counsellor)| index.pair_position(site, counsellor));
    let inside = pair.is_some_and(|pair| index.pairs[pair].openings.iter().any(|open| open.contains(span)));
    if inside {
        return;
    }
    match site.and_then(|site| index.sites[site].closed_on(date)) {
        Some(reason) => findings.push(Finding::Closed { date, reason }),
        None => findings.push(Finding::OutsideOpening { who: who.clone() }),
    }
}

#[allow(clippy::too_many_arguments, reason = "one question, asked once")]
fn busy<K: Clone + Ord + Debug>(
    index: &AgendaIndex<K>,
    key: &K,
    site: Option<usize>,
    span: Span,
    buffered: Span,
    ignored: Option<usize>,
    findings: &mut Vec<Finding<K>>,
) {
    let Some(who) = index.counsellor_position(key) else { return };
    let who = &index.counsellors[who];
    let mut object = |cause: BusyCause<K>, overlap: Overlap, by: Span| {
        let (start, end) = (instant(by.start), instant(by.end));
        findings.push(Finding::Busy { who: key.clone(), cause, overlap, start, end });
    };
    for (cause, spans) in [(BusyCause::Absence, &who.absences), (BusyCause::External, &who.external)] {
        for &taken in spans {
            if let Some(overlap) = part(span, buffered, taken, 0, 0) {
                object(cause.clone(), overlap, taken);
            }
        }
    }
    for &at in who.meetings.iter().filter(|&&at| Some(at) != ignored) {
        let meeting = &index.meetings[at];
        let travel = site.map_or(0, |site| index.travel_to(site, meeting.site));
        if let Some(overlap) = part(span, buffered, meeting.span, meeting.buffer, travel) {
            object(BusyCause::Appointment(meeting.id.clone()), overlap, meeting.span);
        }
    }
    let Some(site) = site else { return };
    for &pair in &who.pairs {
        let pair = &index.pairs[pair];
        let Some(travel) = index.opening_elsewhere_takes(site, pair.site) else { continue };
        for &opening in &pair.openings {
            if let Some(overlap) = part(span, buffered, opening, 0, travel) {
                let elsewhere = index.sites[pair.site].id.clone();
                object(BusyCause::OpeningElsewhere(elsewhere), overlap, opening);
            }
        }
    }
}

/// Which part of a busy time is in the way of a meeting, the strongest named first. Exactly when the search would
/// not offer the meeting there is one.
fn part(span: Span, buffered: Span, taken: Span, buffer: i64, travel: i64) -> Option<Overlap> {
    let with_buffer = Span::new(taken.start, taken.end + buffer);
    if span.overlaps(taken) {
        Some(Overlap::Meeting)
    } else if buffered.overlaps(with_buffer) {
        Some(Overlap::Buffer)
    } else if buffered.overlaps(with_buffer.widened(travel)) {
        Some(Overlap::Travel)
    } else {
        None
    }
}

fn room<K: Clone + Ord + Debug>(
    index: &AgendaIndex<K>,
    kind: &KindRules,
    wanted: Option<&K>,
    site: usize,
    span: Span,
    ignored: Option<usize>,
    findings: &mut Vec<Finding<K>>,
) -> Option<K> {
    let choice = RoomChoice::new(index, kind.room_kind.as_deref(), ignored);
    let Some(wanted) = wanted else {
        return choice.choose(index, site, span).unwrap_or_else(|| {
            findings.push(Finding::NoRoom);
            None
        });
    };
    let here = index.sites[site].rooms.iter().copied().find(|&room| index.rooms[room].id == *wanted);
    let suits = |room: &usize| kind.room_kind.as_ref().is_none_or(|kind| index.rooms[*room].kind == *kind);
    let Some(room) = here.filter(suits) else {
        findings.push(Finding::UnsuitableRoom { room: wanted.clone() });
        return None;
    };
    if !choice.is_free(index, room, span) {
        let takers = index.rooms[room].meetings.iter().filter(|&&at| Some(at) != ignored);
        let takers = takers.filter(|&&at| index.meetings[at].span.overlaps(span));
        let by = takers.map(|&at| index.meetings[at].id.clone()).collect();
        findings.push(Finding::RoomTaken { room: wanted.clone(), by });
    }
    Some(wanted.clone())
}
