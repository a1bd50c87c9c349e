//! The clock of the service, passed to everything that needs an instant.

use chrono::{DateTime, Duration, Utc};

/// The system's clock, or that clock shifted: a demonstration begins at a chosen instant and runs on from there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    shift: Duration,
    standing: Option<DateTime<Utc>>,
}

impl Clock {
    /// A clock that says `instant` now and runs on.
    #[must_use]
    pub fn starting_at(instant: DateTime<Utc>) -> Self {
        Self { shift: instant - Utc::now(), standing: None }
    }

    /// The system's clock set off by so many microseconds.
    #[must_use]
    pub fn shifted_us(us: i64) -> Self {
        Self { shift: Duration::microseconds(us), standing: None }
    }

    /// A clock that stands at this instant: a simulation moves time itself.
    #[must_use]
    pub const fn standing_at(instant: DateTime<Utc>) -> Self {
        Self { shift: Duration::zero(), standing: Some(instant) }
    }

    /// How far it is set off, in microseconds.
    #[must_use]
    pub fn shift_us(&self) -> i64 {
        self.shift.num_microseconds().unwrap_or(0)
    }

    /// The present instant, in whole microseconds, so that what is stored is what was said.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = self.standing.unwrap_or_else(|| Utc::now() + self.shift);
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}
