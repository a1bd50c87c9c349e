//! Opening a database: its form is brought up to date, or it is refused with what to do.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Row, SqliteConnection};

use super::SqliteFile;
use crate::store::{Database, OpenError, StoreError};

/// The migrations of this build.
static MIGRATOR: Migrator = sqlx::migrate!("../../migrations/central/sqlite");

/// Readers beside the writer: requests that read are short, and the machine has few cores.
const READERS: u32 = 4;
/// What connections keep in memory of the file, as SQLite's `cache_size` has it: KiB, negative. Its own measure is 2 MB.
const WRITER_CACHE: &str = "-65536";
const READER_CACHE: &str = "-16384";
/// Pages in the log before they go to the file: 16 MB. SQLite's own measure is 1,000.
const CHECKPOINT_PAGES: &str = "4000";
/// How long another process (the command line) is waited for.
pub(in crate::store) const BUSY: Duration = Duration::from_secs(5);
/// Files up to this size are looked through at each start; larger ones only by `check`.
const QUICK_CHECK_MAX: u64 = 256 * 1024 * 1024;

pub(in crate::store) fn explain(path: &Path, error: StoreError) -> OpenError {
    let path = path.to_owned();
    match error {
        StoreError::Damaged(why) => OpenError::Damaged { path, why },
        StoreError::DiskFull => OpenError::DiskFull(path),
        StoreError::Busy => OpenError::Locked(path),
        StoreError::Unreachable(why) => OpenError::Unreachable { path, why },
        other => OpenError::Other { path, why: other.to_string() },
    }
}

/// The last migration of this build.
pub(in crate::store) fn known() -> i64 {
    MIGRATOR.iter().map(|m| m.version).max().unwrap_or(0)
}

fn explain_migration(path: &Path, error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(version) => {
            OpenError::Newer { path: path.to_owned(), version, known: known() }
        }
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => explain(path, e.into()),
        other => OpenError::Other { path: path.to_owned(), why: other.to_string() },
    }
}

/// Opens the database at `path` and brings its form up to date; makes a new one when `create` says so.
///
/// # Errors
/// [`OpenError`], with what to do.
pub(in crate::store) async fn open(path: &Path, create: bool) -> Result<Box<dyn Database>, OpenError> {
    let new = !path.exists();
    if new && !create {
        return Err(OpenError::Missing(path.to_owned()));
    }
    // The order matters: nothing may be written to a file that is damaged or newer.
    if !new {
        examine(path).await?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(create)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
        // What SQLite keeps for undoing one statement of many rows would go to files that are not this one.
        .pragma("temp_store", "MEMORY")
        // Pages that many requests change go from the log to the file once for all of them.
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
    let fail = |e: sqlx::Error| explain(path, e.into());
    let writer =
        writers().connect_with(options.clone().pragma("cache_size", WRITER_CACHE)).await.map_err(fail)?;
    MIGRATOR.run(&writer).await.map_err(|e| explain_migration(path, e))?;
    // A connection to a file does not go away: asking it first whether it is there costs as much as what is asked next.
    let readers = SqlitePoolOptions::new()
        .test_before_acquire(false)
        .max_connections(READERS)
        .connect_with(options.pragma("cache_size", READER_CACHE).read_only(true).create_if_missing(false))
        .await
        .map_err(fail)?;
    Ok(Box::new(SqliteFile { writer, readers }))
}

/// The one connection that writes.
fn writers() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .test_before_acquire(false)
        // After an error such as a full disk SQLite has rolled back by itself (https://sqlite.org/lang_transaction.html,
        // "Response To Errors"), but sqlx still counts a transaction on that connection and would refuse every other one
        // for ever: the connection is given up for a new one.
        .before_acquire(|conn, _| Box::pin(std::future::ready(Ok(!conn.is_in_transaction()))))
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(30))
}

/// Looks at a file without writing to it.
async fn examine(path: &Path) -> Result<(), OpenError> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(false).busy_timeout(BUSY);
    let fail = |e: sqlx::Error| explain(path, e.into());
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(fail)?;
    let looked = async {
        let mut conn = pool.acquire().await?;
        if std::fs::metadata(path).is_ok_and(|m| m.len() <= QUICK_CHECK_MAX) {
            let said: String =
                sqlx::query("PRAGMA quick_check(1)").fetch_one(&mut *conn).await?.try_get(0)?;
            if said != "ok" {
                return Err(StoreError::Damaged(said));
            }
        }
        applied(&mut conn).await
    }
    .await;
    pool.close().await;
    let version = looked.map_err(|e| explain(path, e))?;
    match version {
        Some(version) if version > known() => {
            Err(OpenError::Newer { path: path.to_owned(), version, known: known() })
        }
        _ => Ok(()),
    }
}

