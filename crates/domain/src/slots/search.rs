//! Slots from free runs.

use std::borrow::Cow;
use std::fmt::Debug;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::civil::{Clock, DAY, Day, Run, Span, common_runs};
use super::index::{AgendaIndex, instant};

/// A run that has begun offers slots from now, rounded up to this many seconds from its start.
const ROUNDING: i64 = 300;

/// With a limit, the calendar is walked by this much at a time, so that the first slots cost little.
const STRIDE: i64 = 7 * DAY;

/// What a kind of appointment asks of a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindRules {
    /// Length of the meeting, in minutes; a rescheduled appointment keeps its own.
    pub duration_min: u32,
    /// Minutes to keep free after it, at most a day. They may pass the end of the opening.
    pub buffer_after_min: u32,
    /// For the public: elapsed minutes between now and the start, at least.
    pub min_notice_min: u32,
    /// For the public: civil days in Europe/Paris after today, the last one included whole.
    pub horizon_days: Option<u32>,
    /// The kind of room that it needs.
    pub room_kind: Option<String>,
}

impl Default for KindRules {
    /// One hour, and no other rule.
    fn default() -> Self {
        Self { duration_min: 60, buffer_after_min: 0, min_notice_min: 0, horizon_days: None, room_kind: None }
    }
}

/// Where slots start inside a free run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One after the other from the start of the run, every duration + buffer.
    #[default]
    Chained,
    /// Every so many minutes of the wall clock, counted from midnight.
    Grid {
        /// The minutes, from 1 to 1,440.
        step_min: u32,
    },
}

/// A question. The dates are those of each site's own zone.
#[derive(Clone, Debug)]
pub struct Query<K> {
    /// First date of a slot.
    pub from: NaiveDate,
    /// Last date, included.
    pub to: NaiveDate,
    /// Where slots start.
    pub mode: Mode,
    /// These counsellors alone.
    pub counsellors: Option<Vec<K>>,
    /// Together with this one: only times at which both are free at the same site. The free time of the two is what
    /// their runs have in common, and a chain starts where that begins; the slots name the other one. Nobody meets
    /// with themselves.
    pub together: Option<K>,
    /// These sites alone.
    pub sites: Option<Vec<K>>,
    /// This appointment does not block, and its length is used.
    pub reschedule_of: Option<K>,
    /// Whether minimum notice and horizon bind: they bind the public, never the staff.
    pub public: bool,
    /// The first so many slots alone.
    pub limit: Option<usize>,
}

impl<K> Query<K> {
    /// All slots between two dates, chained, for everybody, with the public's rules.
    #[must_use]
    pub const fn between(from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from,
            to,
            mode: Mode::Chained,
            counsellors: None,
            together: None,
            sites: None,
            reschedule_of: None,
            public: true,
            limit: None,
        }
    }
}

/// Why a question cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum QueryError {
    /// Last date before the first.
    #[error("the last date comes before the first")]
    EndsBeforeStart,
    /// The index was built for other dates.
    #[error("the agenda was not indexed for these dates")]
    OutsideWindow,
    /// A meeting of no length, or a candidate that ends before it starts.
    #[error("the meeting has no length")]
    NoLength,
    /// A buffer of more than a day.
    #[error("the buffer is longer than a day")]
    BufferTooLong,
    /// A step of zero or more than a day.
    #[error("the step is not between one minute and one day")]
    BadStep,
    /// `reschedule_of` is not an appointment of this agenda.
    #[error("the appointment to reschedule is unknown")]
    UnknownAppointment,
}

/// One possibility. The order of the fields that make the order of slots: start, site, counsellor, room.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot<K> {
    /// First instant.
    pub start: DateTime<Utc>,
    /// Where.
    pub site: K,
    /// With whom.
    pub counsellor: K,
    /// In which room, when the kind needs one.
    pub room: Option<K>,
    /// Instant after the last, the buffer apart.
    pub end: DateTime<Utc>,
}

