//! Opening the catalogue in service.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{ConnectOptions, SqlitePool};

use super::{FORMAT, Folder, meta};
use crate::model::Provenance;

/// Why a catalogue cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The disk.
    #[error("the catalogue's folder cannot be read: {0}")]
    Io(#[from] io::Error),
    /// The pointer names a file that is not there, or that was cut.
    #[error("the catalogue {file} is missing or incomplete")]
    Damaged {
        /// Name of the file.
        file: String,
    },
    /// Written by another version of the program.
    #[error("the catalogue has format {found}, this program reads {FORMAT}")]
    Format {
        /// What it says.
        found: String,
    },
    /// SQLite.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// SQLite, where it is asked without the pool.
    #[error(transparent)]
    Rows(#[from] rusqlite::Error),
    /// A record that cannot be read back.
    #[error("the record {id} cannot be read: {detail}")]
    Record {
        /// Its identifier.
        id: String,
        /// What is wrong.
        detail: String,
    },
}

/// A catalogue that is open for reading. An import beside it does not disturb it.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub(super) pool: SqlitePool,
    pub(super) sources: HashMap<i64, Provenance>,
    path: PathBuf,
    meta: HashMap<String, String>,
}

impl Catalogue {
    /// Opens what is in service; nothing before the first import.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn open(folder: &Folder) -> Result<Option<Self>, OpenError> {
        let Some(pointer) = folder.in_service()? else { return Ok(None) };
        let path = folder.file(&pointer.file);
        let damaged = || OpenError::Damaged { file: pointer.file.clone() };
        let length = std::fs::metadata(&path).map_err(|_| damaged())?.len();
        if length != pointer.bytes {
            return Err(damaged());
        }
        Ok(Some(Self::open_file(&path).await?))
    }

    /// Opens a finished file, in service or not.
    pub(crate) async fn open_file(path: &Path) -> Result<Self, OpenError> {
        // Nobody writes to it any more: no locks, and no journal looked for.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            .immutable(true)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            // Nothing can close them but this program: to ask each whether it lives is another wait for its thread.
            .test_before_acquire(false)
            .idle_timeout(Duration::from_secs(300))
            .connect_with(options)
            .await?;
        let meta: HashMap<String, String> =
            sqlx::query_as::<_, (String, String)>("SELECT name, value FROM meta")
                .fetch_all(&pool)
                .await?
                .into_iter()
                .collect();
        let found = meta.get(meta::FORMAT).cloned().unwrap_or_default();
        if found != FORMAT {
            return Err(OpenError::Format { found });
        }
        type Row = (i64, String, String, String, String, Option<String>);
        let rows: Vec<Row> =
            sqlx::query_as("SELECT id, dataset, title, publisher, licence, published FROM source")
                .fetch_all(&pool)
                .await?;
        let sources = rows.into_iter().map(|(id, dataset, title, publisher, licence, published)| {
            let published = published.and_then(|day| day.parse().ok());
            (id, Provenance { dataset, title, publisher, licence, published })
        });
        Ok(Self { pool, sources: sources.collect(), path: path.to_owned(), meta })
    }

    /// Its release.
    #[must_use]
    pub fn release(&self) -> &str {
        self.meta.get(meta::RELEASE).map_or("", String::as_str)
    }

    /// Records in it that can be found.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.meta.get(meta::RECORDS).and_then(|n| n.parse().ok()).unwrap_or_default()
    }

    /// Links in it whose end is in no file.
    #[must_use]
    pub fn dangling(&self) -> u64 {
        self.meta.get(meta::DANGLING).and_then(|n| n.parse().ok()).unwrap_or_default()
    }

    /// The datasets that it was made of, each once, the latest release of each.
    #[must_use]
    pub fn datasets(&self) -> Vec<&Provenance> {
        let mut all: Vec<&Provenance> = self.sources.values().collect();
        all.sort_by(|a, b| a.dataset.cmp(&b.dataset).then(b.published.cmp(&a.published)));
        all.dedup_by(|a, b| a.dataset == b.dataset);
        all
    }

    /// Its file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its connections.
    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Closes it.
    pub async fn close(self) {
        self.pool.close().await;
    }
}
