//! Backups of a database on a PostgreSQL server.

use std::fs::File;
use std::path::Path;

use chrono::Utc;
use futures_util::TryStreamExt;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{PgConnection, Row};

use super::archive::{Line, Reader, Writer};
use super::partial::Partial;
use super::{Backup, BackupError, Kind, renew};
use crate::store::postgres::{self, Applied, PostgresError, Server};
use crate::store::{Location, StoreError};

/// The form of the file that this version writes, and the only one that it reads.
const FORM: u32 = 1;
/// What triggers make of the rows of others, what sqlx keeps, and what gives access.
const LEFT_OUT: [&str; 7] =
    ["taken", "seat", "_sqlx_migrations", "token", "nonce", "enrol_code", "admin_key"];

/// A table as it is copied.
#[derive(Debug)]
struct Table {
    name: String,
    columns: Vec<String>,
}

impl Table {
    /// Names between quotes, as SQL has them.
    fn list(&self) -> String {
        let quoted: Vec<String> = self.columns.iter().map(|c| format!("\"{c}\"")).collect();
        quoted.join(", ")
    }

    /// Names of ours: nothing else enters a statement.
    fn is_plain(&self) -> bool {
        let plain = |name: &String| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        plain(&self.name) && !self.columns.is_empty() && self.columns.iter().all(plain)
    }

    fn copy_out(&self) -> String {
        let only = if self.name == "meta" { " WHERE key <> 'epoch'" } else { "" };
        // Releases of the catalogue are added in their order.
        let order = if self.name == "catalogue_release" { " ORDER BY number" } else { "" };
        format!("COPY (SELECT {} FROM \"{}\"{only}{order}) TO STDOUT", self.list(), self.name)
    }

    fn copy_in(&self) -> String {
        format!("COPY \"{}\" ({}) FROM STDIN", self.name, self.list())
    }
}

/// One connection without the bounds of a service: a large table takes its time.
async fn connect(server: &Server) -> Result<PgPool, BackupError> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(server.options().clone()).await;
    pool.map_err(|e| BackupError::Open(postgres::explain_connection(server, e)))
}

pub(super) async fn backup(server: &Server, file: &Path) -> Result<Backup, BackupError> {
    let pool = connect(server).await?;
    let taken = copy_out(server, &pool, file).await;
    pool.close().await;
    taken
}

async fn copy_out(server: &Server, pool: &PgPool, file: &Path) -> Result<Backup, BackupError> {
    let lost = |e: sqlx::Error| BackupError::Store(e.into());
    let full = |e: std::io::Error| BackupError::of_file(file, &e);
    let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(lost)?;
    let schema = match postgres::applied(&mut tx).await.map_err(lost)? {
        Applied::Version(version) => version,
        Applied::Nothing => return Err(opened(PostgresError::Empty(server.to_string()))),
        Applied::Foreign => return Err(opened(PostgresError::Foreign(server.to_string()))),
    };
    let tables = tables(&mut tx).await.map_err(lost)?;
    let (partial, out) = Partial::create(file)?;
    let mut writer = Writer::new(out).map_err(full)?;
    writer.line(&Line::PasserelleBackup { form: FORM, schema, at: Utc::now() }).map_err(full)?;
    for table in &tables {
        let Table { name, columns } = table;
        writer.line(&Line::Table { name: name.clone(), columns: columns.clone() }).map_err(full)?;
        let mut rows = 0;
        {
            // The server sends a message for each row.
            let mut bytes = tx.copy_out_raw(&table.copy_out()).await.map_err(lost)?;
            while let Some(row) = bytes.try_next().await.map_err(lost)? {
                writer.rows(&row).map_err(full)?;
                rows += 1;
            }
        }
        writer.line(&Line::Rows { rows }).map_err(full)?;
    }
    writer.end(tables.len()).map_err(full)?;
    Ok(Backup { bytes: partial.finish()?, schema })
}

fn opened(error: PostgresError) -> BackupError {
    BackupError::Open(error.into())
}

/// All tables but those that are left out, each after those that its rows point to.
async fn tables(conn: &mut PgConnection) -> Result<Vec<Table>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT c.relname::text,
                ARRAY(SELECT a.attname::text FROM pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                      ORDER BY a.attnum),
                ARRAY(SELECT DISTINCT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
                      WHERE k.conrelid = c.oid AND k.contype = 'f' AND f.oid <> c.oid)
         FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> ALL ($1)
         ORDER BY 1",
    )
    .bind(LEFT_OUT.map(str::to_owned).to_vec())
    .fetch_all(conn)
    .await?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in &rows {
        let table = Table { name: row.try_get(0)?, columns: row.try_get(1)? };
        waiting.push((table, row.try_get::<Vec<String>, _>(2)?));
    }
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|(table, _)| table.name.clone()).collect();
        let ready = waiting.iter().position(|(_, on)| on.iter().all(|name| !names.contains(name)));
        // Tables that point at each other are in no order; their rows are refused at the latest when they are restored.
        ordered.push(waiting.remove(ready.unwrap_or(0)).0);
    }
    Ok(ordered)
}