/// What a question and a kind come to, in seconds.
pub(crate) struct Bounds {
    pub(crate) duration: i64,
    pub(crate) buffer: i64,
    /// Nothing starts before.
    pub(crate) now: i64,
    /// Nothing is offered before: `now` and the notice.
    pub(crate) earliest: i64,
    /// Nothing starts at or after: the end of the horizon.
    pub(crate) latest: i64,
    /// The last civil day of Europe/Paris, when there is a horizon.
    pub(crate) last_day: Option<Day>,
}

impl Bounds {
    pub(crate) fn new(kind: &KindRules, now: DateTime<Utc>, public: bool, paris: &Clock) -> Self {
        let today = paris.day(now.timestamp());
        // A fraction of a second past is past.
        let now = now.timestamp() + i64::from(now.timestamp_subsec_nanos() > 0);
        let notice = if public { i64::from(kind.min_notice_min) * 60 } else { 0 };
        let last_day = kind
            .horizon_days
            .filter(|_| public)
            .map(|days| today.saturating_add(Day::try_from(days).unwrap_or(Day::MAX)));
        let latest = last_day.map_or(i64::MAX, |day| paris.midnight(day.saturating_add(1)));
        Self {
            duration: i64::from(kind.duration_min) * 60,
            buffer: i64::from(kind.buffer_after_min) * 60,
            now,
            earliest: now + notice,
            latest,
            last_day,
        }
    }
}

/// The slots that answer a question, in order of start, site, counsellor, room.
///
/// # Errors
/// When the question makes no sense for this index; see [`QueryError`].
pub fn search<K: Clone + Ord + Debug>(
    index: &AgendaIndex<K>,
    kind: &KindRules,
    query: &Query<K>,
    now: DateTime<Utc>,
) -> Result<Vec<Slot<K>>, QueryError> {
    search_where(index, kind, query, now, |_| true)
}

/// As [`search()`], keeping only the slots that a condition accepts ("after 16:30", "on Wednesday afternoon"); the
/// limit counts those.
///
/// # Errors
/// As [`search()`].
pub fn search_where<K: Clone + Ord + Debug>(
    index: &AgendaIndex<K>,
    kind: &KindRules,
    query: &Query<K>,
    now: DateTime<Utc>,
    mut keep: impl FnMut(&Slot<K>) -> bool,
) -> Result<Vec<Slot<K>>, QueryError> {
    let mut bounds = Bounds::new(kind, now, query.public, &index.paris);
    let ignored = match &query.reschedule_of {
        Some(id) => Some(index.ignored(id).ok_or(QueryError::UnknownAppointment)?),
        None => None,
    };
    if let Some(ignored) = ignored {
        bounds.duration = ignored.length;
    }
    let ignored = ignored.and_then(|ignored| ignored.meeting);
    validate(index, &bounds, query)?;
    let limit = query.limit.unwrap_or(usize::MAX);
    let rooms = RoomChoice::new(index, kind.room_kind.as_deref(), ignored);
    let mut cursors = cursors(index, query, &bounds, ignored);
    let mut found: Vec<Slot<K>> = Vec::new();
    let mut starts: Vec<(i64, usize)> = Vec::new();
    // Without a limit, one stride covers everything.
    let begin = cursors.iter_mut().filter_map(Cursor::peek).min();
    let mut horizon = if query.limit.is_some() { begin.map_or(i64::MAX, |at| at + STRIDE) } else { i64::MAX };
    while found.len() < limit && !cursors.is_empty() {
        starts.clear();
        cursors.retain_mut(|cursor| {
            while let Some(start) = cursor.peek() {
                if start >= horizon {
                    return true;
                }
                starts.push((start, cursor.pair));
                cursor.advance(start);
            }
            false
        });
        // Pairs are numbered by site, then counsellor. Stable, because the list is made of sorted runs.
        starts.sort();
        for &(start, pair) in &starts {
            let pair = &index.pairs[pair];
            let span = Span::new(start, start + bounds.duration);
            let Some(room) = rooms.choose(index, pair.site, span) else { continue };
            let slot = Slot {
                start: instant(span.start),
                site: index.sites[pair.site].id.clone(),
                counsellor: index.counsellors[pair.counsellor].id.clone(),
                room,
                end: instant(span.end),
            };
            if keep(&slot) {
                found.push(slot);
                if found.len() >= limit {
                    break;
                }
            }
        }
        horizon = cursors.iter_mut().filter_map(Cursor::peek).min().map_or(i64::MAX, |at| at + STRIDE);
    }
    Ok(found)
}

