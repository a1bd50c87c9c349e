//! A snapshot of central's: its parts as they arrive, and what a person must say before it is taken over.

use std::collections::BTreeSet;

use passerelle_protocol::snapshot::{SnapshotPart, SnapshotQuery};
use sqlx::{Sqlite, Transaction};

use super::arrival;
use super::error::Result;
use super::meta::{keys, set};
use super::open::Store;
use super::refetch;

type Tx<'t> = Transaction<'t, Sqlite>;

/// How far the reading of what central has is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatchingUp {
    /// Documents that have arrived.
    pub got: u64,
    /// Documents that there are; 0 before central has said it.
    pub total: u64,
}

/// What would be removed here if what was read took the place of what is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone {
    /// Documents that central does not have.
    pub gone: u32,
    /// Of so many here.
    pub present: u32,
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is here.
    Here,
    /// It is not the one that was to come.
    NotTheNext,
    /// Central has another epoch than the parts before it.
    OtherEpoch,
}

impl Store {
    /// The part of a snapshot to ask for next; none when nothing is read from one. The office comes before the directory.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn next_part(&self) -> Result<Option<SnapshotQuery>> {
        let row: Option<(String, i64, String)> = sqlx::query_as(
            "SELECT scope, seq, after FROM refetch WHERE seq IS NOT NULL AND after IS NOT NULL
             ORDER BY scope DESC LIMIT 1",
        )
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.map(|(scope, seq, after)| {
            let begun = !after.is_empty();
            let seq = begun.then(|| u64::try_from(seq).unwrap_or(0));
            SnapshotQuery { scope, seq, after: begun.then_some(after), limit: None }
        }))
    }

    /// Keeps a part beside what is here.
    ///
    /// # Errors
    /// Those of the database; nothing is changed then.
    pub async fn keep_part(&self, asked: &SnapshotQuery, part: &SnapshotPart) -> Result<Kept> {
        let mut tx = self.begin().await?;
        let epoch: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(keys::EPOCH)
            .fetch_optional(&mut *tx)
            .await?;
        match epoch.as_deref() {
            None | Some("") => set(&mut tx, keys::EPOCH, &part.epoch).await?,
            Some(epoch) if epoch != part.epoch => return Ok(Kept::OtherEpoch),
            Some(_) => {}
        }
        if part.scope != asked.scope || asked.seq.is_some_and(|seq| seq != part.seq) {
            return Ok(Kept::NotTheNext);
        }
        let next = sqlx::query(
            "UPDATE refetch SET seq = ?, after = ?, got = got + ?, total = ?
             WHERE scope = ? AND seq IS NOT NULL AND after = ?",
        )
        .bind(i64::try_from(part.seq).unwrap_or(i64::MAX))
        .bind(&part.next)
        .bind(i64::try_from(part.rows.len()).unwrap_or(i64::MAX))
        .bind(i64::try_from(part.total).unwrap_or(i64::MAX))
        .bind(&part.scope)
        .bind(asked.after.as_deref().unwrap_or(""))
        .execute(&mut *tx)
        .await?;
        if next.rows_affected() == 0 {
            return Ok(Kept::NotTheNext);
        }
        arrival::keep_part(&mut tx, &part.scope, &part.rows).await?;
        tx.commit().await?;
        Ok(Kept::Here)
    }

    /// These scopes are read again from a snapshot.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn read_again(&self, scopes: &[String]) -> Result<()> {
        let mut tx = self.begin().await?;
        for scope in scopes {
            refetch::begin(&mut tx, scope).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Central knows no snapshots: what was to be read from one is read from the beginning of its feed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn read_feeds_instead(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        for sql in [
            "DELETE FROM refetched WHERE scope IN (SELECT scope FROM refetch WHERE after IS NOT NULL)",
            "DELETE FROM arrived WHERE scope IN (SELECT scope FROM refetch WHERE after IS NOT NULL)",
            "UPDATE refetch SET seq = 0, after = NULL, got = 0, total = NULL WHERE after IS NOT NULL",
        ] {
            sqlx::query(sql).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// How far the reading is; none when nothing is read again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn catching_up(&self) -> Result<Option<CatchingUp>> {
        let (n, got, total): (i64, i64, i64) = sqlx::query_as(
            "SELECT count(*), coalesce(sum(got), 0), coalesce(sum(max(coalesce(total, 0), got)), 0)
             FROM refetch WHERE seq IS NOT NULL AND gone IS NULL",
        )
        .fetch_one(&self.readers)
        .await?;
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok((n > 0).then(|| CatchingUp { got: number(got), total: number(total) }))
    }

    /// What a person must look at before what was read is taken over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn gone(&self) -> Result<Option<Gone>> {
        let row: Option<(u32, u32)> = sqlx::query_as(
            "SELECT gone, present FROM refetch
             WHERE seq IS NOT NULL AND gone IS NOT NULL AND present IS NOT NULL AND allowed = 0 LIMIT 1",
        )
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.map(|(gone, present)| Gone { gone, present }))
    }

    /// A person says that what was read is to be taken over; it is at the next exchange.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn let_go(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE refetch SET allowed = 1 WHERE gone IS NOT NULL").execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Notes that a person is to be asked.
    pub(super) async fn ask_about(&self, scope: &str, gone: Gone) -> Result<()> {
        tracing::warn!(%scope, gone = gone.gone, of = gone.present, "central has lost so much that somebody is asked");
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE refetch SET gone = ?, present = ? WHERE scope = ?")
            .bind(gone.gone)
            .bind(gone.present)
            .bind(scope)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Scopes that wait for a person's word.
pub(super) async fn asked_about(tx: &mut Tx<'_>) -> Result<BTreeSet<String>> {
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT scope FROM refetch WHERE gone IS NOT NULL AND allowed = 0")
            .fetch_all(&mut **tx)
            .await?;
    Ok(rows.into_iter().collect())
}

/// Scopes that may lose whatever they lose.
pub(super) async fn let_go_of(tx: &mut Tx<'_>) -> Result<BTreeSet<String>> {
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT scope FROM refetch WHERE allowed = 1").fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().collect())
}
