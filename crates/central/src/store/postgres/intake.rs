//! Answers by idempotency key, and the references of enquiries.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Row;

use super::{PostgresSession, storable};
use crate::store::session::Intake;
use crate::store::{Answered, StoreError};

#[async_trait]
impl Intake for PostgresSession {
    async fn answered(&mut self, key: &str) -> Result<Option<Answered>, StoreError> {
        let row = sqlx::query("SELECT body_hash, response::text FROM idempotency WHERE key = $1")
            .bind(storable(key))
            .fetch_optional(self.conn())
            .await?;
        row.map(|r| Ok(Answered { body_hash: r.try_get(0)?, response: r.try_get(1)? })).transpose()
    }

    async fn keep_answer(
        &mut self,
        key: &str,
        answer: &Answered,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO idempotency (key, body_hash, response, at) VALUES ($1, $2, $3::json, $4)")
            .bind(storable(key))
            .bind(&answer.body_hash)
            .bind(&answer.response)
            .bind(now.timestamp())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn forget_answers(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM idempotency WHERE at < $1")
            .bind(before.timestamp())
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected())
    }

    async fn reference_is_free(&mut self, reference: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM reference WHERE reference = $1")
            .bind(storable(reference))
            .fetch_optional(self.conn())
            .await?;
        Ok(row.is_none())
    }

    async fn enquiry_by_reference(
        &mut self,
        reference: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query("SELECT scope, enquiry FROM reference WHERE reference = $1")
            .bind(storable(reference))
            .fetch_optional(self.conn())
            .await?;
        row.map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).transpose()
    }

    async fn has_old_answers(&mut self, before: DateTime<Utc>) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM idempotency WHERE at < $1 LIMIT 1")
            .bind(before.timestamp())
            .fetch_optional(self.conn())
            .await?;
        Ok(row.is_some())
    }

    async fn keep_reference(
        &mut self,
        reference: &str,
        scope: &str,
        enquiry: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO reference (reference, scope, enquiry) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(storable(reference))
        .bind(scope)
        .bind(enquiry)
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
