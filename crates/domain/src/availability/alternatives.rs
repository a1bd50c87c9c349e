//! What is free instead of a place that somebody cannot have.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};

use super::{Search, Wanted, free_slots_of, receiving_sites, sessions_with_seats};
use crate::appointment::Appointment;
use crate::office::{AppointmentKind, OfficeSettings};
use crate::refusal::FreeSlot;

/// What is free instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alternatives {
    /// With the same person (and the same second one, when two hold it), nearest in time first chosen, shown in order of time.
    pub same_person: Vec<FreeSlot>,
    /// With colleagues.
    pub colleagues: Vec<FreeSlot>,
}

/// Days around the wanted time in which something else is looked for.
pub const ALTERNATIVES_BEFORE_DAYS: u64 = 3;
/// See [`ALTERNATIVES_BEFORE_DAYS`].
pub const ALTERNATIVES_AFTER_DAYS: u64 = 21;

/// The civil days in which alternatives to `start` are looked for.
#[must_use]
pub fn alternatives_days(
    settings: &OfficeSettings,
    start: DateTime<Utc>,
    now: DateTime<Utc>,
) -> (NaiveDate, NaiveDate) {
    let today = settings.local_date(now);
    let day = settings.local_date(start).max(today);
    let from = day.checked_sub_days(Days::new(ALTERNATIVES_BEFORE_DAYS)).unwrap_or(day).max(today);
    let to = day.checked_add_days(Days::new(ALTERNATIVES_AFTER_DAYS)).unwrap_or(day);
    (from, to)
}

/// The `n` nearest free slots with the same person and the `n` nearest with colleagues, around the wanted time.
/// `appointments` are those of [`alternatives_days`], widened by [`days_to_load`].
#[must_use]
pub fn alternatives(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    now: DateTime<Utc>,
    n: usize,
) -> Alternatives {
    let (from, to) = alternatives_days(settings, wanted.start, now);
    let end = wanted.start + Duration::minutes(i64::from(wanted.minutes));
    let mut query = Search::staff(wanted.kind, from, to);
    query.minutes = Some(wanted.minutes);
    // Two counsellors who were to hold it together do so at another time; a colleague takes the place of the first.
    query.second = wanted.second;
    query.sites = Some(receiving_sites(settings, Some(wanted.site)));
    // A meeting that moves never blocks itself, and is looked for with the length that was asked for.
    let others: Vec<&Appointment> =
        appointments.iter().copied().filter(|a| Some(a.id) != wanted.moving).collect();
    let offered = |k: &&AppointmentKind| k.active || wanted.moving.is_some();
    let Some(kind) = settings.kinds.get(&wanted.kind).filter(offered) else { return Alternatives::default() };
    // The client may be with somebody else at that time.
    let client_free = |s: &FreeSlot| {
        wanted.client.is_none()
            || !others
                .iter()
                .any(|a| a.client == wanted.client && a.takes_time(now) && a.start < s.end && s.start < a.end)
    };
    let not_wanted = |s: &FreeSlot| {
        !(s.counsellor == wanted.counsellor && s.start == wanted.start && s.end == end) && client_free(s)
    };
    // Somebody who wants a seat is offered those of sessions that take place, before a session of their own.
    let seats = match wanted.client {
        Some(_) => sessions_with_seats(settings, others.iter().copied(), &query, now, not_wanted),
        None => Vec::new(),
    };
    let seats: Vec<FreeSlot> =
        seats.into_iter().map(|s| s.slot).filter(|s| s.end - s.start == end - wanted.start).collect();
    let own = free_slots_of(settings, others.iter().copied(), &query, kind, now, not_wanted);
    let all: Vec<(bool, FreeSlot)> =
        seats.into_iter().map(|s| (false, s)).chain(own.into_iter().map(|s| (true, s))).collect();
    let nearest = |same: bool| {
        let mut group: Vec<&(bool, FreeSlot)> =
            all.iter().filter(|(_, s)| (s.counsellor == wanted.counsellor) == same).collect();
        group.sort_by_key(|(new, s)| (*new, (s.start - wanted.start).abs(), s.start, s.counsellor));
        group.truncate(n);
        group.sort_by_key(|(_, s)| (s.start, s.counsellor));
        group.into_iter().map(|(_, s)| s.clone()).collect()
    };
    Alternatives { same_person: nearest(true), colleagues: nearest(false) }
}

impl Alternatives {
    /// `n` in all: the same person's first, colleagues' to fill up.
    #[must_use]
    pub fn first(&self, n: usize) -> Vec<FreeSlot> {
        self.same_person.iter().chain(&self.colleagues).take(n).cloned().collect()
    }
}