/// The last migration that was applied; `None` for a database without any.
pub(in crate::store) async fn applied(conn: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
    let tables: Vec<String> = sqlx::query("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .fetch_all(&mut *conn)
        .await?
        .iter()
        .map(|r| r.try_get(0))
        .collect::<Result<_, _>>()?;
    if tables.is_empty() {
        return Ok(None);
    }
    if !tables.iter().any(|t| t == "_sqlx_migrations") {
        return Err(StoreError::Damaged("elle contient d’autres données".into()));
    }
    Ok(sqlx::query("SELECT max(version) FROM _sqlx_migrations").fetch_one(conn).await?.try_get(0)?)
}

#[cfg(test)]
mod tests {
    use passerelle_domain::ids::Uai;
    use passerelle_protocol::sync::{DIRECTORY, Entity};

    use super::*;
    use crate::store::{Feed, Location, Store, put_document};

    /// Puts a document of so much text into the directory's feed.
    async fn add(store: &Store, id: u32, text: &str) -> Result<(), StoreError> {
        let mut tx = store.write().await?;
        tx.create_feed(DIRECTORY).await?;
        let mut feed = Feed::lock(&mut tx, DIRECTORY).await?.expect("the feed");
        let id = Uai::from_number(id).to_string();
        put_document(&mut tx, &mut feed, Entity::Catchment, &id, &text).await?;
        feed.save(&mut tx).await?;
        tx.commit().await
    }

    #[tokio::test]
    async fn a_full_disk_is_said_and_loses_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("central.db");
        let store = crate::store::open(&Location::from(path.clone()), true).await.expect("a database");
        add(&store, 1, "petit").await.expect("there is room");
        store.close().await;
        // The writer of this file takes the bound: SQLite refuses a page more with the error of a full disk.
        let writer = writers()
            .connect_with(SqliteConnectOptions::new().filename(&path).journal_mode(SqliteJournalMode::Wal))
            .await
            .expect("a writer");
        let store = Store::of(Box::new(SqliteFile { writer: writer.clone(), readers: writer.clone() }));
        let pages: i64 = {
            let mut conn = writer.acquire().await.expect("the writer");
            let row = sqlx::query("PRAGMA page_count").fetch_one(&mut *conn).await.expect("a count");
            sqlx::query("PRAGMA max_page_count = 1").execute(&mut *conn).await.expect("a bound");
            row.try_get(0).expect("a number")
        };
        assert!(pages > 1);
        let large = "x".repeat(1_000_000);
        let full = add(&store, 2, &large).await;
        assert!(matches!(full, Err(StoreError::DiskFull)), "{full:?}");
        let known = store.read().await.expect("a reader").feed(DIRECTORY).await.expect("a head");
        assert_eq!(known.map(|f| f.head), Some(1), "what was there is there, and nothing half");
        {
            let mut conn = writer.acquire().await.expect("the writer");
            sqlx::query("PRAGMA max_page_count = 1000000").execute(&mut *conn).await.expect("room again");
        }
        add(&store, 2, &large).await.expect("with room again it goes on by itself");
        store.close().await;
    }

    /// SQLite gives up a transaction by itself whose pages go to the log before its end; each connection that meets a
    /// full disk is one that counts a transaction which is not there.
    #[tokio::test(flavor = "multi_thread")]
    async fn many_at_once_on_a_full_disk_are_all_told_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("central.db");
        let store = crate::store::open(&Location::from(path.clone()), true).await.expect("a database");
        store.close().await;
        let full = SqliteConnectOptions::new()
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("cache_size", "10")
            .pragma("max_page_count", "1");
        let writer = writers().connect_with(full).await.expect("a writer");
        let store = Store::of(Box::new(SqliteFile { writer: writer.clone(), readers: writer }));
        let long = "x".repeat(300_000);
        let all = (0..40).map(|id| add(&store, id, &long));
        for said in futures_util::future::join_all(all).await {
            assert!(matches!(said, Err(StoreError::DiskFull)), "{said:?}");
        }
        store.close().await;
    }

    #[tokio::test]
    async fn another_programs_database_is_not_taken_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("other.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let other = SqlitePoolOptions::new().connect_with(options).await.expect("a database");
        sqlx::query("CREATE TABLE recipes (name TEXT)").execute(&other).await.expect("a table");
        other.close().await;
        let refused = open(&path, true).await;
        assert!(matches!(refused, Err(OpenError::Damaged { .. })), "{refused:?}");
        let missing = open(&folder.path().join("none.db"), false).await;
        assert!(matches!(missing, Err(OpenError::Missing(_))), "{missing:?}");
        let nowhere = open(&folder.path().join("no/such/folder.db"), true).await;
        assert!(matches!(nowhere, Err(OpenError::Unreachable { .. })), "{nowhere:?}");
    }
}
