//! Backups of a SQLite file.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};

use super::partial::Partial;
use super::{Backup, BackupError, Kind, renew};
use crate::store::{Location, OpenError, StoreError, sqlite};

/// Opens a file without making one, or changing its form.
async fn connect(file: &Path, read_only: bool) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .read_only(read_only)
        .busy_timeout(sqlite::BUSY)
        .pragma("secure_delete", "ON")
        .disable_statement_logging();
    Ok(options.connect().await?)
}

pub(super) async fn backup(database: &Path, file: &Path) -> Result<Backup, BackupError> {
    if !database.exists() {
        return Err(OpenError::Missing(database.to_owned()).into());
    }
    let (partial, empty) = Partial::create(file)?;
    drop(empty);
    let fail = |e: StoreError| BackupError::Open(sqlite::explain(database, e));
    let mut conn = connect(database, true).await.map_err(fail)?;
    let copied = match sqlite::applied(&mut conn).await {
        // The file that it is written to is empty: SQLite takes that as it takes none.
        Ok(Some(_)) => sqlx::query("VACUUM INTO ?")
            .bind(partial.path().to_string_lossy().into_owned())
            .execute(&mut conn)
            .await
            .map(drop)
            .map_err(StoreError::from),
        Ok(None) => Err(StoreError::Damaged("elle est vide".into())),
        Err(error) => Err(error),
    };
    close(conn).await?;
    copied.map_err(|e| match e {
        StoreError::DiskFull => BackupError::DiskFull(file.to_owned()),
        e => fail(e),
    })?;
    let schema = strip(&partial).await.map_err(|e| match e {
        StoreError::DiskFull => BackupError::DiskFull(file.to_owned()),
        e => BackupError::Store(e),
    })?;
    Ok(Backup { bytes: partial.finish()?, schema })
}

async fn close(conn: SqliteConnection) -> Result<(), StoreError> {
    Ok(conn.close().await?)
}

/// The migration since which there are administrators' keys.
const WITH_KEYS: i64 = 13;

/// Takes out of the copy what a backup does not have, and looks at every page of it; gives its last migration.
async fn strip(partial: &Partial) -> Result<i64, StoreError> {
    let mut conn = connect(partial.path(), false).await?;
    let stripped = async {
        for sql in [
            "DELETE FROM meta WHERE key = 'epoch'",
            "DELETE FROM token",
            "DELETE FROM nonce",
            "DELETE FROM enrol_code",
        ] {
            sqlx::query(sql).execute(&mut conn).await?;
        }
        let schema = sqlite::applied(&mut conn).await?.unwrap_or(0);
        // A backup is also taken before a new version is put in: of an earlier form.
        if schema >= WITH_KEYS {
            sqlx::query("DELETE FROM admin_key").execute(&mut conn).await?;
        }
        let said: String = sqlx::query("PRAGMA quick_check(1)").fetch_one(&mut conn).await?.try_get(0)?;
        if said != "ok" {
            return Err(StoreError::Damaged(said));
        }
        Ok(schema)
    }
    .await;
    close(conn).await?;
    stripped
}

pub(super) async fn restore(database: &Path, file: &Path) -> Result<String, BackupError> {
    // A log that was left beside it would be taken for that of the new file.
    for suffix in ["", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        if Path::new(&name).symlink_metadata().is_ok() {
            return Err(BackupError::NotEmpty(Location::Sqlite(database.to_owned()).to_string()));
        }
    }
    Kind::Sqlite.expect(file)?;
    let (partial, mut copy) = Partial::create(database)?;
    let fail = |e: std::io::Error| BackupError::of_file(file, &e);
    let mut original = std::fs::File::open(file).map_err(fail)?;
    std::io::copy(&mut original, &mut copy).map_err(|e| BackupError::of_file(database, &e))?;
    drop(copy);
    let opened = sqlite::open(partial.path(), false).await.map_err(|e| match e {
        OpenError::Damaged { why, .. } => BackupError::not_whole(file, why),
        OpenError::Newer { version, known, .. } => {
            BackupError::Newer { path: file.to_owned(), version, known }
        }
        OpenError::DiskFull(_) => BackupError::DiskFull(database.to_owned()),
        other => BackupError::Open(other),
    })?;
    let renewed = async { renew(file, opened.write().await?).await }.await;
    opened.close().await;
    let epoch = renewed?;
    partial.finish()?;
    Ok(epoch)
}
