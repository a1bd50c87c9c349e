//! Leases beside their documents.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use passerelle_domain::ids::DeskId;
use sqlx::Row;

use super::PostgresSession;
use crate::store::StoreError;
use crate::store::feed::unsigned;
use crate::store::leases::{LeaseEndRow, Leasing};

#[async_trait]
impl Leasing for PostgresSession {
    async fn lease_texts(&mut self, scope: &str) -> Result<Vec<(u64, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, doc::text FROM document WHERE scope = $1 AND entity = 'lease' ORDER BY id",
        )
        .bind(scope)
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(|r| Ok((unsigned(r.try_get(0)?), r.try_get(1)?))).collect()
    }

    async fn drop_document(&mut self, scope: &str, entity: &str, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM document WHERE scope = $1 AND entity = $2 AND id = $3")
            .bind(scope)
            .bind(entity)
            .bind(id)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn lease_ends(&mut self, scope: &str) -> Result<Vec<(String, u32, bool)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, max(term), bool_or(why = 'revoked') FROM lease_end WHERE scope = $1 GROUP BY id",
        )
        .bind(scope)
        .fetch_all(self.conn())
        .await?;
        rows.iter()
            .map(|r| {
                let term = u32::try_from(r.try_get::<i64, _>(1)?).unwrap_or(u32::MAX);
                Ok((r.try_get(0)?, term, r.try_get(2)?))
            })
            .collect()
    }

    async fn keep_lease_end(&mut self, row: &LeaseEndRow<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO lease_end (scope, id, term, why, desk, actor, at_s) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(row.scope)
        .bind(row.id)
        .bind(i64::from(row.term))
        .bind(row.why.key())
        .bind(row.desk.to_string())
        .bind(row.actor.map(|a| a.to_string()))
        .bind(row.at.timestamp())
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn forget_lease_ends(&mut self, before: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM lease_end WHERE at_s < $1")
            .bind(before.timestamp())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn set_reception(&mut self, desk: DeskId, on: bool) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE desk SET reception = $1 WHERE id = $2")
            .bind(on)
            .bind(desk.to_string())
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn note_heard(&mut self, desk: DeskId, at: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("UPDATE desk SET heard_at = $1 WHERE id = $2")
            .bind(at.timestamp())
            .bind(desk.to_string())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn note_granted(&mut self, desk: DeskId, granted: Option<&str>) -> Result<(), StoreError> {
        sqlx::query("UPDATE desk SET granted = $1 WHERE id = $2")
            .bind(granted)
            .bind(desk.to_string())
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
