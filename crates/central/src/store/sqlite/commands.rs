//! Commands and their verdicts, and how far each incarnation of a desk has come.

use async_trait::async_trait;
use passerelle_domain::ids::{CommandId, DeskId, Uai};
use sqlx::{QueryBuilder, Row};

use super::SqliteSession;
use super::pieces::{list, pieces};
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::{CommandRow, command_id};
use crate::store::session::Commands;

#[async_trait]
impl Commands for SqliteSession {
    async fn verdict(&mut self, id: CommandId) -> Result<Option<(String, String)>, StoreError> {
        let row = sqlx::query("SELECT desk, verdict FROM command WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(self.conn())
            .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    async fn verdicts(&mut self, ids: &[CommandId]) -> Result<Vec<(CommandId, String, String)>, StoreError> {
        let ids: Vec<String> = ids.iter().map(CommandId::to_string).collect();
        let rows =
            sqlx::query("SELECT id, desk, verdict FROM command WHERE id IN (SELECT value FROM json_each(?))")
                .bind(list(&ids))
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
            "SELECT id, verdict FROM command
             WHERE id IN (SELECT value FROM json_each(?)) AND office = ? AND held IS NULL",
        )
        .bind(list(&ids))
        .bind(office.as_str())
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(|r| Ok((command_id(r.try_get(0)?)?, r.try_get(1)?))).collect()
    }

    async fn last_seq(&mut self, desk: DeskId, inc: &str) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT last FROM incarnation WHERE desk = ? AND inc = ?")
            .bind(desk.to_string())
            .bind(inc)
            .fetch_optional(self.conn())
            .await?;
        Ok(row.map(|r| r.try_get(0).map(unsigned)).transpose()?.unwrap_or(0))
    }

    async fn advance(&mut self, desk: DeskId, inc: &str, seq: u64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO incarnation (desk, inc, last) VALUES (?, ?, ?)
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
        sqlx::query("UPDATE command SET verdict = ?, held = NULL WHERE id = ? AND held IS NOT NULL")
            .bind(verdict)
            .bind(id.to_string())
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn keep_command(&mut self, row: &CommandRow<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO command (id, desk, inc, seq, office, kind, actor, at, received_at, verdict, held)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(row.id.to_string())
        .bind(row.desk.to_string())
        .bind(row.inc)
        .bind(signed(row.seq))
        .bind(row.office.as_str())
        .bind(row.kind)
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
        for piece in pieces(rows) {
            let mut sql = QueryBuilder::new(
                "INSERT INTO command (id, desk, inc, seq, office, kind, actor, at, received_at, verdict, held) ",
            );
            sql.push_values(piece, |mut one, row| {
                one.push_bind(row.id.to_string())
                    .push_bind(row.desk.to_string())
                    .push_bind(row.inc)
                    .push_bind(signed(row.seq))
                    .push_bind(row.office.as_str())
                    .push_bind(row.kind)
                    .push_bind(&row.actor)
                    .push_bind(&row.at)
                    .push_bind(row.received_at.timestamp())
                    .push_bind(&row.verdict)
                    .push_bind(&row.held);
            });
            sql.build().execute(self.conn()).await?;
        }
        Ok(())
    }
}
