//! What is read whole, and what is forgotten.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use passerelle_protocol::sync::{Check, Tally};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::SqliteSession;
use super::pieces::list;
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::SortedDocument;
use crate::store::session::Keeping;

fn sorted(rows: &[SqliteRow]) -> Result<Vec<SortedDocument>, StoreError> {
    let one = |r: &SqliteRow| {
        let (entity, id, rev, doc) = (r.try_get(0)?, r.try_get(1)?, unsigned(r.try_get(2)?), r.try_get(3)?);
        Ok(SortedDocument { entity, id, rev, doc })
    };
    rows.iter().map(one).collect()
}

/// How many rows are asked for.
fn at_most(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

#[async_trait]
impl Keeping for SqliteSession {
    async fn documents_after(
        &mut self,
        scope: &str,
        after: (&str, &str),
        most: usize,
    ) -> Result<Vec<SortedDocument>, StoreError> {
        let rows = sqlx::query(
            "SELECT entity, id, rev, doc FROM document
             WHERE scope = ? AND (entity, id) > (?, ?) ORDER BY entity, id LIMIT ?",
        )
        .bind(scope)
        .bind(after.0)
        .bind(after.1)
        .bind(at_most(most))
        .fetch_all(self.conn())
        .await?;
        sorted(&rows)
    }

    async fn appointments_after(
        &mut self,
        scope: &str,
        after: &str,
        most: usize,
    ) -> Result<Vec<SortedDocument>, StoreError> {
        let rows = sqlx::query(
            "SELECT 'appointment', id, rev, doc FROM appointment
             WHERE scope = ? AND id > ? ORDER BY id LIMIT ?",
        )
        .bind(scope)
        .bind(after)
        .bind(at_most(most))
        .fetch_all(self.conn())
        .await?;
        sorted(&rows)
    }

    async fn floor(&mut self, scope: &str) -> Result<Check, StoreError> {
        let row: Option<(i64, i64, i64)> =
            sqlx::query_as("SELECT floor, floor_count, floor_sum FROM feed WHERE scope = ?")
                .bind(scope)
                .fetch_optional(self.conn())
                .await?;
        let (floor, count, sum) = row.unwrap_or_default();
        let tally = Tally { count: unsigned(count), sum: sum.cast_unsigned() };
        Ok(Check { seq: unsigned(floor), tally })
    }

    async fn has_moved(&mut self) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT 1 FROM feed f WHERE f.head > f.floor AND f.head >
                 (SELECT coalesce(max(m.head), 0) FROM feed_mark m WHERE m.scope = f.scope) LIMIT 1",
        )
        .fetch_optional(self.conn())
        .await?;
        Ok(row.is_some())
    }

    async fn mark_feeds(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        // Of two services that do it in the same second one is enough.
        sqlx::query(
            "INSERT INTO feed_mark (scope, at_s, head) SELECT f.scope, ?, f.head FROM feed f
             WHERE f.head > f.floor AND f.head >
                 (SELECT coalesce(max(m.head), 0) FROM feed_mark m WHERE m.scope = f.scope)
             ON CONFLICT DO NOTHING",
        )
        .bind(at.timestamp())
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn marked(&mut self, before: DateTime<Utc>) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT scope, max(head) FROM feed_mark WHERE at_s < ? GROUP BY scope ORDER BY scope",
        )
        .bind(before.timestamp())
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, unsigned(r.try_get(1)?)))).collect()
    }

    async fn forget_changes(&mut self, scope: &str, floor: &Check) -> Result<(), StoreError> {
        sqlx::query("UPDATE feed SET floor = ?, floor_count = ?, floor_sum = ? WHERE scope = ?")
            .bind(signed(floor.seq))
            .bind(signed(floor.tally.count))
            .bind(floor.tally.sum.cast_signed())
            .bind(scope)
            .execute(self.conn())
            .await?;
        for forget in [
            "DELETE FROM change WHERE scope = ? AND seq <= ?",
            "DELETE FROM feed_mark WHERE scope = ? AND head <= ?",
        ] {
            sqlx::query(forget).bind(scope).bind(signed(floor.seq)).execute(self.conn()).await?;
        }
        Ok(())
    }

    async fn decided_before(
        &mut self,
        before: DateTime<Utc>,
        most: usize,
    ) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT id FROM command WHERE received_at < ? AND held IS NULL LIMIT ?")
            .bind(before.timestamp())
            .bind(at_most(most))
            .fetch_all(self.conn())
            .await?)
    }

    async fn held_before(
        &mut self,
        before: DateTime<Utc>,
        forgotten: DateTime<Utc>,
        most: usize,
    ) -> Result<Vec<(String, String, String)>, StoreError> {
        Ok(sqlx::query_as(
            "SELECT c.desk, c.inc, c.held FROM command c JOIN desk d ON d.id = c.desk
             WHERE c.held IS NOT NULL AND d.revoked_at IS NULL AND (c.received_at < ? OR (c.received_at < ? AND EXISTS (
                 SELECT 1 FROM command l WHERE l.desk = c.desk AND l.inc <> c.inc AND l.received_at >= c.received_at)))
             ORDER BY c.desk, c.inc, c.seq LIMIT ?",
        )
        .bind(before.timestamp())
        .bind(forgotten.timestamp())
        .bind(at_most(most))
        .fetch_all(self.conn())
        .await?)
    }

    async fn forget_commands(&mut self, ids: &[String]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM command WHERE id IN (SELECT value FROM json_each(?))")
            .bind(list(ids))
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
