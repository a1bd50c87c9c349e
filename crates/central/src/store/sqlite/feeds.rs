//! Feeds and their changes.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::SqliteSession;
use super::joined::{number, rows};
use super::pieces::pieces;
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::{ChangeRow, FeedNumbers, ReadChange, RevisionRow};
use crate::store::session::Feeds;

fn numbers(row: &SqliteRow) -> Result<FeedNumbers, StoreError> {
    Ok(FeedNumbers {
        head: unsigned(row.try_get(0)?),
        settings: unsigned(row.try_get(1)?),
        floor: unsigned(row.try_get(2)?),
    })
}

#[async_trait]
impl Feeds for SqliteSession {
    async fn create_feed(&mut self, scope: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("INSERT INTO feed (scope) VALUES (?) ON CONFLICT DO NOTHING")
            .bind(scope)
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn lock_feed(&mut self, scope: &str) -> Result<Option<FeedNumbers>, StoreError> {
        // `BEGIN IMMEDIATE` has taken the one write lock already.
        self.feed(scope).await
    }

    async fn feed(&mut self, scope: &str) -> Result<Option<FeedNumbers>, StoreError> {
        sqlx::query("SELECT head, settings, floor FROM feed WHERE scope = ?")
            .bind(scope)
            .fetch_optional(self.conn())
            .await?
            .as_ref()
            .map(numbers)
            .transpose()
    }

    async fn feed_at(
        &mut self,
        scope: &str,
        seq: u64,
    ) -> Result<Option<(FeedNumbers, Option<i64>)>, StoreError> {
        let row = sqlx::query(
            "SELECT head, settings, floor, (SELECT mark FROM change WHERE scope = ?1 AND seq = ?2)
             FROM feed WHERE scope = ?1",
        )
        .bind(scope)
        .bind(signed(seq))
        .fetch_optional(self.conn())
        .await?;
        row.map(|row| Ok((numbers(&row)?, row.try_get(3)?))).transpose()
    }

    async fn save_feed(&mut self, scope: &str, numbers: FeedNumbers) -> Result<(), StoreError> {
        sqlx::query("UPDATE feed SET head = ?, settings = ? WHERE scope = ?")
            .bind(signed(numbers.head))
            .bind(signed(numbers.settings))
            .bind(scope)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn heads(&mut self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = sqlx::query("SELECT scope, head FROM feed ORDER BY scope").fetch_all(self.conn()).await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, unsigned(r.try_get(1)?)))).collect()
    }

    async fn add_change(&mut self, scope: &str, change: &ChangeRow) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO change (scope, seq, entity, id, rev, doc, mark) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(scope)
        .bind(signed(change.seq))
        .bind(&change.entity)
        .bind(&change.id)
        .bind(signed(change.rev))
        .bind(&change.doc)
        .bind(rand::random::<i64>())
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn add_changes(&mut self, scope: &str, changes: &[ChangeRow], mark: i64) -> Result<(), StoreError> {
        for piece in pieces(changes) {
            let mut rows = QueryBuilder::new("INSERT INTO change (scope, seq, entity, id, rev, doc, mark) ");
            rows.push_values(piece, |mut row, change| {
                row.push_bind(scope)
                    .push_bind(signed(change.seq))
                    .push_bind(&change.entity)
                    .push_bind(&change.id)
                    .push_bind(signed(change.rev))
                    .push_bind(&change.doc)
                    .push_bind(mark);
            });
            rows.build().execute(self.conn()).await?;
        }
        Ok(())
    }

    async fn changes(&mut self, scope: &str, after: u64, most: usize) -> Result<Vec<ReadChange>, StoreError> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(seq || char(31) || entity || char(31) || id || char(31) || rev || char(31)
                 || coalesce(mark, '') || char(31) || coalesce(doc, ''), char(30))
             FROM (SELECT seq, entity, id, rev, doc, mark FROM change WHERE scope = ? AND seq > ? ORDER BY seq LIMIT ?)",
        )
        .bind(scope)
        .bind(signed(after))
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_one(self.conn())
        .await?;
        let mut changes = rows(found.as_deref(), |[seq, entity, id, rev, mark, doc]| {
            let row = ChangeRow {
                seq: number(seq)?,
                entity: entity.to_owned(),
                id: id.to_owned(),
                rev: number(rev)?,
                doc: (!doc.is_empty()).then(|| doc.to_owned()),
            };
            // Any 64 bits are a mark: it has a sign.
            Ok(ReadChange { row, mark: mark.parse().ok() })
        })?;
        changes.sort_unstable_by_key(|change| change.row.seq);
        Ok(changes)
    }

    async fn mark(&mut self, scope: &str, seq: u64) -> Result<Option<i64>, StoreError> {
        let found: Option<Option<i64>> =
            sqlx::query_scalar("SELECT mark FROM change WHERE scope = ? AND seq = ?")
                .bind(scope)
                .bind(signed(seq))
                .fetch_optional(self.conn())
                .await?;
        Ok(found.flatten())
    }

    async fn revisions(
        &mut self,
        scope: &str,
        after: u64,
        most: usize,
    ) -> Result<Vec<RevisionRow>, StoreError> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(seq || char(31) || id || char(31) || rev || char(31) || gone, char(30))
             FROM (SELECT seq, id, rev, doc IS NULL AS gone FROM change WHERE scope = ? AND seq > ? ORDER BY seq LIMIT ?)",
        )
        .bind(scope)
        .bind(signed(after))
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_one(self.conn())
        .await?;
        let mut revisions = rows(found.as_deref(), |[seq, id, rev, gone]| {
            Ok(RevisionRow { seq: number(seq)?, id: id.to_owned(), rev: number(rev)?, gone: gone == "1" })
        })?;
        revisions.sort_unstable_by_key(|revision| revision.seq);
        Ok(revisions)
    }
}
