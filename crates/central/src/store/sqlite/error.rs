//! What an error of SQLite means.

use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;

use crate::store::{Overlap, StoreError};

/// What is said of a write that a quota or a bound on the length of files refuses, and of an index of the log that finds no
/// room, where a file system that is full has a code of its own: `SQLITE_IOERR_WRITE`, `SQLITE_IOERR_SHMSIZE`. A device
/// that fails says it later, when it is asked whether it has written.
const NO_ROOM: [i64; 2] = [778, 4874];

/// `None` when it has no meaning of its own.
pub(in crate::store) fn explain_error(error: &SqliteError) -> Option<StoreError> {
    if let Some(overlap) = Overlap::named(error.message()) {
        return Some(StoreError::Overlap(overlap));
    }
    let extended = error.code().and_then(|c| c.parse::<i64>().ok()).unwrap_or(0);
    if NO_ROOM.contains(&extended) {
        return Some(StoreError::DiskFull);
    }
    // The low byte of SQLite's extended code is the primary code (https://sqlite.org/rescode.html).
    match extended & 0xff {
        5 | 6 => Some(StoreError::Busy),
        13 => Some(StoreError::DiskFull),
        11 | 26 => Some(StoreError::Damaged(error.message().to_owned())),
        8 | 10 | 14 | 23 => Some(StoreError::Unreachable(error.message().to_owned())),
        _ => None,
    }
}
