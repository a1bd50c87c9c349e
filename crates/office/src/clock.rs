//! The desk's clock. Everything below takes `now` from here, so that tests and demonstrations can set it.

use chrono::{DateTime, TimeDelta, Utc};

/// The machine's clock, perhaps shifted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    shift: TimeDelta,
}

impl Clock {
    /// A clock that shows `instant` at this moment and runs on from there.
    #[must_use]
    pub fn starting_at(instant: DateTime<Utc>) -> Self {
        Self { shift: instant - Utc::now() }
    }

    /// Now, UTC, in whole seconds: no finer instant means anything in an agenda.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now() + self.shift;
        DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
    }

    /// Whether it is not the machine's own.
    #[must_use]
    pub fn is_shifted(&self) -> bool {
        !self.shift.is_zero()
    }
}
