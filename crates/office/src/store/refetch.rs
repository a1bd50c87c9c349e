//! Reading a scope again, beside what is there: at a desk's first exchange, when it was away for longer than changes are
//! kept, after central has gone back to an earlier state, and when the sums of both sides differ. What arrives waits until it is whole; then it takes the place of the old in the
//! transaction that also puts the overlay on again, so that no screen ever sees a half.

use std::collections::{BTreeMap, HashSet};

use passerelle_protocol::sync::{Change, DIRECTORY, Entity, Tally};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};

use super::documents::{put, remove, to_doc};
use super::error::Result;
use super::open::Store;

type Tx<'t> = Transaction<'t, Sqlite>;

/// Every document that central has said: its sort, identifier and revision as it last said them. The overlay may be on.
const ALL: &str = "SELECT entity, id, coalesce(o.rev, h.rev) FROM
      (SELECT 'client' AS entity, id, rev FROM client UNION ALL SELECT 'enquiry', id, rev FROM enquiry
        UNION ALL SELECT 'appointment', id, rev FROM appointment UNION ALL SELECT 'waiting_entry', id, rev FROM waiting
        UNION ALL SELECT 'preparation_sheet', appointment, rev FROM preparation
        UNION ALL SELECT 'lease', id, rev FROM lease
        UNION ALL SELECT entity, id, rev FROM setting) h
    LEFT JOIN overlay o USING (entity, id) WHERE o.entity IS NULL OR o.doc IS NOT NULL";

impl Store {
    /// The feeds that are being read again, and how far each has been; those whose snapshot is not whole are not among them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refetching(&self) -> Result<BTreeMap<String, u64>> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT scope, seq FROM refetch WHERE seq IS NOT NULL AND after IS NULL")
                .fetch_all(&self.readers)
                .await?;
        Ok(rows.into_iter().map(|(scope, seq)| (scope, u64::try_from(seq).unwrap_or(0))).collect())
    }
}

