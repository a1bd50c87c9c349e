//! What desks had not sent when they were trusted no longer.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId, Uai};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::SqliteSession;
use crate::administration::kept::instant;
use crate::quarantine::kept::{QuarantineRow, Quarantining, SettledRow};
use crate::store::StoreError;
use crate::store::feed::unsigned;

fn read(row: &SqliteRow) -> Result<QuarantineRow, StoreError> {
    let desk: &str = row.try_get(0)?;
    Ok(QuarantineRow {
        desk: desk.parse().map_err(|_| StoreError::Damaged("a desk without an identifier".into()))?,
        received_at: instant(row.try_get(1)?),
        envelope: row.try_get(2)?,
        refusal: row.try_get(3)?,
    })
}

#[async_trait]
impl Quarantining for SqliteSession {
    async fn put_aside(
        &mut self,
        desk: DeskId,
        office: &Uai,
        id: CommandId,
        envelope: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO quarantine (desk, id, office, seq, received_s, envelope, state)
             SELECT ?1, ?2, ?3, coalesce(max(seq), 0) + 1, ?4, ?5, 'waiting'
             FROM quarantine WHERE desk = ?1
             ON CONFLICT (desk, id) DO NOTHING",
        )
        .bind(desk.to_string())
        .bind(id.to_string())
        .bind(office.as_str())
        .bind(at.timestamp())
        .bind(envelope)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn put_aside_of(&mut self, desk: DeskId) -> Result<(u64, u64), StoreError> {
        let row = sqlx::query(
            "SELECT count(*), count(*) FILTER (WHERE state = 'waiting') FROM quarantine WHERE desk = ?1",
        )
        .bind(desk.to_string())
        .fetch_one(self.conn())
        .await?;
        Ok((unsigned(row.try_get(0)?), unsigned(row.try_get(1)?)))
    }

    async fn quarantined(&mut self, office: &Uai, most: usize) -> Result<Vec<QuarantineRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT desk, received_s, envelope, refusal FROM quarantine
             WHERE office = ?1 AND state IN ('waiting', 'refused') ORDER BY desk, seq LIMIT ?2",
        )
        .bind(office.as_str())
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(read).collect()
    }

    async fn settle_quarantined(&mut self, row: &SettledRow<'_>) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE quarantine SET state = ?1, refusal = ?2, settled_by = ?3, settled_s = ?4,
                 envelope = CASE WHEN ?1 = 'refused' THEN envelope END
             WHERE desk = ?5 AND id = ?6 AND state IN ('waiting', 'refused')",
        )
        .bind(row.stands.key())
        .bind(row.refusal)
        .bind(row.by.to_string())
        .bind(row.at.timestamp())
        .bind(row.desk.to_string())
        .bind(row.id.to_string())
        .execute(self.conn())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn forget_quarantined(&mut self, before: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM quarantine WHERE settled_s < ?1")
            .bind(before.timestamp())
            .execute(self.conn())
            .await?;
        Ok(())
    }
}
