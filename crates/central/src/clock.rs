//! The clock of the service, passed to everything that needs an instant.

use chrono::{DateTime, Duration, Utc};

/// The system's clock, or that clock shifted: a demonstration begins at a chosen instant and runs on from there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    shift: Duration,
}

impl Clock {
    /// A clock that says `instant` now and runs on.
    #[must_use]
    pub fn starting_at(instant: DateTime<Utc>) -> Self {
        Self { shift: instant - Utc::now() }
    }

    /// The system's clock set off by so many microseconds.
    #[must_use]
    pub fn shifted_us(us: i64) -> Self {
        Self { shift: Duration::microseconds(us) }
    }

    /// How far it is set off, in microseconds.
    #[must_use]
    pub fn shift_us(&self) -> i64 {
        self.shift.num_microseconds().unwrap_or(0)
    }

    /// The present instant, in whole microseconds, so that what is stored is what was said.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now() + self.shift;
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}
