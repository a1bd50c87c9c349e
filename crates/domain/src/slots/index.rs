//! The indexed view of an agenda over a window of dates: everything that does not depend on the question.

use std::fmt::Debug;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use super::civil::{Clock, DAY, Day, Run, Span, date_of, free_runs, unite};
use super::day::ClosedReason;
use super::opening_dates::for_each_date;
use super::recurrence::each_day;
use super::rows::{AbsenceRow, Agenda, AppointmentRow, OpeningRow, RoomRow, Travel};
use super::window::Window;
use crate::holidays::holidays_between;

/// Days around the window in which busy times still count: another zone, a buffer and a travel of at most one day
/// each.
const MARGIN_DAYS: Day = 4;

/// Why rows do not make an agenda.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BuildError<K: Debug> {
    /// An opening, an override or a room names a site that is not among the rows.
    #[error("unknown site {0:?}")]
    UnknownSite(K),
}

pub(crate) struct Site<K> {
    pub(crate) id: K,
    pub(crate) zone: Tz,
    pub(crate) clock: Clock,
    /// In order of date, one entry a date, over the window and its margins.
    closed: Vec<(NaiveDate, ClosedReason)>,
    /// Indices of its rooms, by rank, then key.
    pub(crate) rooms: Vec<usize>,
}

impl<K> Site<K> {
    /// Why nobody receives there on that date. A closure is told before a public holiday: nothing lifts it.
    pub(crate) fn closed_on(&self, date: NaiveDate) -> Option<ClosedReason> {
        let at = self.closed.binary_search_by_key(&date, |closed| closed.0).ok()?;
        self.closed.get(at).map(|closed| closed.1)
    }
}

pub(crate) struct Counsellor<K> {
    pub(crate) id: K,
    /// Sorted, as given: two absences may overlap.
    pub(crate) absences: Vec<Span>,
    /// Sorted, as given.
    pub(crate) external: Vec<Span>,
    /// Indices of the blocking appointments, in order of time.
    pub(crate) meetings: Vec<usize>,
    /// Indices of the pairs of this counsellor.
    pub(crate) pairs: Vec<usize>,
}

pub(crate) struct Meeting<K> {
    pub(crate) id: K,
    /// None: no site, or one that this agenda does not know.
    pub(crate) site: MeetingSite,
    pub(crate) span: Span,
    pub(crate) buffer: i64,
    pub(crate) blocking: bool,
    pub(crate) room: Option<usize>,
    counsellor: usize,
    /// Never the same as the first.
    second: Option<usize>,
}

/// An appointment that does not count, because it is the one that moves.
#[derive(Clone, Copy)]
pub(crate) struct Ignored {
    /// Its position; none: too far away to be in the way of anything.
    pub(crate) meeting: Option<usize>,
    /// Its own length, in seconds.
    pub(crate) length: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MeetingSite {
    /// By telephone, or not said: no travel.
    Nowhere,
    At(usize),
    /// At a site of which this agenda knows nothing but that it is elsewhere.
    Elsewhere,
}

pub(crate) struct Room<K> {
    pub(crate) id: K,
    pub(crate) kind: String,
    rank: i32,
    /// Indices of the blocking appointments that take it.
    pub(crate) meetings: Vec<usize>,
    /// Their times, united.
    pub(crate) busy: Vec<Span>,
}

/// One counsellor at one site.
pub(crate) struct Pair {
    pub(crate) site: usize,
    pub(crate) counsellor: usize,
    /// United; a few days more than the window on each side, for travel and for slots over midnight.
    pub(crate) openings: Vec<Span>,
    /// Worked out when a question first asks for them: most ask for some sites or counsellors, a check for none.
    runs: OnceLock<Vec<Run>>,
}

/// An agenda made ready for questions about a window of dates. Build it once for many questions.
pub struct AgendaIndex<K> {
    window: Window,
    pub(crate) paris: Clock,
    /// The clocks of all zones in which something is written.
    clocks: Vec<(Tz, Clock)>,
    /// In order of key, as counsellors; pairs by site, then counsellor: the order of slots that start together.
    pub(crate) sites: Vec<Site<K>>,
    pub(crate) counsellors: Vec<Counsellor<K>>,
    pub(crate) pairs: Vec<Pair>,
    /// In order of time; those that can matter to the window.
    pub(crate) meetings: Vec<Meeting<K>>,
    /// Key and times of the others: one of them may move into the window.
    far: Vec<(K, Span)>,
    pub(crate) rooms: Vec<Room<K>>,
    /// Seconds from a site to another, row by row.
    travel: Vec<i64>,
    travel_elsewhere: i64,
}

impl<K: Debug> Debug for AgendaIndex<K> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("AgendaIndex")
            .field("window", &self.window)
            .field("sites", &self.sites.len())
            .field("counsellors", &self.counsellors.len())
            .finish_non_exhaustive()
    }
}