fn validate<K: Clone + Ord + Debug>(
    index: &AgendaIndex<K>,
    bounds: &Bounds,
    query: &Query<K>,
) -> Result<(), QueryError> {
    if query.to < query.from {
        return Err(QueryError::EndsBeforeStart);
    }
    if !index.window().covers(query.from, query.to) {
        return Err(QueryError::OutsideWindow);
    }
    if bounds.duration <= 0 {
        return Err(QueryError::NoLength);
    }
    if bounds.buffer > DAY {
        return Err(QueryError::BufferTooLong);
    }
    match query.mode {
        Mode::Grid { step_min } if !(1..=1_440).contains(&step_min) => Err(QueryError::BadStep),
        _ => Ok(()),
    }
}

/// A walk over the slots of one counsellor at one site, one at a time.
struct Cursor<'a> {
    pair: usize,
    clock: &'a Clock,
    runs: Cow<'a, [Run]>,
    next_run: usize,
    /// The next start and the last possible one of the current run.
    current: Option<(i64, i64)>,
    /// The dates of the question: openings of other dates are not seen.
    dates: Span,
    bounds: &'a Bounds,
    /// Seconds between two starts: of the chain, or of the wall clock.
    step: i64,
    chained: bool,
    /// On a grid: until when the next start is simply one step later.
    even_until: i64,
}

fn cursors<'a, K: Clone + Ord + Debug>(
    index: &'a AgendaIndex<K>,
    query: &Query<K>,
    bounds: &'a Bounds,
    ignored: Option<usize>,
) -> Vec<Cursor<'a>> {
    let wanted = |filter: &Option<Vec<K>>, key: &K| filter.as_ref().is_none_or(|keys| keys.contains(key));
    let (chained, step) = match query.mode {
        Mode::Chained => (true, bounds.duration + bounds.buffer),
        Mode::Grid { step_min } => (false, i64::from(step_min) * 60),
    };
    let runs_of = |number: usize| {
        let counsellor = &index.counsellors[index.pairs[number].counsellor];
        if ignored.is_some_and(|meeting| counsellor.meetings.contains(&meeting)) {
            Cow::Owned(index.runs_without(number, ignored))
        } else {
            Cow::Borrowed(index.runs(number))
        }
    };
    let second = query.together.as_ref().map(|key| index.counsellor_position(key));
    let mut cursors = Vec::with_capacity(index.pairs.len());
    for (number, pair) in index.pairs.iter().enumerate() {
        let site = &index.sites[pair.site];
        let counsellor = &index.counsellors[pair.counsellor];
        if !wanted(&query.sites, &site.id) || !wanted(&query.counsellors, &counsellor.id) {
            continue;
        }
        let runs = match second {
            None => runs_of(number),
            // A second counsellor of whom no row tells anything is never free.
            Some(second) => {
                let second = second.filter(|&second| second != pair.counsellor);
                let other = second.and_then(|second| index.pair_position(pair.site, second));
                let Some(other) = other else { continue };
                Cow::Owned(common_runs(&runs_of(number), &runs_of(other)))
            }
        };
        let dates = Span::new(
            site.clock.midnight(query.from.num_days_from_ce()),
            site.clock.midnight(query.to.num_days_from_ce() + 1),
        );
        let next_run = runs.partition_point(|run| run.end <= dates.start.max(bounds.earliest));
        cursors.push(Cursor {
            pair: number,
            clock: &site.clock,
            runs,
            next_run,
            current: None,
            dates,
            bounds,
            step,
            chained,
            even_until: i64::MIN,
        });
    }
    cursors
}

