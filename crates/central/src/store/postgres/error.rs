//! What an error of PostgreSQL means.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use crate::store::{Overlap, StoreError};

/// `None` when it has no meaning of its own.
pub(in crate::store) fn explain_error(error: &PgDatabaseError) -> Option<StoreError> {
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    match error.code() {
        // An exclusion constraint has the name of what it says; a trigger says it.
        "23P01" => error.constraint().and_then(Overlap::named).map(StoreError::Overlap),
        "P0001" => Overlap::named(DatabaseError::message(error)).map(StoreError::Overlap),
        // Not serialisable, deadlock, lock not had in time. And a key that somebody else wrote since it was looked up:
        // whoever begins again finds it.
        "40001" | "40P01" | "55P03" | "23505" => Some(StoreError::Busy),
        "53100" => Some(StoreError::DiskFull),
        "XX001" | "XX002" => Some(StoreError::Damaged(DatabaseError::message(error).to_owned())),
        // Too many connections; the server stops, starts or has cut this connection.
        "53300" | "57P01" | "57P02" | "57P03" => {
            Some(StoreError::Unreachable(DatabaseError::message(error).to_owned()))
        }
        _ => None,
    }
}
