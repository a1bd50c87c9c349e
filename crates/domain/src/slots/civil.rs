//! Civil time and instants: spans in epoch seconds, and the clock of a zone over a few months.
//!
//! A time zone library answers "which offset now" by a search each time, and says nothing of what a skipped time
//! means. The engine asks thousands of times about the same half year, so the few offset changes of that half
//! year are found once and kept in a short list.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// Seconds of a civil day of 24 hours.
pub(crate) const DAY: i64 = 86_400;

/// Days from 0001-01-01 (day 1, a Monday) to 1970-01-01.
const EPOCH_DAY: i64 = 719_163;

/// A date as its number of days from 0001-01-01, which is day 1.
pub(crate) type Day = i32;

/// The date of a day number; saturates at the ends of the calendar, which no window reaches.
pub(crate) fn date_of(day: Day) -> NaiveDate {
    let end = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(end)
}

/// A half-open span of time, in seconds since 1970 (UTC). Touching is not overlapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

impl Span {
    pub(crate) const fn new(start: i64, end: i64) -> Self {
        Self { start, end }
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Empty spans overlap nothing, even inside another one.
    pub(crate) const fn overlaps(self, other: Self) -> bool {
        !self.is_empty() && !other.is_empty() && self.start < other.end && other.start < self.end
    }

    pub(crate) const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub(crate) const fn widened(self, by: i64) -> Self {
        Self { start: self.start - by, end: self.end + by }
    }
}

/// Sorts the spans, drops the empty ones and joins those that overlap or touch.
pub(crate) fn unite(spans: &mut Vec<Span>) {
    spans.retain(|span| !span.is_empty());
    // Stable, because the lists are made of sorted ones: their runs are merged, not sorted anew.
    spans.sort();
    spans.dedup_by(|next, kept| {
        let joined = next.start <= kept.end;
        if joined {
            kept.end = kept.end.max(next.end);
        }
        joined
    });
}

/// A run of free time inside the openings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// Start of the next busy time at or after `end`: what a slot's buffer must not run into.
    pub(crate) next_busy: i64,
}

/// What is left of `open` once `busy` is cut out. Both must be united.
pub(crate) fn free_runs(open: &[Span], busy: &[Span]) -> Vec<Run> {
    let mut runs = Vec::with_capacity(open.len());
    let mut first = 0;
    for opening in open {
        while busy.get(first).is_some_and(|span| span.end <= opening.start) {
            first += 1;
        }
        let mut at = opening.start;
        let mut next = first;
        loop {
            let (busy_start, busy_end) = busy.get(next).map_or((i64::MAX, i64::MAX), |b| (b.start, b.end));
            let end = busy_start.min(opening.end);
            if at < end {
                runs.push(Run { start: at, end, next_busy: busy_start });
            }
            if busy_end >= opening.end {
                break;
            }
            at = at.max(busy_end);
            next += 1;
        }
    }
    runs
}

/// What two counsellors have in common of their free runs: where both are free, until the one or the other is busy.
pub(crate) fn common_runs(one: &[Run], other: &[Run]) -> Vec<Run> {
    let mut common = Vec::with_capacity(one.len().min(other.len()));
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let (start, end) = (a.start.max(b.start), a.end.min(b.end));
        if start < end {
            common.push(Run { start, end, next_busy: a.next_busy.min(b.next_busy) });
        }
        if a.end <= b.end {
            left.next()
        } else {
            right.next()
        };
    }
    common
}

/// The offset changes of one zone over a range of days.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// (first second, offset in seconds east of UTC); the first entry begins at the beginning of time.
    segments: Vec<(i64, i64)>,
}

impl Clock {
    /// Exact for the civil days `first..=last`; further away the nearest offset goes on.
    pub(crate) fn new(zone: Tz, first: Day, last: Day) -> Self {
        let offset_at = |second: i64| -> i64 {
            let at = DateTime::from_timestamp(second, 0).unwrap_or_default();
            i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
        };
        // A civil day is at most 14 hours away from the UTC day of the same date.
        let begin = (i64::from(first) - 1 - EPOCH_DAY) * DAY;
        let end = (i64::from(last) + 2 - EPOCH_DAY) * DAY;
        let mut known = offset_at(begin);
        let mut segments = vec![(i64::MIN, known)];
        let mut at = begin;
        while at < end {
            let next = at + DAY;
            let offset = offset_at(next);
            if offset != known {
                let (mut before, mut after) = (at, next);
                while after - before > 1 {
                    let middle = before + (after - before) / 2;
                    if offset_at(middle) == known {
                        before = middle;
                    } else {
                        after = middle;
                    }
                }
                segments.push((after, offset));
                known = offset;
            }
            at = next;
        }
        Self { segments }
    }

