//! Desks, codes, nonces and tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use passerelle_domain::ids::{DeskId, Uai};
use passerelle_protocol::colleagues::Colleague;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::SqliteSession;
use crate::store::desks::{listens, listens_text};
use crate::store::session::Desks;
use crate::store::{CodeUse, Desk, StoreError};

fn read(row: &SqliteRow) -> Result<Desk, StoreError> {
    let (id, office): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
    let wrong = |why: String| StoreError::Document { entity: "desk".into(), id: id.to_owned(), why };
    Ok(Desk {
        id: id.parse().map_err(|e: uuid::Error| wrong(e.to_string()))?,
        office: Uai::parse(office).map_err(|e| wrong(e.to_string()))?,
        name: row.try_get(2)?,
        public_key: row.try_get(3)?,
        revoked: row.try_get::<Option<i64>, _>(4)?.is_some(),
        reception: row.try_get::<i64, _>(5)? != 0,
        heard: row.try_get::<Option<i64>, _>(6)?.and_then(|at| DateTime::from_timestamp(at, 0)),
        granted: row.try_get(7)?,
    })
}

fn read_colleague(row: &SqliteRow) -> Result<Colleague, StoreError> {
    let id: &str = row.try_get(0)?;
    let wrong = |why: String| StoreError::Document { entity: "desk".into(), id: id.to_owned(), why };
    Ok(Colleague {
        desk: id.parse().map_err(|e: uuid::Error| wrong(e.to_string()))?,
        name: row.try_get(1)?,
        public_key: row.try_get(2)?,
        reception: row.try_get::<i64, _>(3)? != 0,
        listens: listens(id, row.try_get(4)?)?,
    })
}

#[async_trait]
impl Desks for SqliteSession {
    async fn desk(&mut self, id: DeskId) -> Result<Option<Desk>, StoreError> {
        let row = sqlx::query("SELECT id, office, name, public_key, revoked_at, reception, heard_at, granted FROM desk WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(self.conn())
            .await?;
        row.as_ref().map(read).transpose()
    }

    async fn desks_of(&mut self, office: &Uai) -> Result<Vec<Desk>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, office, name, public_key, revoked_at, reception, heard_at, granted FROM desk WHERE office = ? ORDER BY enrolled_at, id",
        )
        .bind(office.as_str())
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(read).collect()
    }

    async fn colleagues(&mut self, office: &Uai) -> Result<Vec<Colleague>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, name, public_key, reception, listens FROM desk
             WHERE office = ? AND revoked_at IS NULL ORDER BY enrolled_at, id",
        )
        .bind(office.as_str())
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(read_colleague).collect()
    }

    async fn note_listens(&mut self, id: DeskId, listens: &[String]) -> Result<(), StoreError> {
        sqlx::query("UPDATE desk SET listens = ? WHERE id = ?")
            .bind(listens_text(listens))
            .bind(id.to_string())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn add_desk(&mut self, desk: &Desk, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO desk (id, office, name, public_key, enrolled_at) VALUES (?, ?, ?, ?, ?)")
            .bind(desk.id.to_string())
            .bind(desk.office.as_str())
            .bind(&desk.name)
            .bind(&desk.public_key)
            .bind(now.timestamp())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn revoke(&mut self, id: DeskId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE desk SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?")
            .bind(now.timestamp())
            .bind(id.to_string())
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn revoked(&mut self) -> Result<u64, StoreError> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM desk WHERE revoked_at IS NOT NULL")
            .fetch_one(self.conn())
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn add_code(&mut self, hash: &str, office: &Uai, expires: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO enrol_code (hash, office, expires_at) VALUES (?, ?, ?)")
            .bind(hash)
            .bind(office.as_str())
            .bind(expires.timestamp())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn take_code(&mut self, hash: &str, now: DateTime<Utc>) -> Result<CodeUse, StoreError> {
        let row = sqlx::query("SELECT office, expires_at, used_at FROM enrol_code WHERE hash = ?")
            .bind(hash)
            .fetch_optional(self.conn())
            .await?;
        let Some(row) = row else { return Ok(CodeUse::Unknown) };
        if row.try_get::<Option<i64>, _>(2)?.is_some() {
            return Ok(CodeUse::Used);
        }
        if row.try_get::<i64, _>(1)? <= now.timestamp() {
            return Ok(CodeUse::Expired);
        }
        let office: &str = row.try_get(0)?;
        let office = Uai::parse(office).map_err(|e| StoreError::Document {
            entity: "enrol_code".into(),
            id: office.to_owned(),
            why: e.to_string(),
        })?;
        sqlx::query("UPDATE enrol_code SET used_at = ? WHERE hash = ?")
            .bind(now.timestamp())
            .bind(hash)
            .execute(self.conn())
            .await?;
        Ok(CodeUse::Taken(office))
    }

    async fn add_nonce(
        &mut self,
        hash: &str,
        desk: DeskId,
        now: DateTime<Utc>,
        expires: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM nonce WHERE expires_at <= ?")
            .bind(now.timestamp())
            .execute(self.conn())
            .await?;
        sqlx::query("INSERT INTO nonce (hash, desk, expires_at) VALUES (?, ?, ?)")
            .bind(hash)
            .bind(desk.to_string())
            .bind(expires.timestamp())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn take_nonce(&mut self, hash: &str, desk: DeskId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM nonce WHERE hash = ? AND desk = ? AND expires_at > ?")
            .bind(hash)
            .bind(desk.to_string())
            .bind(now.timestamp())
            .execute(self.conn())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn add_token(
        &mut self,
        hash: &str,
        desk: DeskId,
        now: DateTime<Utc>,
        expires: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM token WHERE expires_at <= ?")
            .bind(now.timestamp())
            .execute(self.conn())
            .await?;
        sqlx::query("INSERT INTO token (hash, desk, expires_at) VALUES (?, ?, ?)")
            .bind(hash)
            .bind(desk.to_string())
            .bind(expires.timestamp())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn desk_of_token(
        &mut self,
        hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(Desk, DateTime<Utc>)>, StoreError> {
        let row = sqlx::query(
            "SELECT d.id, d.office, d.name, d.public_key, d.revoked_at, d.reception, d.heard_at, d.granted, t.expires_at
             FROM token t JOIN desk d ON d.id = t.desk WHERE t.hash = ? AND t.expires_at > ?",
        )
        .bind(hash)
        .bind(now.timestamp())
        .fetch_optional(self.conn())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let ends = DateTime::from_timestamp(row.try_get(8)?, 0).unwrap_or(now);
        Ok(Some((read(&row)?, ends)))
    }
}
