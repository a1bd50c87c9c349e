//! The dates over which an agenda is indexed, bounded so that no question can run for ever.

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

/// The longest window that can be indexed: ten years.
pub const MAX_WINDOW_DAYS: i64 = 3_660;

/// Civil dates, both included, over which an agenda is indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    from: NaiveDate,
    to: NaiveDate,
}

/// Why two dates do not make a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WindowError {
    /// The last date comes before the first.
    #[error("ends before it starts")]
    EndsBeforeStart,
    /// Longer than [`MAX_WINDOW_DAYS`].
    #[error("covers more than {MAX_WINDOW_DAYS} days")]
    TooLong,
    /// Before 1900 or after 2200: no clock is known then.
    #[error("must lie between the years 1900 and 2200")]
    OutOfRange,
}

impl Window {
    /// A window from a date to another, both included.
    ///
    /// # Errors
    /// When the dates are reversed, too far apart, or in years of which nothing is known.
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, WindowError> {
        let known = 1900..=2200;
        if !known.contains(&from.year()) || !known.contains(&to.year()) {
            return Err(WindowError::OutOfRange);
        }
        let days = (to - from).num_days();
        if days < 0 {
            return Err(WindowError::EndsBeforeStart);
        }
        if days >= MAX_WINDOW_DAYS {
            return Err(WindowError::TooLong);
        }
        Ok(Self { from, to })
    }

    /// First date.
    #[must_use]
    pub const fn from(&self) -> NaiveDate {
        self.from
    }

    /// Last date.
    #[must_use]
    pub const fn to(&self) -> NaiveDate {
        self.to
    }

    /// Whether both dates lie inside.
    #[must_use]
    pub fn covers(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.from <= from && to <= self.to
    }
}
