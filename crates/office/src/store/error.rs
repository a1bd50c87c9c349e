//! What can go wrong with the database, in terms that a person can act on.

use std::path::PathBuf;

/// Why the database did not do it. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no profile at this place.
    #[error("no profile in {}", .0.display())]
    NoProfile(PathBuf),
    /// There is one already.
    #[error("there is a profile in {} already", .0.display())]
    ProfileExists(PathBuf),
    /// The folder cannot be made or read.
    #[error("the folder {} cannot be used: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A newer version of the application wrote it.
    #[error("the profile was written by a newer version (migration {found}, this version knows {known})")]
    Newer {
        /// Number of the newest migration in the file.
        found: i64,
        /// Number of the newest that this build has.
        known: i64,
    },
    /// The file is not a database, or parts of it are unreadable.
    #[error("the database {} is damaged: {detail}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What SQLite says.
        detail: String,
    },
    /// No room left.
    #[error("the disk is full")]
    DiskFull,
    /// Another process holds it.
    #[error("the database is in use by another process")]
    Busy,
    /// The trigger refused two meetings at once.
    #[error("the database refuses an overlap of {0}")]
    Overlap(String),
    /// A document that this version cannot read.
    #[error("a stored {entity} cannot be read: {source}")]
    Document {
        /// What sort.
        entity: &'static str,
        /// Why.
        source: serde_json::Error,
    },
    /// Central's answer does not continue what is here.
    #[error("changes of {scope} begin at {found}, expected {expected}")]
    Gap {
        /// Which feed.
        scope: String,
        /// First position received.
        found: u64,
        /// Next position here.
        expected: u64,
    },
    /// Anything else of SQLite.
    #[error(transparent)]
    Sql(sqlx::Error),
    /// Migrations did not run.
    #[error(transparent)]
    Migrate(sqlx::migrate::MigrateError),
}

impl StoreError {
    /// Stable code for the screen and the command line.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoProfile(_) => "no_profile",
            Self::ProfileExists(_) => "profile_exists",
            Self::Folder { .. } => "folder",
            Self::Newer { .. } => "newer_profile",
            Self::Damaged { .. } => "damaged_database",
            Self::DiskFull => "disk_full",
            Self::Busy => "database_busy",
            Self::Overlap(_) => "slot_taken",
            Self::Document { .. } => "unreadable_document",
            Self::Gap { .. } => "feed_gap",
            Self::Sql(_) | Self::Migrate(_) => "database",
        }
    }
}

// Primary result codes, https://www.sqlite.org/rescode.html
const SQLITE_BUSY: i64 = 5;
const SQLITE_IOERR: i64 = 10;
const SQLITE_CORRUPT: i64 = 11;
const SQLITE_FULL: i64 = 13;
const SQLITE_NOTADB: i64 = 26;
// Extended: the shared memory beside the file could not be made as large as it must be.
const SQLITE_IOERR_SHMSIZE: i64 = 4874;
// A write that a quota or a bound on the length of files refuses; a device that fails says it when it is to sync.
const SQLITE_IOERR_WRITE: i64 = 778;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(db) = error.as_database_error() else { return Self::Sql(error) };
        if let Some(what) = db.message().strip_prefix("overlap:") {
            return Self::Overlap(what.to_owned());
        }
        let extended = db.code().and_then(|c| c.parse::<i64>().ok());
        match extended.map(|c| c & 0xff) {
            Some(SQLITE_BUSY) => Self::Busy,
            Some(SQLITE_FULL) => Self::DiskFull,
            // A write that ends short says "disk I/O error"; which one is in the extended code.
            Some(SQLITE_IOERR) if db.message().contains("full") => Self::DiskFull,
            Some(SQLITE_IOERR) if matches!(extended, Some(SQLITE_IOERR_SHMSIZE | SQLITE_IOERR_WRITE)) => {
                Self::DiskFull
            }
            Some(SQLITE_CORRUPT | SQLITE_NOTADB) => {
                Self::Damaged { path: PathBuf::new(), detail: db.message().to_owned() }
            }
            _ => Self::Sql(error),
        }
    }
}

/// What the store gives.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
