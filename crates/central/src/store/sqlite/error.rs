//! What an error of SQLite means.

use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;

use crate::store::{Overlap, StoreError};

/// `None` when it has no meaning of its own.
pub(in crate::store) fn explain_error(error: &SqliteError) -> Option<StoreError> {
    if let Some(overlap) = Overlap::named(error.message()) {
        return Some(StoreError::Overlap(overlap));
    }
    // The low byte of SQLite's extended code is the primary code (https://sqlite.org/rescode.html).
    let primary = error.code().and_then(|c| c.parse::<i64>().ok()).map_or(0, |code| code & 0xff);
    match primary {
        5 | 6 => Some(StoreError::Busy),
        13 => Some(StoreError::DiskFull),
        11 | 26 => Some(StoreError::Damaged(error.message().to_owned())),
        8 | 10 | 14 | 23 => Some(StoreError::Unreachable(error.message().to_owned())),
        _ => None,
    }
}