impl Cursor<'_> {
    /// The next start, if there is one.
    fn peek(&mut self) -> Option<i64> {
        loop {
            if let Some((at, last)) = self.current {
                if at <= last {
                    return Some(at);
                }
                self.current = None;
            }
            let run = *self.runs.get(self.next_run)?;
            self.next_run += 1;
            if run.start >= self.dates.end || run.start >= self.bounds.latest {
                self.next_run = self.runs.len();
                return None;
            }
            self.current = self.enter(run);
        }
    }

    /// The first start in a run and the last one that fits: the meeting inside the run, its buffer before the
    /// next busy time.
    fn enter(&self, run: Run) -> Option<(i64, i64)> {
        let bounds = self.bounds;
        let start = run.start.max(self.dates.start);
        let fits = run.end.min(self.dates.end) - bounds.duration;
        let buffered = run.next_busy.saturating_sub(bounds.duration + bounds.buffer);
        let last = fits.min(buffered).min(bounds.latest.saturating_sub(1));
        if start > last || bounds.earliest > last {
            return None;
        }
        let first = if self.chained {
            // The chain hangs on the run's start (or on now), and the notice only hides its beginning.
            let begun = (bounds.now - start).max(0);
            let anchor = start + round_up(begun, ROUNDING);
            anchor + round_up((bounds.earliest - anchor).max(0), self.step)
        } else {
            self.clock.next_on_grid(start.max(bounds.earliest), self.step)
        };
        Some((first, last))
    }

    fn advance(&mut self, from: i64) {
        let mut next = from + self.step;
        if !self.chained && next >= self.even_until {
            next = self.clock.next_on_grid(from + 1, self.step);
            self.even_until = self.clock.even_until(next);
        }
        if let Some((at, _)) = &mut self.current {
            *at = next;
        }
    }
}

/// The smallest multiple of `unit` that is not below `value`, which is not negative.
const fn round_up(value: i64, unit: i64) -> i64 {
    (value + unit - 1) / unit * unit
}

/// Which rooms are free, as if one appointment did not exist.
pub(crate) struct RoomChoice {
    /// By site, the rooms of the kind that is needed, by rank, then key; `None` when none is needed.
    suitable: Option<Vec<Vec<usize>>>,
    /// The room of the ignored appointment, and when it is taken without it.
    without: Option<(usize, Vec<Span>)>,
}

impl RoomChoice {
    pub(crate) fn new<K: Clone + Ord + Debug>(
        index: &AgendaIndex<K>,
        kind: Option<&str>,
        ignored: Option<usize>,
    ) -> Self {
        let room = ignored.and_then(|meeting| index.meetings[meeting].room);
        let of_kind = |kind: &str, rooms: &[usize]| -> Vec<usize> {
            rooms.iter().copied().filter(|&room| index.rooms[room].kind == kind).collect()
        };
        let suitable = kind.map(|kind| index.sites.iter().map(|site| of_kind(kind, &site.rooms)).collect());
        Self { suitable, without: room.map(|room| (room, index.room_busy_without(room, ignored))) }
    }

    /// The room of a meeting: `Some(None)` when it needs none, `None` when it needs one and none is free.
    pub(crate) fn choose<K: Clone + Ord + Debug>(
        &self,
        index: &AgendaIndex<K>,
        site: usize,
        span: Span,
    ) -> Option<Option<K>> {
        let Some(suitable) = &self.suitable else { return Some(None) };
        let room = suitable[site].iter().copied().find(|&room| self.is_free(index, room, span))?;
        Some(Some(index.rooms[room].id.clone()))
    }

    pub(crate) fn is_free<K: Clone + Ord + Debug>(
        &self,
        index: &AgendaIndex<K>,
        room: usize,
        span: Span,
    ) -> bool {
        let busy = match &self.without {
            Some((ignored, busy)) if *ignored == room => busy,
            _ => &index.rooms[room].busy,
        };
        let next = busy.partition_point(|taken| taken.end <= span.start);
        busy.get(next).is_none_or(|taken| taken.start >= span.end)
    }
}
