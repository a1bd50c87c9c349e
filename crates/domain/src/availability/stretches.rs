//! How much of an agenda is indexed for a search: all its dates, or first those in which the answer mostly lies.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{Search, agenda_between, days_to_load};
use crate::appointment::Appointment;
use crate::ids::AppointmentId;
use crate::office::OfficeSettings;
use crate::slots::{AgendaIndex, Window};

/// A search for the first so many looks at so many days first. The next free slot of an office is nearly always among
/// them; when it is not, all the other days are looked at in one go.
const FIRST_DAYS: u64 = 14;

/// The dates of a search, one stretch after the other, each indexed when it is asked for. What is found in them one by
/// one is what would be found in all of them at once: a stretch ends where no opening lasts over midnight.
pub(super) struct Stretches<'a> {
    settings: &'a OfficeSettings,
    appointments: Vec<&'a Appointment>,
    /// The first date that is left, and the last one; none: nothing is left.
    left: Option<(NaiveDate, NaiveDate)>,
    /// How long the next stretch is; none: as long as what is left.
    days: Option<u64>,
    /// The meeting that moves is known wherever it lies.
    moving: Option<AppointmentId>,
    /// Which proposals have had their hour.
    now: DateTime<Utc>,
}

impl<'a> Stretches<'a> {
    pub(super) fn new(
        settings: &'a OfficeSettings,
        appointments: Vec<&'a Appointment>,
        wanted: &Search,
        now: DateTime<Utc>,
    ) -> Self {
        let dates = (wanted.from, wanted.to);
        // Dates that make no window have no stretches.
        let left = Window::new(wanted.from, wanted.to).is_ok().then_some(dates);
        Self {
            settings,
            appointments,
            left,
            days: wanted.limit.map(|_| FIRST_DAYS),
            moving: wanted.moving,
            now,
        }
    }

    fn index(&self, from: NaiveDate, to: NaiveDate) -> Option<AgendaIndex<Uuid>> {
        let (first, last) = days_to_load(from, to);
        // A meeting, the buffer after it and the way from it may each take a day.
        let (first, last) = (first - TimeDelta::days(3), last + TimeDelta::days(3));
        let near = self
            .appointments
            .iter()
            .copied()
            .filter(|a| (a.start < last && first < a.end) || Some(a.id) == self.moving);
        let rows = agenda_between(self.settings, near, (from, to), self.now);
        AgendaIndex::build(&rows, Window::new(from, to).ok()?).ok()
    }
}

impl Iterator for Stretches<'_> {
    type Item = AgendaIndex<Uuid>;

    fn next(&mut self) -> Option<Self::Item> {
        let (from, last) = self.left.take()?;
        let short = self.days.take().and_then(|days| from.checked_add_days(Days::new(days - 1)));
        if let Some(to) = short.filter(|to| *to < last) {
            let index = self.index(from, to)?;
            if index.rests_after(to) {
                self.left = to.succ_opt().map(|next| (next, last));
                return Some(index);
            }
        }
        self.index(from, last)
    }
}