pub(super) async fn restore(server: &Server, file: &Path) -> Result<String, BackupError> {
    Kind::Postgres.expect(file)?;
    let pool = connect(server).await?;
    let restored = copy_in(server, &pool, file).await;
    if restored.is_ok() {
        // The planner knows nothing yet of what came in; it would find out by itself, later.
        if let Err(error) = sqlx::query("ANALYZE").execute(&pool).await {
            tracing::warn!(%error, "the tables could not be analysed");
        }
    }
    pool.close().await;
    restored
}

/// The form, the rows and the epoch in one transaction: there is a whole database, or none.
async fn copy_in(server: &Server, pool: &PgPool, file: &Path) -> Result<String, BackupError> {
    let lost = |e: sqlx::Error| BackupError::Store(e.into());
    let unread = |e: std::io::Error| BackupError::not_whole(file, e);
    let open = File::open(file).map_err(|e| BackupError::of_file(file, &e))?;
    let mut reader = Reader::new(open).map_err(unread)?;
    let known = postgres::known();
    let schema = match reader.line().map_err(unread)? {
        Line::PasserelleBackup { form: FORM, schema, .. } if schema <= known => schema,
        Line::PasserelleBackup { schema, .. } => {
            return Err(BackupError::Newer { path: file.to_owned(), version: schema, known });
        }
        _ => return Err(BackupError::not_whole(file, "ce n’en est pas le début")),
    };
    let mut tx = pool.begin().await.map_err(lost)?;
    if !matches!(postgres::applied(&mut tx).await.map_err(lost)?, Applied::Nothing) {
        return Err(BackupError::NotEmpty(Location::Postgres(server.clone()).to_string()));
    }
    // The rows have the form that the database had, and are brought to today's as those of any database are.
    let then = postgres::MIGRATOR.iter().filter(|m| m.version <= schema).cloned().collect();
    let migrated = Migrator::with_migrations(then).run(&mut *tx).await;
    migrated.map_err(|e| BackupError::Open(postgres::explain_migration(server, e)))?;
    let mut count = 0;
    loop {
        let table = match reader.line().map_err(unread)? {
            Line::Table { name, columns } => Table { name, columns },
            Line::End { tables } if tables == count => break,
            _ => return Err(BackupError::not_whole(file, "une table manque")),
        };
        if !table.is_plain() {
            return Err(BackupError::not_whole(file, "un nom de table"));
        }
        fill(&mut tx, &mut reader, file, &table).await?;
        count += 1;
    }
    let migrated = postgres::MIGRATOR.run(&mut *tx).await;
    migrated.map_err(|e| BackupError::Open(postgres::explain_migration(server, e)))?;
    renew(file, postgres::session(tx)).await
}

/// Fills one table.
async fn fill(
    conn: &mut PgConnection,
    reader: &mut Reader,
    file: &Path,
    table: &Table,
) -> Result<(), BackupError> {
    let unread = |e: std::io::Error| BackupError::not_whole(file, e);
    // What the server refuses of the rows is wrong with the file, unless the server itself is what fails.
    let refused = |e: sqlx::Error| match StoreError::from(e) {
        StoreError::Database(e) => BackupError::not_whole(file, format!("{} : {e}", table.name)),
        StoreError::Overlap(_) => BackupError::not_whole(file, format!("{} : deux rendez-vous", table.name)),
        other => BackupError::Store(other),
    };
    let mut copy = conn.copy_in_raw(&table.copy_in()).await.map_err(refused)?;
    let rows = loop {
        match reader.line() {
            Ok(Line::Block { bytes }) => {
                let block = match reader.block(bytes) {
                    Ok(block) => block,
                    Err(e) => {
                        let _ = copy.abort("the file is not whole").await;
                        return Err(unread(e));
                    }
                };
                copy.send(block).await.map_err(refused)?;
            }
            Ok(Line::Rows { rows }) => break rows,
            other => {
                let _ = copy.abort("the file is not whole").await;
                return Err(BackupError::not_whole(
                    file,
                    other.err().map_or("une table est coupée".to_owned(), |e| e.to_string()),
                ));
            }
        }
    };
    let came = copy.finish().await.map_err(refused)?;
    if came != rows {
        return Err(BackupError::not_whole(
            file,
            format!("{} : {came} lignes au lieu de {rows}", table.name),
        ));
    }
    Ok(())
}
