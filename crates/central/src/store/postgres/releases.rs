//! Releases of the catalogue and their packs.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Row;

use super::PostgresSession;
use crate::store::session::Releases;
use crate::store::{Release, StoreError};

#[async_trait]
impl Releases for PostgresSession {
    async fn newest_release(&mut self) -> Result<Option<Release>, StoreError> {
        let row = sqlx::query(
            "SELECT number, release, manifest, signature FROM catalogue_release ORDER BY number DESC LIMIT 1",
        )
        .fetch_optional(self.conn())
        .await?;
        row.map(|row| {
            Ok(Release {
                number: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default(),
                release: row.try_get(1)?,
                manifest: row.try_get(2)?,
                signature: row.try_get(3)?,
            })
        })
        .transpose()
    }

    async fn add_release(&mut self, release: &Release, at: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO catalogue_release (number, release, manifest, signature, published_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(i64::try_from(release.number).unwrap_or(i64::MAX))
        .bind(&release.release)
        .bind(&release.manifest)
        .bind(&release.signature)
        .bind(at.to_rfc3339())
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn add_blob(&mut self, sha256: &str, bytes: &[u8]) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO blob (sha256, bytes) VALUES ($1, $2) ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes",
        )
        .bind(sha256)
        .bind(bytes)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn blob(&mut self, sha256: &str, from: u64) -> Result<Option<(Vec<u8>, u64)>, StoreError> {
        let row = sqlx::query("SELECT substr(bytes, $1), length(bytes)::bigint FROM blob WHERE sha256 = $2")
            // PostgreSQL counts the bytes of one value in 31 bits.
            .bind(i32::try_from(from).unwrap_or(i32::MAX - 1) + 1)
            .bind(sha256)
            .fetch_optional(self.conn())
            .await?;
        row.map(|row| {
            let length: i64 = row.try_get(1)?;
            Ok((row.try_get(0)?, u64::try_from(length).unwrap_or_default()))
        })
        .transpose()
    }

    async fn forget_blobs(&mut self, kept: &[String]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM blob WHERE sha256 <> ALL ($1)").bind(kept).execute(self.conn()).await?;
        Ok(())
    }
}
