//! Administrators' keys, and what was done with them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::{PostgresSession, storable};
use crate::administration::kept::{AdminKey, Administering, AuditEntry, Via, instant};
use crate::store::StoreError;

fn key(row: &PgRow) -> Result<AdminKey, StoreError> {
    Ok(AdminKey {
        name: row.try_get(0)?,
        made_at: instant(row.try_get(1)?),
        revoked_at: row.try_get::<Option<i64>, _>(2)?.map(instant),
    })
}

fn entry(row: &PgRow) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        id: row.try_get(0)?,
        at: instant(row.try_get(1)?),
        via: Via::of(row.try_get(2)?),
        who: row.try_get(3)?,
        action: row.try_get(4)?,
        office: row.try_get(5)?,
        subject: row.try_get(6)?,
    })
}

#[async_trait]
impl Administering for PostgresSession {
    async fn add_admin_key(&mut self, name: &str, hash: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO admin_key (name, hash, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(storable(name))
        .bind(hash)
        .bind(at.timestamp())
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn admin_keys(&mut self) -> Result<Vec<AdminKey>, StoreError> {
        let rows = sqlx::query("SELECT name, made_at, revoked_at FROM admin_key ORDER BY name")
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(key).collect()
    }

    async fn admin_key(&mut self, hash: &str) -> Result<Option<AdminKey>, StoreError> {
        let row = sqlx::query("SELECT name, made_at, revoked_at FROM admin_key WHERE hash = $1")
            .bind(hash)
            .fetch_optional(self.conn())
            .await?;
        row.as_ref().map(key).transpose()
    }

    async fn revoke_admin_key(&mut self, name: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE admin_key SET revoked_at = coalesce(revoked_at, $1) WHERE name = $2")
            .bind(at.timestamp())
            .bind(storable(name))
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn note(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO audit (id, at_s, via, who, action, office, subject) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&entry.id)
        .bind(entry.at.timestamp())
        .bind(entry.via.key())
        .bind(&entry.who)
        .bind(&entry.action)
        .bind(&entry.office)
        .bind(&entry.subject)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn noted(&mut self, before: Option<&str>, most: usize) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, at_s, via, who, action, office, subject FROM audit
             WHERE ($1::text IS NULL OR id < $1) ORDER BY id DESC LIMIT $2",
        )
        .bind(before)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(entry).collect()
    }

    async fn forget_notes(&mut self, before: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM audit WHERE at_s < $1 AND at_s <= (SELECT max(at_s) FROM audit) - 31536000")
            .bind(before.timestamp())
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
