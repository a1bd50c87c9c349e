//! Commands and their verdicts, and how far each incarnation of a desk has come.

use async_trait::async_trait;
use passerelle_domain::ids::{CommandId, DeskId, Uai};
use sqlx::Row;

use super::{PostgresSession, storable};
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::{CommandRow, command_id};
use crate::store::session::Commands;

#[async_trait]
impl Commands for PostgresSession {
    async fn verdict(&mut self, id: CommandId) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query("SELECT desk, verdict::text FROM command WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.conn())
            .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    async fn verdicts(&mut self, ids: &[CommandId]) -> Result<Vec<(CommandId, String, String)>, StoreError> {
        let ids: Vec<String> = ids.iter().map(CommandId::to_string).collect();
        let rows = sqlx::query("SELECT id, desk, verdict::text FROM command WHERE id = ANY ($1::text[])")
            .bind(ids)
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(|r| Ok((command_id(r.try_get(0)?)?, r.try_get(1)?, r.try_get(2)?))).collect()
    }

    async fn verdicts_in(
        &mut self,
        office: &Uai,
        ids: &[CommandId],
    ) -> Result<Vec<(CommandId, String)>, StoreError> {
        let ids: Vec<String> = ids.iter().map(CommandId::to_string).collect();
        let rows = sqlx::query(
            "SELECT id, verdict::text FROM command WHERE id = ANY ($1::text[]) AND office = $2 AND held IS NULL",
        )
        .bind(ids)
        .bind(office.as_str())
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(|r| Ok((command_id(r.try_get(0)?)?, r.try_get(1)?))).collect()
    }

    async fn last_seq(&mut self, desk: DeskId, inc: &str) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT last FROM incarnation WHERE desk = $1 AND inc = $2")
            .bind(desk.to_string())
            .bind(inc)
            .fetch_optional(self.conn())
            .await?;
        Ok(row.map(|r| r.try_get(0).map(unsigned)).transpose()?.unwrap_or(0))
    }

    async fn advance(&mut self, desk: DeskId, inc: &str, seq: u64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO incarnation (desk, inc, last) VALUES ($1, $2, $3)
             ON CONFLICT (desk, inc) DO UPDATE SET last = excluded.last",
        )
        .bind(desk.to_string())
        .bind(inc)
        .bind(signed(seq))
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn settle_command(&mut self, id: CommandId, verdict: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE command SET verdict = $1::json, held = NULL WHERE id = $2 AND held IS NOT NULL")
            .bind(verdict)
            .bind(id.to_string())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn keep_command(&mut self, row: &CommandRow<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO command (id, desk, inc, seq, office, kind, actor, at, received_at, verdict, held)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::json, $11::json)",
        )
        .bind(row.id.to_string())
        .bind(row.desk.to_string())
        .bind(row.inc)
        .bind(signed(row.seq))
        .bind(row.office.as_str())
        .bind(storable(row.kind))
        .bind(&row.actor)
        .bind(&row.at)
        .bind(row.received_at.timestamp())
        .bind(&row.verdict)
        .bind(&row.held)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn keep_commands(&mut self, rows: &[CommandRow<'_>]) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO command (id, desk, inc, seq, office, kind, actor, at, received_at, verdict, held)
             SELECT id, desk, inc, seq, office, kind, actor, at, received_at, verdict::json, held::json
             FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::bigint[], $10::text[], $11::text[])
                 AS t (id, desk, inc, seq, office, kind, actor, at, received_at, verdict, held)",
        )
        .bind(rows.iter().map(|r| r.id.to_string()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.desk.to_string()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.inc).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| signed(r.seq)).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.office.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| storable(r.kind).into_owned()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.actor.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.at.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.received_at.timestamp()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.verdict.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.held.as_deref()).collect::<Vec<_>>())
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