    /// The instant of a civil second of a civil day (86,400 is the next midnight). A time that the clock skips
    /// moves forward by what was skipped; one that comes twice is the first.
    pub(crate) fn instant(&self, day: Day, second: i64) -> i64 {
        let civil = (i64::from(day) - EPOCH_DAY) * DAY + second;
        let mut previous = 0;
        for (index, &(from, offset)) in self.segments.iter().enumerate() {
            let until = self.segments.get(index + 1).map_or(i64::MAX, |next| next.0);
            if civil - offset < until {
                // Before its segment begins: the time is in the gap, and the offset before the gap carries it over.
                return if civil - offset < from { civil - previous } else { civil - offset };
            }
            previous = offset;
        }
        civil - previous
    }

    /// Midnight at the beginning of a civil day.
    pub(crate) fn midnight(&self, day: Day) -> i64 {
        self.instant(day, 0)
    }

    /// The offset at an instant, and the instant at which it ends.
    pub(crate) fn offset(&self, at: i64) -> (i64, i64) {
        let index = self.segments.partition_point(|&(from, _)| from <= at).saturating_sub(1);
        let offset = self.segments.get(index).map_or(0, |segment| segment.1);
        (offset, self.segments.get(index + 1).map_or(i64::MAX, |next| next.0))
    }

    /// The civil day of an instant.
    pub(crate) fn day(&self, at: i64) -> Day {
        let day = (at + self.offset(at).0).div_euclid(DAY) + EPOCH_DAY;
        Day::try_from(day).unwrap_or(if day < 0 { Day::MIN } else { Day::MAX })
    }

    /// Up to which instant the wall clock runs on without a jump or a midnight.
    pub(crate) fn even_until(&self, at: i64) -> i64 {
        let (offset, until) = self.offset(at);
        until.min(at + DAY - (at + offset).rem_euclid(DAY))
    }

    /// The first instant, at or after `at`, at which the wall clock shows a multiple of `step` seconds counted
    /// from midnight. The second passage of a doubled hour counts as well: the wall clock does show it.
    pub(crate) fn next_on_grid(&self, mut at: i64, step: i64) -> i64 {
        loop {
            let (offset, until) = self.offset(at);
            let since_midnight = (at + offset).rem_euclid(DAY);
            let past = since_midnight.rem_euclid(step);
            if past == 0 {
                return at;
            }
            // The count begins anew at midnight and at each change of the clock.
            let boundary = until.min(at + DAY - since_midnight);
            let next = at + step - past;
            if next < boundary {
                return next;
            }
            at = boundary;
        }
    }
}