/// The position of a key among rows sorted by key.
fn position<T, K: Ord>(sorted: &[T], key: &K, of: impl Fn(&T) -> &K) -> Option<usize> {
    sorted.binary_search_by(|row| of(row).cmp(key)).ok()
}

impl<K: Clone + Ord + Debug> AgendaIndex<K> {
    /// Indexes the rows for the dates of a window. Rows of other dates may be given and cost little.
    ///
    /// # Errors
    /// When an opening, an override or a room names a site that is not given.
    pub fn build(agenda: &Agenda<K>, window: Window) -> Result<Self, BuildError<K>> {
        let (first, last) = (window.from().num_days_from_ce(), window.to().num_days_from_ce());
        let clock_of = |zone: Tz| Clock::new(zone, first - MARGIN_DAYS - 2, last + MARGIN_DAYS + 2);
        let mut clocks: Vec<(Tz, Clock)> = Vec::new();
        for zone in agenda.sites.iter().map(|s| s.zone).chain(agenda.absences.iter().map(|a| a.zone)) {
            if !clocks.iter().any(|clock| clock.0 == zone) {
                clocks.push((zone, clock_of(zone)));
            }
        }
        let known = |zone: Tz| clocks.iter().find(|clock| clock.0 == zone).map(|clock| clock.1.clone());
        let paris = known(chrono_tz::Europe::Paris).unwrap_or_else(|| clock_of(chrono_tz::Europe::Paris));
        let (from, to) = (date_of(first - MARGIN_DAYS), date_of(last + MARGIN_DAYS));
        let mut sites: Vec<Site<K>> = agenda
            .sites
            .iter()
            .map(|row| {
                let mut closed: Vec<(NaiveDate, ClosedReason)> = holidays_between(from, to, row.holiday_zone)
                    .into_iter()
                    .map(|(date, holiday)| (date, ClosedReason::PublicHoliday(holiday)))
                    .chain(row.closures.iter().map(|&date| (date, ClosedReason::Closure)))
                    .collect();
                // Closures come first in the order of reasons, and stay when the date is a holiday as well.
                closed.sort_unstable();
                closed.dedup_by_key(|closed| closed.0);
                let clock = known(row.zone).unwrap_or_else(|| paris.clone());
                Site { id: row.id.clone(), zone: row.zone, clock, closed, rooms: Vec::new() }
            })
            .collect();
        sites.sort_by(|a, b| a.id.cmp(&b.id));
        sites.dedup_by(|a, b| a.id == b.id);
        let mut index = Self {
            window,
            paris,
            clocks,
            sites,
            counsellors: counsellors_of(agenda),
            pairs: Vec::new(),
            meetings: Vec::new(),
            far: Vec::new(),
            rooms: Vec::new(),
            travel: Vec::new(),
            travel_elsewhere: i64::from(agenda.travel.default_min) * 60,
        };
        index.place_travel(&agenda.travel);
        index.place_rooms(&agenda.rooms)?;
        index.place_meetings(&agenda.appointments);
        for absence in &agenda.absences {
            index.place_absence(absence);
        }
        let around = index.surroundings();
        for event in &agenda.external {
            let span = Span::new(event.start.timestamp(), event.end.timestamp());
            if let Some(at) = index.counsellor_position(&event.counsellor).filter(|_| span.overlaps(around)) {
                index.counsellors[at].external.push(span);
            }
        }
        for counsellor in &mut index.counsellors {
            counsellor.absences.sort_unstable();
            counsellor.external.sort_unstable();
        }
        index.place_openings(&agenda.openings)?;
        Ok(index)
    }

    /// The dates over which questions can be asked.
    #[must_use]
    pub const fn window(&self) -> Window {
        self.window
    }

    /// The zone of a site, to show its slots in.
    #[must_use]
    pub fn zone_of(&self, site: &K) -> Option<Tz> {
        self.site_position(site).map(|at| self.sites[at].zone)
    }

