//! What has arrived of a scope that is read again: the parts of a snapshot, each kept packed as one row, and over them what
//! the feed has said since, document by document. They are written once more before they are
//! in their place, and then forgotten: packed, there is less to write and to wipe.

use std::collections::{BTreeMap, BTreeSet};

use passerelle_protocol::Document;
use passerelle_protocol::snapshot::SnapshotRow;
use passerelle_protocol::sync::{Entity, Tally};
use sqlx::{Sqlite, Transaction};
use tokio::task::JoinHandle;

use super::documents::parse_doc;
use super::error::{Result, StoreError};

type Tx<'t> = Transaction<'t, Sqlite>;

/// zstd's quickest level: it is read again in a moment.
const LEVEL: i32 = 1;

/// Rows of the feed that are in memory at once.
const AT_ONCE: i64 = 1_000;

/// Keeps the rows of a part behind those that are here.
pub(super) async fn keep_part(tx: &mut Tx<'_>, scope: &str, rows: &[SnapshotRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO arrived (scope, n, rows)
         SELECT ?1, 1 + coalesce((SELECT max(n) FROM arrived WHERE scope = ?1), 0), ?2",
    )
    .bind(scope)
    .bind(pack(rows)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn unreadable(source: serde_json::Error) -> StoreError {
    StoreError::Document { entity: "snapshot", source }
}

fn pack(rows: &[SnapshotRow]) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(rows).map_err(unreadable)?;
    zstd::bulk::compress(&plain, LEVEL).map_err(|e| unreadable(serde_json::Error::io(e)))
}

fn unpack(rows: &[u8]) -> Result<Vec<SnapshotRow>> {
    let plain = zstd::decode_all(rows).map_err(|e| unreadable(serde_json::Error::io(e)))?;
    serde_json::from_slice(&plain).map_err(unreadable)
}

/// All that was read of a scope: which documents there are, in which revision, and where each is to be found.
pub(super) struct Arrival {
    scope: String,
    /// By sort and id, its revision.
    documents: BTreeMap<(Entity, String), i64>,
    /// What the feed has said since: true when the document is there, false when it is gone.
    since: BTreeMap<(Entity, String), bool>,
    /// The parts, each with the sorts that are in it.
    parts: Vec<(i64, BTreeSet<Entity>)>,
}

impl Arrival {
    /// What is here of a scope.
    pub async fn of(tx: &mut Tx<'_>, scope: &str) -> Result<Self> {
        let mut arrival = Self {
            scope: scope.to_owned(),
            documents: BTreeMap::new(),
            since: BTreeMap::new(),
            parts: Vec::new(),
        };
        let numbers: Vec<i64> = sqlx::query_scalar("SELECT n FROM arrived WHERE scope = ? ORDER BY n")
            .bind(scope)
            .fetch_all(&mut **tx)
            .await?;
        // Two at a time: they are unpacked on other threads.
        for some in numbers.chunks(2) {
            let mut unpacking = Vec::with_capacity(some.len());
            for n in some {
                unpacking.push((*n, arrival.unpacked(tx, *n, named).await?));
            }
            for (n, names) in unpacking {
                let names = beside(names).await?;
                arrival.parts.push((n, names.iter().map(|((entity, _), _)| *entity).collect()));
                arrival.documents.extend(names);
            }
        }
        let since: Vec<(String, String, i64, bool)> =
            sqlx::query_as("SELECT entity, id, rev, doc IS NOT NULL FROM refetched WHERE scope = ?")
                .bind(scope)
                .fetch_all(&mut **tx)
                .await?;
        for (entity, id, rev, there) in since {
            let key = (Entity::from_key(&entity), id);
            match there {
                true => arrival.documents.insert(key.clone(), rev),
                false => arrival.documents.remove(&key),
            };
            arrival.since.insert(key, there);
        }
        Ok(arrival)
    }