/// The instant of a civil time in a zone, by the rule of the whole project: a time that the clock skips moves
/// forward by what was skipped, one that comes twice is the first.
#[must_use]
pub fn instant_of(civil: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let day = civil.date().num_days_from_ce();
    let clock = Clock::new(zone, day.saturating_sub(1), day.saturating_add(1));
    let second = i64::from(chrono::Timelike::num_seconds_from_midnight(&civil.time()));
    DateTime::from_timestamp(clock.instant(day, second), 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(civil: &str) -> String {
        let civil = NaiveDateTime::parse_from_str(civil, "%Y-%m-%dT%H:%M").unwrap();
        instant_of(civil, chrono_tz::Europe::Paris).format("%Y-%m-%dT%H:%MZ").to_string()
    }

    #[test]
    fn a_skipped_time_moves_forward_and_a_doubled_one_is_the_first() {
        assert_eq!(at("2026-03-29T01:59"), "2026-03-29T00:59Z");
        assert_eq!(at("2026-03-29T02:00"), "2026-03-29T01:00Z", "02:00 does not exist: it is 03:00");
        assert_eq!(at("2026-03-29T02:30"), "2026-03-29T01:30Z", "and 02:30 is 03:30");
        assert_eq!(at("2026-03-29T03:00"), "2026-03-29T01:00Z");
        assert_eq!(at("2026-10-25T02:00"), "2026-10-25T00:00Z");
        assert_eq!(at("2026-10-25T02:59"), "2026-10-25T00:59Z");
        assert_eq!(at("2026-10-25T03:00"), "2026-10-25T02:00Z");
    }

    /// Every quarter of an hour of the days around each change, for years, against the zone library itself.
    #[test]
    fn the_short_list_of_offsets_agrees_with_the_zone_library() {
        for zone in [
            chrono_tz::Europe::Paris,
            chrono_tz::Indian::Reunion,
            chrono_tz::America::Miquelon,
            chrono_tz::America::Santiago,
            chrono_tz::Australia::Lord_Howe,
            chrono_tz::Atlantic::Azores,
        ] {
            let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap().num_days_from_ce();
            let clock = Clock::new(zone, first, first + 1_000);
            for quarter in 0..(1_000 * 96) {
                let (day, second) = (first + quarter / 96, i64::from(quarter % 96) * 900);
                let instant = clock.instant(day, second);
                let civil = date_of(day).and_hms_opt(0, 0, 0).unwrap() + chrono::TimeDelta::seconds(second);
                let utc = DateTime::from_timestamp(instant, 0).unwrap();
                let shown = utc.with_timezone(&zone).naive_local();
                match zone.from_local_datetime(&civil).earliest() {
                    Some(expected) => assert_eq!(expected.timestamp(), instant, "{zone} {civil}"),
                    None => assert!(shown > civil, "{zone} {civil} must move forward, not to {shown}"),
                }
                assert_eq!(date_of(clock.day(instant)), shown.date(), "{zone} {civil}");
            }
        }
    }

    #[test]
    fn the_grid_follows_the_wall_clock_through_both_changes() {
        let paris = chrono_tz::Europe::Paris;
        let spring = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap().num_days_from_ce();
        let clock = Clock::new(paris, spring - 1, spring + 300);
        let shown = |at: i64| {
            DateTime::from_timestamp(at, 0).unwrap().with_timezone(&paris).format("%dT%H:%M%z").to_string()
        };
        // A step of 40 minutes does not divide the hour: 01:20, then 03:20 (02:00 and 02:40 do not exist).
        let start = clock.instant(spring, 80 * 60);
        assert_eq!(shown(clock.next_on_grid(start, 2_400)), "29T01:20+0100");
        assert_eq!(shown(clock.next_on_grid(start + 1, 2_400)), "29T03:20+0200");
        // A step of 50 minutes does not divide the day: 23:20, then midnight again.
        let late = clock.instant(spring, 23 * 3_600 + 21 * 60);
        assert_eq!(shown(clock.next_on_grid(late, 3_000)), "30T00:00+0200");
        let autumn = NaiveDate::from_ymd_opt(2026, 10, 25).unwrap().num_days_from_ce();
        let mut at = clock.instant(autumn, 2 * 3_600);
        let mut seen = Vec::new();
        for _ in 0..4 {
            at = clock.next_on_grid(at, 1_800);
            seen.push(shown(at));
            at += 1;
        }
        assert_eq!(seen, ["25T02:00+0200", "25T02:30+0200", "25T02:00+0100", "25T02:30+0100"]);
    }

    #[test]
    fn busy_time_is_cut_out_of_open_time() {
        let mut open = vec![Span::new(20, 30), Span::new(0, 10), Span::new(10, 12), Span::new(5, 5)];
        unite(&mut open);
        assert_eq!(open, [Span::new(0, 12), Span::new(20, 30)]);
        let mut busy =
            vec![Span::new(25, 40), Span::new(-5, 1), Span::new(3, 4), Span::new(4, 6), Span::new(12, 13)];
        unite(&mut busy);
        let run = |start, end, next_busy| Run { start, end, next_busy };
        assert_eq!(free_runs(&open, &busy), [run(1, 3, 3), run(6, 12, 12), run(20, 25, 25)]);
        assert_eq!(free_runs(&open, &[]), [run(0, 12, i64::MAX), run(20, 30, i64::MAX)]);
        assert_eq!(free_runs(&open, &[Span::new(-1, 99)]), []);
        let (one, other) = ([run(0, 10, 12), run(15, 20, 30)], [run(2, 4, 4), run(6, 17, 17)]);
        let common = [run(2, 4, 4), run(6, 10, 12), run(15, 17, 17)];
        assert_eq!(common_runs(&one, &other), common);
        assert_eq!(common_runs(&other, &one), common);
        // One long busy time covers the end of one opening and the beginning of the next.
        assert_eq!(free_runs(&open, &[Span::new(8, 22)]), [run(0, 8, 8), run(22, 30, i64::MAX)]);
    }
}
