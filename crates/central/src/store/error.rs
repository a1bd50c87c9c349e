//! What can go wrong in the store, whatever the database.

use passerelle_domain::RefusalCode;
use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

use super::{postgres, sqlite};

/// Which resource the database found taken twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// The counsellor.
    Counsellor,
    /// The room.
    Room,
    /// The client.
    Client,
    /// The seats of a group session.
    Seats,
}

impl Overlap {
    /// The resource that the database's own rules name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "overlap:counsellor" => Some(Self::Counsellor),
            "overlap:room" => Some(Self::Room),
            "overlap:client" => Some(Self::Client),
            "overlap:capacity" => Some(Self::Seats),
            _ => None,
        }
    }

    /// The refusal that a person sees.
    #[must_use]
    pub const fn code(self) -> RefusalCode {
        match self {
            Self::Counsellor => RefusalCode::SlotTaken,
            Self::Room => RefusalCode::RoomTaken,
            Self::Client => RefusalCode::ClientBusy,
            Self::Seats => RefusalCode::CapacityFull,
        }
    }
}

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused a double booking.
    #[error("the database refuses an overlap: {0:?}")]
    Overlap(Overlap),
    /// Others are in the way; try again.
    /// On PostgreSQL also a deadlock, or a key that somebody wrote since it was looked up.
    #[error("the database is busy")]
    Busy,
    /// No room left on the device.
    #[error("the disk is full")]
    DiskFull,
    /// The file is damaged or is no database.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The file may not be read or written, or the server does not answer.
    #[error("the database cannot be read or written: {0}")]
    Unreachable(String),
    /// A document does not have the form that this version writes.
    #[error("the document {entity} {id} cannot be read: {why}")]
    Document {
        /// What sort.
        entity: String,
        /// Which.
        id: String,
        /// What serde says; never the contents.
        why: String,
    },
    /// Anything else.
    #[error("database: {0}")]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(found) = &error else {
            return match error {
                sqlx::Error::PoolTimedOut => Self::Busy,
                sqlx::Error::Io(e) => Self::Unreachable(e.to_string()),
                sqlx::Error::Tls(e) => Self::Unreachable(e.to_string()),
                other => Self::Database(other),
            };
        };
        let sqlite = || found.try_downcast_ref::<SqliteError>().and_then(sqlite::explain_error);
        let postgres = || found.try_downcast_ref::<PgDatabaseError>().and_then(postgres::explain_error);
        sqlite().or_else(postgres).unwrap_or(Self::Database(error))
    }
}

impl StoreError {
    /// A document that cannot be read; serde's message names fields and types, never values of ours.
    pub(crate) fn document(entity: &str, id: &str, why: &serde_json::Error) -> Self {
        Self::Document { entity: entity.to_owned(), id: id.to_owned(), why: why.to_string() }
    }
}