/// From now on this scope is read again: a snapshot first, then the feed from where that began.
pub(super) async fn begin(tx: &mut Tx<'_>, scope: &str) -> Result<()> {
    sqlx::query("DELETE FROM refetched WHERE scope = ?").bind(scope).execute(&mut **tx).await?;
    sqlx::query(
        "INSERT INTO refetch (scope, seq, after) VALUES (?, 0, '') ON CONFLICT (scope) DO UPDATE SET
           seq = 0, after = '', got = 0, total = NULL, gone = NULL, present = NULL, allowed = 0",
    )
    .bind(scope)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Where the readings of feeds stand.
pub(super) async fn under_way(tx: &mut Tx<'_>) -> Result<BTreeMap<String, u64>> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT scope, seq FROM refetch WHERE seq IS NOT NULL AND after IS NULL")
            .fetch_all(&mut **tx)
            .await?;
    Ok(rows.into_iter().map(|(scope, seq)| (scope, u64::try_from(seq).unwrap_or(0))).collect())
}

/// Keeps a change of a feed that is read again.
pub(super) async fn keep(tx: &mut Tx<'_>, change: &Change) -> Result<()> {
    match &change.doc {
        Some(doc) => {
            sqlx::query(
                "INSERT INTO refetched (scope, entity, id, rev, doc) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (scope, entity, id) DO UPDATE SET rev = excluded.rev, doc = excluded.doc",
            )
            .bind(&change.scope)
            .bind(change.entity.key())
            .bind(&change.id)
            .bind(i64::try_from(change.rev).unwrap_or(i64::MAX))
            .bind(to_doc(doc, "change")?)
            .execute(&mut **tx)
            .await?;
        }
        None => {
            sqlx::query("DELETE FROM refetched WHERE scope = ? AND entity = ? AND id = ?")
                .bind(&change.scope)
                .bind(change.entity.key())
                .bind(&change.id)
                .execute(&mut **tx)
                .await?;
        }
    }
    sqlx::query("UPDATE refetch SET seq = ? WHERE scope = ?")
        .bind(i64::try_from(change.seq).unwrap_or(i64::MAX))
        .bind(&change.scope)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Where documents are: the sort that a table has, none for the one that has many, and what its rows are known by.
const TABLES: [(Option<&str>, &str, &str); 7] = [
    (None, "setting", "id"),
    (Some("client"), "client", "id"),
    (Some("enquiry"), "enquiry", "id"),
    (Some("appointment"), "appointment", "id"),
    (Some("waiting_entry"), "waiting", "id"),
    (Some("preparation_sheet"), "preparation", "appointment"),
    (Some("lease"), "lease", "id"),
];

/// Puts what was read in the place of what is there. The overlay is off. What is the same on both sides is left alone.
pub(super) async fn swap(tx: &mut Tx<'_>, scope: &str) -> Result<()> {
    let mut gone: Vec<(String, String)> = Vec::new();
    let mut fresh: Vec<(String, String, i64, String)> = Vec::new();
    for (sort, table, id) in TABLES {
        let (here, there, entity) = match sort {
            Some(sort) => {
                (format!("r.entity = '{sort}'"), format!("r.entity = '{sort}'"), format!("'{sort}'"))
            }
            None => ("r.entity = h.entity".into(), NOT_IN_A_TABLE.into(), "h.entity".into()),
        };
        let same = if sort.is_some() { "" } else { "AND h.entity = r.entity" };
        let sql = format!(
            "SELECT {entity}, h.{id} FROM {table} h WHERE NOT EXISTS
               (SELECT 1 FROM refetched r WHERE r.scope = ? AND {here} AND r.id = h.{id})"
        );
        let rows: Vec<(String, String)> =
            sqlx::query_as(AssertSqlSafe(sql)).bind(scope).fetch_all(&mut **tx).await?;
        gone.extend(rows.into_iter().filter(|(entity, _)| belongs(entity, scope)));
        let sql = format!(
            "SELECT r.entity, r.id, r.rev, r.doc FROM refetched r WHERE r.scope = ? AND {there} AND NOT EXISTS
               (SELECT 1 FROM {table} h WHERE h.{id} = r.id {same} AND h.rev = r.rev AND h.doc = r.doc)"
        );
        let rows = sqlx::query_as(AssertSqlSafe(sql)).bind(scope).fetch_all(&mut **tx).await?;
        fresh.extend::<Vec<_>>(rows);
    }
    let is_setting = |entity: &String| Entity::from_key(entity).is_setting();
    // Settings first, and over one another: a meeting is written by the kind that it is of.
    for (entity, id, rev, doc) in fresh.iter().filter(|(entity, ..)| is_setting(entity)) {
        put(tx, Entity::from_key(entity), id, *rev, doc).await?;
    }
    // Whatever moves makes room for the others first.
    let moves = fresh.iter().filter(|(entity, ..)| !is_setting(entity)).map(|(entity, id, ..)| (entity, id));
    for (entity, id) in gone.iter().map(|(entity, id)| (entity, id)).chain(moves) {
        remove(tx, Entity::from_key(entity), id).await?;
    }
    for (entity, id, rev, doc) in fresh.iter().filter(|(entity, ..)| !is_setting(entity)) {
        put(tx, Entity::from_key(entity), id, *rev, doc).await?;
    }
    sqlx::query("DELETE FROM refetched WHERE scope = ?").bind(scope).execute(&mut **tx).await?;
    sqlx::query(
        "UPDATE refetch SET seq = NULL, gone = NULL, present = NULL, allowed = 0, got = 0, total = NULL
         WHERE scope = ?",
    )
    .bind(scope)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Every document that is seen here: its sort and identifier. Leases come and go by themselves: nobody wrote them.
const SEEN: &str = "SELECT 'client', id FROM client UNION ALL SELECT 'enquiry', id FROM enquiry
    UNION ALL SELECT 'appointment', id FROM appointment UNION ALL SELECT 'waiting_entry', id FROM waiting
    UNION ALL SELECT 'preparation_sheet', appointment FROM preparation UNION ALL SELECT entity, id FROM setting";

/// What is kept among the settings: all that has no table of its own.
const NOT_IN_A_TABLE: &str =
    "r.entity NOT IN ('client', 'enquiry', 'appointment', 'waiting_entry', 'preparation_sheet', 'lease')";

/// What was read of a scope.
pub(super) async fn tally_of_read(tx: &mut Tx<'_>, scope: &str) -> Result<Tally> {
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT id, rev FROM refetched WHERE scope = ?")
        .bind(scope)
        .fetch_all(&mut **tx)
        .await?;
    let mut tally = Tally::default();
    rows.iter().for_each(|(id, rev)| tally.add(id, u64::try_from(*rev).unwrap_or(0)));
    Ok(tally)
}

/// Every document of a scope that is seen here.
pub(super) async fn seen(tx: &mut Tx<'_>, scope: &str) -> Result<HashSet<(String, String)>> {
    let rows: Vec<(String, String)> = sqlx::query_as(SEEN).fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().filter(|(entity, _)| belongs(entity, scope)).collect())
}

/// What central has said of a scope, as it is held here.
pub(super) async fn tally(tx: &mut Tx<'_>, scope: &str) -> Result<Tally> {
    let here: Vec<(String, String, i64)> = sqlx::query_as(ALL).fetch_all(&mut **tx).await?;
    let mut tally = Tally::default();
    for (_, id, rev) in here.iter().filter(|(entity, ..)| belongs(entity, scope)) {
        tally.add(id, u64::try_from(*rev).unwrap_or(0));
    }
    Ok(tally)
}

/// Central's sum for this scope that reading again has not reached; `None` when there is none.
pub(super) async fn unequal(tx: &mut Tx<'_>, scope: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar("SELECT unequal FROM refetch WHERE scope = ?")
        .bind(scope)
        .fetch_optional(&mut **tx)
        .await?
        .flatten())
}

/// Notes that reading again did not help against this sum.
pub(super) async fn note_unequal(tx: &mut Tx<'_>, scope: &str, sum: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO refetch (scope, unequal) VALUES (?1, ?2)
         ON CONFLICT (scope) DO UPDATE SET unequal = excluded.unequal",
    )
    .bind(scope)
    .bind(sum)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The directory has its own feed; all else, with what this version does not know, is the office's.
fn belongs(entity: &str, scope: &str) -> bool {
    let directory = matches!(Entity::from_key(entity), Entity::DirectoryOffice | Entity::Catchment);
    directory == (scope == DIRECTORY)
}