    pub(crate) fn site_position(&self, key: &K) -> Option<usize> {
        position(&self.sites, key, |site| &site.id)
    }

    pub(crate) fn counsellor_position(&self, key: &K) -> Option<usize> {
        position(&self.counsellors, key, |counsellor| &counsellor.id)
    }

    /// The appointment of this key, the first in time if the rows repeat it. Asked once a question: no second order
    /// is kept for it.
    pub(crate) fn ignored(&self, key: &K) -> Option<Ignored> {
        let near = self.meetings.iter().position(|meeting| meeting.id == *key);
        if let Some(meeting) = near {
            let span = self.meetings[meeting].span;
            return Some(Ignored { meeting: Some(meeting), length: span.end - span.start });
        }
        let spans = self.far.iter().filter(|far| far.0 == *key).map(|far| far.1);
        spans.min().map(|span| Ignored { meeting: None, length: span.end - span.start })
    }

    pub(crate) fn pair_position(&self, site: usize, counsellor: usize) -> Option<usize> {
        self.pairs.binary_search_by(|pair| (pair.site, pair.counsellor).cmp(&(site, counsellor))).ok()
    }

    /// All that can matter to the window, in seconds.
    fn surroundings(&self) -> Span {
        let (first, last) = (self.window.from().num_days_from_ce(), self.window.to().num_days_from_ce());
        Span::new(self.paris.midnight(first - MARGIN_DAYS), self.paris.midnight(last + 1 + MARGIN_DAYS))
    }

    fn place_travel(&mut self, travel: &Travel<K>) {
        let count = self.sites.len();
        self.travel = vec![self.travel_elsewhere; count * count];
        for (one, other, minutes) in &travel.pairs {
            if let (Some(a), Some(b)) = (self.site_position(one), self.site_position(other)) {
                let seconds = i64::from(*minutes) * 60;
                self.travel[a * count + b] = seconds;
                self.travel[b * count + a] = seconds;
            }
        }
        for site in 0..count {
            self.travel[site * count + site] = 0;
        }
    }

    fn place_rooms(&mut self, rows: &[RoomRow<K>]) -> Result<(), BuildError<K>> {
        let mut rows: Vec<&RoomRow<K>> = rows.iter().collect();
        rows.sort_by(|a, b| (&a.id, &a.site, a.rank, &a.kind).cmp(&(&b.id, &b.site, b.rank, &b.kind)));
        // One room has one key: of two rows the first in order is kept, whatever the order given.
        rows.dedup_by(|a, b| a.id == b.id);
        for row in rows {
            let site =
                self.site_position(&row.site).ok_or_else(|| BuildError::UnknownSite(row.site.clone()))?;
            self.sites[site].rooms.push(self.rooms.len());
            let (id, kind) = (row.id.clone(), row.kind.clone());
            self.rooms.push(Room { id, kind, rank: row.rank, meetings: Vec::new(), busy: Vec::new() });
        }
        for site in &mut self.sites {
            // The indices are in order of key already, and the sort keeps it.
            site.rooms.sort_by_key(|&room| self.rooms[room].rank);
        }
        Ok(())
    }

    fn place_meetings(&mut self, rows: &[AppointmentRow<K>]) {
        let around = self.surroundings();
        let mut far = Vec::new();
        self.meetings = rows
            .iter()
            .filter_map(|row| {
                let span = Span::new(row.start.timestamp(), row.end.timestamp());
                let buffer = i64::from(row.buffer_after_min) * 60;
                if span.start - DAY >= around.end || span.end.max(span.start) + buffer + DAY <= around.start {
                    far.push((row.id.clone(), span));
                    return None;
                }
                let site = match &row.site {
                    None => MeetingSite::Nowhere,
                    Some(key) => self.site_position(key).map_or(MeetingSite::Elsewhere, MeetingSite::At),
                };
                let counsellor = self.counsellor_position(&row.counsellor)?;
                let second = row.second.as_ref().and_then(|key| self.counsellor_position(key));
                Some(Meeting {
                    id: row.id.clone(),
                    site,
                    span,
                    buffer,
                    blocking: row.blocking,
                    room: row.room.as_ref().and_then(|key| position(&self.rooms, key, |room| &room.id)),
                    counsellor,
                    second: second.filter(|&second| second != counsellor),
                })
            })
            .collect();
        self.far = far;
        // Stable: rows mostly come in order of time, and are then taken as they are.
        self.meetings.sort_by(|a, b| (a.span, &a.id).cmp(&(b.span, &b.id)));
        for (at, meeting) in self.meetings.iter().enumerate() {
            if meeting.blocking && meeting.span.start <= meeting.span.end {
                for who in std::iter::once(meeting.counsellor).chain(meeting.second) {
                    self.counsellors[who].meetings.push(at);
                }
                if let Some(room) = meeting.room {
                    self.rooms[room].meetings.push(at);
                }
            }
        }
        for room in 0..self.rooms.len() {
            self.rooms[room].busy = self.room_busy_without(room, None);
        }
    }

