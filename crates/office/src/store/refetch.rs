//! Reading a scope again, beside what is there: at a desk's first exchange, when it was away for longer than changes are
//! kept, after central has gone back to an earlier state, and when the sums of both sides differ. What arrives waits ([`super::arrival`]) until it is whole; then it
//! takes the place of the old in the transaction that also puts the overlay on again, so that no screen ever sees a half.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use passerelle_protocol::Document;
use passerelle_protocol::snapshot::SnapshotRow;
use passerelle_protocol::sync::{Change, DIRECTORY, Entity, Tally};
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Sqlite, Transaction};

use super::arrival::{Arrival, beside};
use super::documents::{parse_doc, remove, to_doc};
use super::error::Result;
use super::open::Store;
use super::writing::{Prepared, Writing, gather_words};

type Tx<'t> = Transaction<'t, Sqlite>;

/// Every document that central has said: its sort, identifier and revision as it last said them. The overlay may be on.
const ALL: &str = "SELECT json_group_array(json_array(entity, id, coalesce(o.rev, h.rev))) FROM
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
    forget(tx, scope).await?;
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

/// Nothing of this scope waits to be taken over any more.
async fn forget(tx: &mut Tx<'_>, scope: &str) -> Result<()> {
    for sql in ["DELETE FROM refetched WHERE scope = ?", "DELETE FROM arrived WHERE scope = ?"] {
        sqlx::query(sql).bind(scope).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Keeps a change of a feed that is read again: over what a part of the snapshot says of the same document.
pub(super) async fn keep(tx: &mut Tx<'_>, change: &Change) -> Result<()> {
    sqlx::query(
        "INSERT INTO refetched (scope, entity, id, rev, doc) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (scope, entity, id) DO UPDATE SET rev = excluded.rev, doc = excluded.doc",
    )
    .bind(&change.scope)
    .bind(change.entity.key())
    .bind(&change.id)
    .bind(i64::try_from(change.rev).unwrap_or(i64::MAX))
    .bind(change.doc.as_ref().map(Document::text))
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE refetch SET seq = ? WHERE scope = ?")
        .bind(i64::try_from(change.seq).unwrap_or(i64::MAX))
        .bind(&change.scope)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Where documents are: the sort that a table has, and what its rows are known by. All other sorts are settings.
const TABLES: [(Entity, &str, &str); 6] = [
    (Entity::Client, "client", "id"),
    (Entity::Enquiry, "enquiry", "id"),
    (Entity::Appointment, "appointment", "id"),
    (Entity::WaitingEntry, "waiting", "id"),
    (Entity::PreparationSheet, "preparation", "appointment"),
    (Entity::Lease, "lease", "id"),
];

fn has_a_table(sort: Entity) -> bool {
    TABLES.iter().any(|(of, ..)| *of == sort)
}

fn has_none(sort: Entity) -> bool {
    !has_a_table(sort)
}

/// Puts what was read in the place of what is there. The overlay is off. What is the same on both sides is left alone.
pub(super) async fn swap(tx: &mut Tx<'_>, scope: &str, read: &Arrival) -> Result<()> {
    let here = here(tx, scope).await?;
    let sorts: BTreeSet<Entity> = here.iter().map(|(sort, _)| *sort).collect();
    // Settings first, and over one another: a meeting is written by the kind that it is of.
    put_others(tx, read, has_none, &sorts).await?;
    // Whatever goes, or says something else now, makes room for the others.
    for (sort, id) in here.iter().filter(|(sort, id)| !read.has(*sort, id)) {
        remove(tx, *sort, id).await?;
    }
    if here.iter().any(|(sort, _)| has_a_table(*sort)) {
        let mut reading = read.read(has_a_table);
        while let Some(rows) = reading.next(tx).await? {
            let stand = stand(tx, &rows, &sorts).await?;
            let others = rows
                .iter()
                .zip(stand)
                .filter(|(row, stand)| has_a_table(row.entity) && *stand == Stand::Other);
            for (row, _) in others {
                remove(tx, row.entity, &row.id).await?;
            }
        }
    }
    gather_words(tx, true).await?;
    put_others(tx, read, has_a_table, &sorts).await?;
    gather_words(tx, false).await?;
    forget(tx, scope).await?;
    sqlx::query(
        "UPDATE refetch SET seq = NULL, gone = NULL, present = NULL, allowed = 0, got = 0, total = NULL
         WHERE scope = ?",
    )
    .bind(scope)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How a document stands here beside what was read of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Absent,
    Same,
    Other,
}

/// How each of these stands here, where there are documents of the sorts `here` and of no others.
async fn stand(tx: &mut Tx<'_>, rows: &[SnapshotRow], here: &BTreeSet<Entity>) -> Result<Vec<Stand>> {
    let mut stand = vec![Stand::Absent; rows.len()];
    let sorts: BTreeSet<Entity> = rows.iter().map(|row| row.entity).collect();
    for sort in sorts.intersection(here).copied() {
        let of: Vec<(usize, &str)> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.entity == sort)
            .map(|(n, row)| (n, row.id.as_str()))
            .collect();
        let sql = match TABLES.iter().find(|(of, ..)| *of == sort) {
            Some((_, table, id)) => format!("{table} h ON h.{id} = json_extract(n.value, '$[1]')"),
            None => "setting h ON h.entity = ?2 AND h.id = json_extract(n.value, '$[1]')".to_owned(),
        };
        let sql =
            format!("SELECT json_extract(n.value, '$[0]'), h.rev, h.doc FROM json_each(?1) n JOIN {sql}");
        let here: Vec<(i64, i64, String)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(to_doc(&of, "names")?)
            .bind(sort.key())
            .fetch_all(&mut **tx)
            .await?;
        for (n, rev, doc) in here {
            let n = usize::try_from(n).unwrap_or(usize::MAX);
            if let (Some(row), Some(stand)) = (rows.get(n), stand.get_mut(n)) {
                let same = u64::try_from(rev) == Ok(row.rev) && doc == row.doc.text();
                *stand = if same { Stand::Same } else { Stand::Other };
            }
        }
    }
    Ok(stand)
}

/// Writes what was read of these sorts and is not so here, where there are documents of the sorts `here`. While one stretch is written the next is made out on another
/// thread: the database's own has enough to do.
async fn put_others(
    tx: &mut Tx<'_>,
    read: &Arrival,
    sorts: fn(Entity) -> bool,
    here: &BTreeSet<Entity>,
) -> Result<()> {
    let mut writing = Writing::default();
    let mut reading = read.read(sorts);
    let mut ahead = None;
    loop {
        let next = match reading.next(tx).await? {
            Some(rows) => {
                let stand = stand(tx, &rows, here).await?;
                Some(tokio::task::spawn_blocking(move || prepared(&rows, &stand, sorts)))
            }
            None => None,
        };
        if let Some(ready) = ahead.take() {
            for document in beside(ready).await? {
                writing.take(tx, document).await?;
            }
        }
        match next {
            Some(_) => ahead = next,
            None => return writing.finish(tx).await,
        }
    }
}

fn prepared(rows: &[SnapshotRow], stand: &[Stand], sorts: fn(Entity) -> bool) -> Result<Vec<Prepared>> {
    let wanted = rows.iter().zip(stand).filter(|(row, stand)| sorts(row.entity) && **stand != Stand::Same);
    wanted
        .map(|(row, _)| {
            let rev = i64::try_from(row.rev).unwrap_or(i64::MAX);
            Prepared::of(row.entity, &row.id, rev, row.doc.text())
        })
        .collect()
}

/// Every document of a scope that is here, leases too: its sort and identifier.
async fn here(tx: &mut Tx<'_>, scope: &str) -> Result<Vec<(Entity, String)>> {
    let rows: Vec<(String, String)> =
        list(tx, names(&format!("{SEEN} UNION ALL SELECT 'lease', id FROM lease"))).await?;
    let rows = rows.into_iter().filter(|(entity, _)| belongs(entity, scope));
    Ok(rows.map(|(entity, id)| (Entity::from_key(&entity), id)).collect())
}

/// Every document that is seen here: its sort and identifier. Leases come and go by themselves: nobody wrote them.
const SEEN: &str = "SELECT 'client' AS entity, id FROM client UNION ALL SELECT 'enquiry', id FROM enquiry
    UNION ALL SELECT 'appointment', id FROM appointment UNION ALL SELECT 'waiting_entry', id FROM waiting
    UNION ALL SELECT 'preparation_sheet', appointment FROM preparation UNION ALL SELECT entity, id FROM setting";

/// The question for the sorts and identifiers of these rows.
fn names(rows: &str) -> String {
    format!("SELECT json_group_array(json_array(entity, id)) FROM ({rows})")
}

/// The rows of a question that answers with one list: a hundred thousand small rows one by one would each go from one
/// thread to another.
async fn list<T: DeserializeOwned>(tx: &mut Tx<'_>, sql: String) -> Result<Vec<T>> {
    let rows: String = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut **tx).await?;
    parse_doc(&rows, "names")
}

/// Every document of a scope that is seen here.
pub(super) async fn seen(tx: &mut Tx<'_>, scope: &str) -> Result<HashSet<(String, String)>> {
    let rows: Vec<(String, String)> = list(tx, names(SEEN)).await?;
    Ok(rows.into_iter().filter(|(entity, _)| belongs(entity, scope)).collect())
}

/// What central has said of a scope, as it is held here.
pub(super) async fn tally(tx: &mut Tx<'_>, scope: &str) -> Result<Tally> {
    let here: Vec<(String, String, i64)> = list(tx, ALL.to_owned()).await?;
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
