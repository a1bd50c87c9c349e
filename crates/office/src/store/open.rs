//! Opening: pools, pragmas, migrations, and clear words for whatever is wrong with the file.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Sqlite, Transaction};

use super::error::{Result, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/local");

/// The database file of a profile folder.
#[must_use]
pub fn profile_database(profile: &Path) -> PathBuf {
    profile.join("passerelle.db")
}

/// The open database.
#[derive(Debug, Clone)]
pub struct Store {
    /// One connection: writers queue here, not in SQLite's busy handler.
    pub(super) writer: SqlitePool,
    /// Readers; WAL lets them go on while a write is under way.
    pub(super) readers: SqlitePool,
    pub(super) settings: Arc<RwLock<Option<super::settings::Read>>>,
    pub(super) protections: super::Protections,
    pub(super) names: Names,
}

/// Where the names of new commands come from: the clock and chance of this machine, or what a simulation says.
#[derive(Clone)]
pub(super) struct Names(Arc<dyn Fn() -> uuid::Uuid + Send + Sync>);

impl Names {
    pub fn next(&self) -> uuid::Uuid {
        (self.0)()
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}

impl Store {
    /// Makes a new profile.
    ///
    /// # Errors
    /// When there is one already, or the folder cannot be written.
    pub async fn create(profile: &Path) -> Result<Self> {
        let path = profile_database(profile);
        if path.exists() {
            return Err(StoreError::ProfileExists(profile.to_owned()));
        }
        std::fs::create_dir_all(profile)
            .map_err(|source| StoreError::Folder { path: profile.to_owned(), source })?;
        Self::connect(&path, true).await
    }

    /// Opens a profile and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::NoProfile`], [`StoreError::Newer`] (nothing is touched), [`StoreError::Damaged`] (nothing is
    /// repaired in silence: the file stays as it is).
    pub async fn open(profile: &Path) -> Result<Self> {
        let path = profile_database(profile);
        if !path.exists() {
            return Err(StoreError::NoProfile(profile.to_owned()));
        }
        Self::connect(&path, false).await
    }

    async fn connect(path: &Path, create: bool) -> Result<Self> {
        let damaged = |e: StoreError| match e {
            StoreError::Damaged { detail, .. } => StoreError::Damaged { path: path.to_owned(), detail },
            other => other,
        };
        let options = SqliteConnectOptions::from_str("sqlite:")?
            .filename(path)
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            .pragma("temp_store", "MEMORY")
            // Pages that many answers change go from the log to the file once for all of them: at 16 MB instead of 4.
            .pragma("wal_autocheckpoint", "4000");
        // A connection to a file does not go away: asking it first whether it is there costs as much as what is asked next.
        let writer = SqlitePoolOptions::new()
            .test_before_acquire(false)
            // A full disk makes SQLite roll back by itself (https://sqlite.org/lang_transaction.html, "Response To
            // Errors"); sqlx goes on counting a transaction on that connection and would refuse every later one until
            // the application is restarted. The connection is given up for a new one.
            .before_acquire(|conn, _| Box::pin(std::future::ready(Ok(!conn.is_in_transaction()))))
            .max_connections(1)
            // The pages of a long transaction stay in memory: a whole office is taken over in one.
            .connect_with(options.clone().pragma("cache_size", "-65536"))
            .await
            .map_err(|e| damaged(e.into()))?;
        Self::migrate(&writer).await.map_err(damaged)?;
        let readers = SqlitePoolOptions::new()
            .test_before_acquire(false)
            .max_connections(4)
            .min_connections(1)
            .connect_with(options.read_only(true).synchronous(SqliteSynchronous::Normal))
            .await
            .map_err(|e| damaged(e.into()))?;
        let protections = super::Protections::default();
        let names = Names(Arc::new(uuid::Uuid::now_v7));
        Ok(Self { writer, readers, settings: Arc::default(), protections, names })
    }

    async fn migrate(pool: &SqlitePool) -> Result<()> {
        let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0);
        let table: Option<i64> =
            sqlx::query_scalar("SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'")
                .fetch_optional(pool)
                .await?;
        if table.is_some() {
            let found: Option<i64> =
                sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(pool).await?;
            if let Some(found) = found.filter(|f| *f > known) {
                return Err(StoreError::Newer { found, known });
            }
        }
        MIGRATIONS.run(pool).await.map_err(|e| match e {
            sqlx::migrate::MigrateError::Execute(e) => e.into(),
            other => StoreError::Migrate(other),
        })
    }

    /// Begins a writing transaction; the next one waits until it ends.
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Gives the memory back that the writer keeps pages of the file in: after a long transaction it is much.
    pub(super) async fn forget_pages(&self) -> Result<()> {
        sqlx::query("PRAGMA shrink_memory").execute(&self.writer).await?;
        Ok(())
    }

    /// The pool of readers, for queries that a command of the screen writes itself.
    #[must_use]
    pub fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// `PRAGMA integrity_check`: the first complaints, none when all is well.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub async fn integrity(&self) -> Result<Vec<String>> {
        let lines: Vec<String> =
            sqlx::query_scalar("PRAGMA integrity_check(20)").fetch_all(&self.readers).await?;
        Ok(lines.into_iter().filter(|l| l != "ok").collect())
    }

    /// Closes all connections; the write-ahead log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Switches protections off and names commands as a simulation says. For tests.
    #[doc(hidden)]
    #[must_use]
    pub fn simulated(
        mut self,
        protections: super::Protections,
        names: Arc<dyn Fn() -> uuid::Uuid + Send + Sync>,
    ) -> Self {
        (self.protections, self.names) = (protections, Names(names));
        self
    }

    /// Which protections hold. For tests.
    #[doc(hidden)]
    #[must_use]
    pub fn protections(&self) -> super::Protections {
        self.protections
    }

    /// Limits the file to so many pages, so that a full disk can be had at will. For tests.
    ///
    /// # Errors
    /// Those of SQLite.
    #[doc(hidden)]
    pub async fn limit_pages(&self, pages: i64) -> Result<()> {
        sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}")))
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