    fn place_absence(&mut self, absence: &AbsenceRow<K>) {
        let Some(counsellor) = self.counsellor_position(&absence.counsellor) else { return };
        let second = |time: chrono::NaiveTime| i64::from(chrono::Timelike::num_seconds_from_midnight(&time));
        let (from, to) = (second(absence.start.time()), second(absence.end.time()));
        let length = absence.end.date().num_days_from_ce() - absence.start.date().num_days_from_ce();
        let (first, last) = (self.window.from().num_days_from_ce(), self.window.to().num_days_from_ce());
        let removed = |day: Day| absence.exdates.iter().any(|date| date.num_days_from_ce() == day);
        let clock =
            self.clocks.iter().find(|clock| clock.0 == absence.zone).map_or(&self.paris, |clock| &clock.1);
        let around = self.surroundings();
        let list = &mut self.counsellors[counsellor].absences;
        // An absence that began long ago may last until now.
        let earliest = (first - MARGIN_DAYS).saturating_sub(length.max(0));
        each_day(absence.start.date(), absence.recurrence.as_ref(), earliest, last + MARGIN_DAYS, |day| {
            let span = Span::new(clock.instant(day, from), clock.instant(day + length, to));
            if span.overlaps(around) && !removed(day) {
                list.push(span);
            }
        });
    }

