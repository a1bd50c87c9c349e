//! The store of the central service on SQLite: everything that knows SQL lives in this folder, as small functions with
//! types of the domain, so that a second database can stand beside it.
//!
//! One connection writes, several read (WAL). A writing transaction begins with `BEGIN IMMEDIATE`: it holds the only
//! write lock from its first statement, so that nothing it has read can change before it commits. A pool of writers
//! with retries was the alternative; SQLite would make them wait for each other all the same.

mod appointments;
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
mod open;
mod state;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use passerelle_domain::ids::Uai;
use passerelle_domain::office::OfficeSettings;
use sqlx::{Sqlite, SqlitePool, Transaction};

pub use appointments::overdue_holds;
pub use catalogue::{
    Release, add_blob, add_release, blob, catalogue_key, forget_blobs, keep_catalogue_key, newest_release,
};
pub use changes::{Page, page};
pub use commands::{StoredVerdict, advance, keep, known, last_seq};
pub use desks::{
    CodeUse, Desk, add_code, add_desk, add_nonce, add_token, desk, desk_of_token, desks_of, revoke,
    take_code, take_nonce,
};
pub use directory::{Directory, catchment, directory, directory_entry, has_catchments, put_directory};
pub use documents::{Versioned, document, put_document, settings_documents};
pub use error::{Overlap, StoreError};
pub use feed::{Feed, head, heads, offices};
pub use inspect::{Finding, inspect};
pub use intake::{
    Answered, answered, enquiry_by_reference, forget_answers, has_old_answers, keep_answer, reference_is_free,
};
pub use open::{MIGRATOR, OpenError, open};
pub use state::{agenda_state, load_state, write_touched};

/// One open database.
#[derive(Debug)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Facts that never change while the database is open.
    pub meta: Meta,
    settings: Mutex<HashMap<Uai, (u64, Arc<OfficeSettings>)>>,
}

/// Facts about the database itself.
#[derive(Debug, Clone)]
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

/// A transaction; nothing of it stays unless it is committed.
pub type Tx = Transaction<'static, Sqlite>;

impl Store {
    /// Begins a writing transaction. There is one at a time.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        match self.writer.begin_with("BEGIN IMMEDIATE").await {
            // After an error such as a full disk SQLite has rolled back by itself (https://sqlite.org/lang_transaction.html,
            // "Response To Errors"), but sqlx still counts a transaction on that connection and would refuse every other
            // one for ever: the connection is given up for a new one.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                drop(self.writer.acquire().await?.detach());
                Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            begun => Ok(begun?),
        }
    }

    /// Begins a reading transaction: one consistent state, whatever is written meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        Ok(self.readers.begin().await?)
    }

    /// Closes all connections; the write-ahead log is folded in.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
