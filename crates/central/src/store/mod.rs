//! Where the central service keeps everything, on SQLite in one file or on PostgreSQL.
//!
//! What a database must be able to do is one trait, [`Session`], made of small ones by subject (`session.rs`); `sqlite/`
//! and `postgres/` implement it, each with SQL of its own. Everything that is not SQL, and the order in which things are
//! read and written, is in the files of this folder, once.

mod appointments;
pub mod backup;
mod catalogue;
mod changes;
mod commands;
mod desks;
mod directory;
mod documents;
mod error;
mod feed;
mod inspect;
mod intake;
mod leases;
mod location;
mod open;
mod postgres;
mod reading;
mod retry;
mod rows;
mod session;
mod sqlite;
mod state;
mod waits;
mod writing;

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use passerelle_domain::ids::Uai;
use passerelle_domain::office::OfficeSettings;

pub use catalogue::{Release, catalogue_key, keep_catalogue_key};
pub use changes::{Page, end, page};
pub use commands::{Decided, StoredVerdict, decided_in, keep, keep_all, known, known_among, settle};
pub use desks::{CodeUse, Desk};
pub use directory::{Directory, catchment, directory, directory_entry, has_catchments, put_directory};
pub use documents::{Versioned, document, put_document, settings_documents};
pub use error::{Overlap, StoreError};
pub(crate) use feed::as_document;
pub use feed::{Feed, offices};
pub use inspect::Finding;
pub use intake::Answered;
pub use leases::{LeaseEnd, LeaseEndRow, Leasing, StoredLease, drop_lease, lease_ends, leases, put_lease};
pub use location::{BadLocation, Location};
pub use open::{OpenError, marked_demo, open};
pub use postgres::{PostgresError, Reached, Server, Standby, Standing};
pub use reading::Reading;
pub use retry::{Passing, again};
pub use rows::{
    AppointmentRow, ChangeRow, CommandRow, DocumentRow, FeedNumbers, Identified, ReadChange, RevisionRow,
    SortedDocument, Stored,
};
pub use session::{
    Appointments, Commands, Desks, Documents, Feeds, Intake, Keeping, Releases, Session, Tx, Whole,
};
pub use state::{agenda_state, load_state, write_touched};
pub use waits::{Pool, Waits};
pub use writing::Writing;

/// A database that is open.
#[async_trait]
trait Database: Debug + Send + Sync {
    /// Begins a writing transaction.
    async fn write(&self) -> Result<Tx, StoreError>;
    /// Begins a reading transaction: one consistent state, whatever is written meanwhile.
    async fn read(&self) -> Result<Tx, StoreError>;
    /// Whether other services may write to it at the same time.
    fn shared(&self) -> bool;
    /// Its connections.
    fn pools(&self) -> Vec<Pool>;
    /// Closes all connections.
    async fn close(&self);
}

/// One open database, with what this process knows of it.
#[derive(Debug)]
pub struct Store {
    database: Box<dyn Database>,
    /// Facts that never change while the database is open.
    pub meta: Meta,
    /// How long transactions waited to begin.
    pub waits: Waits,
    settings: Mutex<HashMap<Uai, (u64, Arc<OfficeSettings>)>>,
}

/// Facts about the database itself.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    /// Changes when the database is restored from a backup.
    pub epoch: String,
    /// Key of the families' links.
    pub family_secret: String,
    /// Filled with demonstration data.
    pub demo: bool,
    /// How far the clock of a demonstration was set off, microseconds; the command line must agree with the service.
    pub clock_shift_us: i64,
}

impl Store {
    fn of(database: Box<dyn Database>) -> Self {
        Self { database, meta: Meta::default(), waits: Waits::new(), settings: Mutex::new(HashMap::new()) }
    }

    /// Begins a writing transaction. On SQLite there is one at a time; on PostgreSQL one at a time for each feed, from
    /// [`Feed::lock`] on: what is read before that may change.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        self.waits.measured("write", self.database.write()).await
    }

    /// Begins a reading transaction: one consistent state, whatever is written meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        self.waits.measured("read", self.database.read()).await
    }

    /// Whether other services may write to it at the same time: what they do is heard of only by asking.
    #[must_use]
    pub fn shared(&self) -> bool {
        self.database.shared()
    }

    /// Its connections, as they are at this moment.
    #[must_use]
    pub fn pools(&self) -> Vec<Pool> {
        self.database.pools()
    }

    /// Closes all connections; on SQLite the write-ahead log is folded in.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