    fn place_openings(&mut self, rows: &[OpeningRow<K>]) -> Result<(), BuildError<K>> {
        let (first, last) = (self.window.from().num_days_from_ce(), self.window.to().num_days_from_ce());
        let mut spans: Vec<(usize, usize, Span)> = Vec::new();
        for row in rows {
            let Some(counsellor) = self.counsellor_position(&row.counsellor) else { continue };
            for_each_date(row, first - MARGIN_DAYS, last + MARGIN_DAYS, |day, site, blocks| {
                let at = self.site_position(site).ok_or_else(|| BuildError::UnknownSite(site.clone()))?;
                let site = &self.sites[at];
                match site.closed_on(date_of(day)) {
                    Some(ClosedReason::Closure) => return Ok(()),
                    Some(ClosedReason::PublicHoliday(_)) if !row.works_on_off_days => return Ok(()),
                    _ => {}
                }
                spans.extend(blocks.iter().map(|block| {
                    let minute = |minute: u16| site.clock.instant(day, i64::from(minute) * 60);
                    (at, counsellor, Span::new(minute(block.from), minute(block.to)))
                }));
                Ok(())
            })?;
        }
        // Stable: each opening gave its own in order.
        spans.sort();
        for group in spans.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let mut openings: Vec<Span> = group.iter().map(|(_, _, span)| *span).collect();
            unite(&mut openings);
            let (site, counsellor, _) = group[0];
            self.counsellors[counsellor].pairs.push(self.pairs.len());
            self.pairs.push(Pair { site, counsellor, openings, runs: OnceLock::new() });
        }
        Ok(())
    }

    /// A civil date as it is in any of the agenda's zones.
    pub(crate) fn date_anywhere(&self, day: Day) -> Span {
        let of = |clock: &Clock| Span::new(clock.midnight(day), clock.midnight(day + 1));
        let spans = self.clocks.iter().map(|clock| of(&clock.1));
        spans
            .reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))
            .unwrap_or_else(|| of(&self.paris))
    }

    /// Seconds on the way between a site and that of a meeting.
    pub(crate) fn travel_to(&self, site: usize, other: MeetingSite) -> i64 {
        match other {
            MeetingSite::Nowhere => 0,
            MeetingSite::At(other) => self.travel[site * self.sites.len() + other],
            MeetingSite::Elsewhere => self.travel_elsewhere,
        }
    }

    /// How long before and after an opening of the counsellor at another site nobody can be received here; `None`
    /// when that opening takes nothing at all.
    ///
    /// With a travel time known, a counsellor who receives there is not here: the opening and the way there and
    /// back are taken. Without one (zero minutes), the two sites are as one place: openings that overlap offer
    /// both, and the first booking takes the time at both.
    pub(crate) fn opening_elsewhere_takes(&self, here: usize, elsewhere: usize) -> Option<i64> {
        let travel = self.travel_to(here, MeetingSite::At(elsewhere));
        (here != elsewhere && travel > 0).then_some(travel)
    }

    /// The free runs of a counsellor at a site.
    pub(crate) fn runs(&self, pair: usize) -> &[Run] {
        self.pairs[pair].runs.get_or_init(|| self.runs_without(pair, None))
    }

    /// Whether no opening lasts over the midnight after a date, at its site: what is free until then and what is
    /// free from then on do not depend on one another.
    #[must_use]
    pub fn rests_after(&self, date: NaiveDate) -> bool {
        let next = date.num_days_from_ce() + 1;
        self.pairs.iter().all(|pair| {
            let midnight = self.sites[pair.site].clock.midnight(next);
            let before = pair.openings.partition_point(|opening| opening.end <= midnight);
            pair.openings.get(before).is_none_or(|opening| opening.start >= midnight)
        })
    }

    /// The free runs of a counsellor at a site, as if one appointment did not exist.
    pub(crate) fn runs_without(&self, pair: usize, ignored: Option<usize>) -> Vec<Run> {
        let Pair { site, counsellor, ref openings, .. } = self.pairs[pair];
        let who = &self.counsellors[counsellor];
        let mut busy = Vec::with_capacity(who.absences.len() + who.external.len() + who.meetings.len());
        busy.extend_from_slice(&who.absences);
        busy.extend_from_slice(&who.external);
        for &at in who.meetings.iter().filter(|&&at| Some(at) != ignored) {
            let meeting = &self.meetings[at];
            let taken = Span::new(meeting.span.start, meeting.span.end + meeting.buffer);
            busy.push(taken.widened(self.travel_to(site, meeting.site)));
        }
        for &other in &who.pairs {
            let other = &self.pairs[other];
            if let Some(travel) = self.opening_elsewhere_takes(site, other.site) {
                busy.extend(other.openings.iter().map(|opening| opening.widened(travel)));
            }
        }
        unite(&mut busy);
        free_runs(openings, &busy)
    }

    /// When a room is taken, as if one appointment did not exist. The buffer after an appointment is the
    /// counsellor's (notes, the next file): the room is free for somebody else.
    pub(crate) fn room_busy_without(&self, room: usize, ignored: Option<usize>) -> Vec<Span> {
        let meetings = self.rooms[room].meetings.iter().filter(|&&at| Some(at) != ignored);
        let mut busy: Vec<Span> = meetings.map(|&at| self.meetings[at].span).collect();
        unite(&mut busy);
        busy
    }
}

/// All counsellors that any row names, in order of key.
fn counsellors_of<K: Clone + Ord>(agenda: &Agenda<K>) -> Vec<Counsellor<K>> {
    let openings = agenda.openings.iter().map(|row| &row.counsellor);
    let absences = agenda.absences.iter().map(|row| &row.counsellor);
    let external = agenda.external.iter().map(|row| &row.counsellor);
    let mut keys: Vec<&K> = openings.chain(absences).chain(external).collect();
    keys.sort_unstable();
    keys.dedup();
    // Thousands of rows, nearly all of somebody known already.
    let unknown = |key: &&K| keys.binary_search(key).is_err();
    let both = agenda.appointments.iter().flat_map(|row| std::iter::once(&row.counsellor).chain(&row.second));
    let mut others: Vec<&K> = both.filter(unknown).collect();
    if !others.is_empty() {
        keys.append(&mut others);
        keys.sort_unstable();
        keys.dedup();
    }
    let empty = |id: &K| Counsellor {
        id: id.clone(),
        absences: Vec::new(),
        external: Vec::new(),
        meetings: Vec::new(),
        pairs: Vec::new(),
    };
    keys.into_iter().map(empty).collect()
}

/// An instant, from the seconds that the index counts in.
pub(crate) fn instant(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
