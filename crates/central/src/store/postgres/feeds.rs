//! Feeds and their changes.

use async_trait::async_trait;
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::PostgresSession;
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::{ChangeRow, FeedNumbers, ReadChange, RevisionRow};
use crate::store::session::Feeds;

fn numbers(row: &PgRow) -> Result<FeedNumbers, StoreError> {
    Ok(FeedNumbers {
        head: unsigned(row.try_get(0)?),
        settings: unsigned(row.try_get(1)?),
        floor: unsigned(row.try_get(2)?),
    })
}

#[async_trait]
impl Feeds for PostgresSession {
    async fn create_feed(&mut self, scope: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("INSERT INTO feed (scope) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(scope)
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn lock_feed(&mut self, scope: &str) -> Result<Option<FeedNumbers>, StoreError> {
        sqlx::query("SELECT head, settings, floor FROM feed WHERE scope = $1 FOR UPDATE")
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
            "SELECT head, settings, floor, (SELECT mark FROM change WHERE scope = $1 AND seq = $2)
             FROM feed WHERE scope = $1",
        )
        .bind(scope)
        .bind(signed(seq))
        .fetch_optional(self.conn())
        .await?;
        row.map(|row| Ok((numbers(&row)?, row.try_get(3)?))).transpose()
    }

    async fn feed(&mut self, scope: &str) -> Result<Option<FeedNumbers>, StoreError> {
        sqlx::query("SELECT head, settings, floor FROM feed WHERE scope = $1")
            .bind(scope)
            .fetch_optional(self.conn())
            .await?
            .as_ref()
            .map(numbers)
            .transpose()
    }

    async fn save_feed(&mut self, scope: &str, numbers: FeedNumbers) -> Result<(), StoreError> {
        sqlx::query("UPDATE feed SET head = $1, settings = $2 WHERE scope = $3")
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
            "INSERT INTO change (scope, seq, entity, id, rev, doc, mark) VALUES ($1, $2, $3, $4, $5, $6::json, $7)",
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
        sqlx::query(
            "INSERT INTO change (scope, seq, entity, id, rev, doc, mark)
             SELECT $1, seq, entity, id, rev, doc::json, $7
             FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[]) AS t (seq, entity, id, rev, doc)",
        )
        .bind(scope)
        .bind(changes.iter().map(|c| signed(c.seq)).collect::<Vec<_>>())
        .bind(changes.iter().map(|c| c.entity.as_str()).collect::<Vec<_>>())
        .bind(changes.iter().map(|c| c.id.as_str()).collect::<Vec<_>>())
        .bind(changes.iter().map(|c| signed(c.rev)).collect::<Vec<_>>())
        .bind(changes.iter().map(|c| c.doc.as_deref()).collect::<Vec<_>>())
        .bind(mark)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn changes(&mut self, scope: &str, after: u64, most: usize) -> Result<Vec<ReadChange>, StoreError> {
        let rows = sqlx::query_as(
            "SELECT seq, entity, id, rev, doc::text AS doc, mark FROM change
             WHERE scope = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        )
        .bind(scope)
        .bind(signed(after))
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(self.conn())
        .await?;
        Ok(rows)
    }

    async fn mark(&mut self, scope: &str, seq: u64) -> Result<Option<i64>, StoreError> {
        let found: Option<Option<i64>> =
            sqlx::query_scalar("SELECT mark FROM change WHERE scope = $1 AND seq = $2")
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
        let rows = sqlx::query_as(
            "SELECT seq, id, rev, doc IS NULL AS gone FROM change WHERE scope = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        )
        .bind(scope)
        .bind(signed(after))
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(self.conn())
        .await?;
        Ok(rows)
    }
}