    /// Whether this document is there.
    pub fn has(&self, entity: Entity, id: &str) -> bool {
        self.documents.contains_key(&(entity, id.to_owned()))
    }

    /// Number and sum of all documents.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.documents.iter().for_each(|((_, id), rev)| tally.add(id, u64::try_from(*rev).unwrap_or(0)));
        tally
    }

    /// The documents of these sorts, from the first on.
    pub fn read(&self, sorts: impl Fn(Entity) -> bool) -> Reading<'_> {
        let parts = self.parts.iter().filter(|(_, has)| has.iter().any(|sort| sorts(*sort)));
        Reading {
            arrival: self,
            parts: parts.map(|(n, _)| *n).collect::<Vec<_>>().into_iter(),
            after: Some((String::new(), String::new())),
        }
    }

    async fn part(&self, tx: &mut Tx<'_>, n: i64) -> Result<Vec<SnapshotRow>> {
        beside(self.unpacked(tx, n, |rows| rows).await?).await
    }

    /// A part, unpacked and made use of on another thread.
    async fn unpacked<T: Send + 'static>(
        &self,
        tx: &mut Tx<'_>,
        n: i64,
        to: fn(Vec<SnapshotRow>) -> T,
    ) -> Result<JoinHandle<Result<T>>> {
        let rows: Vec<u8> = sqlx::query_scalar("SELECT rows FROM arrived WHERE scope = ? AND n = ?")
            .bind(&self.scope)
            .bind(n)
            .fetch_one(&mut **tx)
            .await?;
        Ok(tokio::task::spawn_blocking(move || unpack(&rows).map(to)))
    }
}

/// The names of documents, each with its revision.
fn named(rows: Vec<SnapshotRow>) -> Vec<((Entity, String), i64)> {
    let rev = |rev| i64::try_from(rev).unwrap_or(i64::MAX);
    rows.into_iter().map(|row| ((row.entity, row.id), rev(row.rev))).collect()
}

/// What came of work on another thread.
pub(super) async fn beside<T>(work: JoinHandle<Result<T>>) -> Result<T> {
    match work.await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime ends: so does what the work was for.
            Err(_) => Err(sqlx::Error::WorkerCrashed.into()),
        },
    }
}

/// Documents one after the other, as many at once as fit in memory well.
pub(super) struct Reading<'a> {
    arrival: &'a Arrival,
    parts: std::vec::IntoIter<i64>,
    /// The last of the feed's that was read; nothing when all were.
    after: Option<(String, String)>,
}

impl Reading<'_> {
    /// The next of them; `None` at the end. Sorts that were not asked for may be among them.
    pub async fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<SnapshotRow>>> {
        if let Some(n) = self.parts.next() {
            let mut rows = self.arrival.part(tx, n).await?;
            if !self.arrival.since.is_empty() {
                rows.retain(|row| !self.arrival.since.contains_key(&(row.entity, row.id.clone())));
            }
            return Ok(Some(rows));
        }
        let Some((entity, id)) = &self.after else { return Ok(None) };
        let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
            "SELECT entity, id, rev, doc FROM refetched
             WHERE scope = ? AND (entity, id) > (?, ?) AND doc IS NOT NULL ORDER BY entity, id LIMIT ?",
        )
        .bind(&self.arrival.scope)
        .bind(entity)
        .bind(id)
        .bind(AT_ONCE)
        .fetch_all(&mut **tx)
        .await?;
        self.after = rows.last().map(|(entity, id, ..)| (entity.clone(), id.clone()));
        let row = |(entity, id, rev, doc): (String, String, i64, String)| {
            let doc: Document = parse_doc(&doc, "change")?;
            let (entity, rev) = (Entity::from_key(&entity), u64::try_from(rev).unwrap_or(0));
            Ok(SnapshotRow { entity, id, rev, doc })
        };
        Ok(Some(rows.into_iter().map(row).collect::<Result<_>>()?))
    }
}
