//! Appointments: the only documents with columns of their own, because the database itself refuses overlaps.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::SqliteSession;
use super::documents::{revisions, stored};
use super::joined::rows;
use super::pieces::{list, pieces};
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::{AppointmentRow, Identified, Stored};
use crate::store::session::Appointments;

fn pairs(rows: &[SqliteRow]) -> Result<Vec<Identified>, StoreError> {
    rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
}

#[async_trait]
impl Appointments for SqliteSession {
    async fn appointment_text(&mut self, scope: &str, id: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT doc FROM appointment WHERE scope = ? AND id = ?")
            .bind(scope)
            .bind(id)
            .fetch_optional(self.conn())
            .await?)
    }

    async fn appointment_revs(
        &mut self,
        scope: &str,
        ids: &[String],
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, rev FROM appointment WHERE scope = ? AND id IN (SELECT value FROM json_each(?))",
        )
        .bind(scope)
        .bind(list(ids))
        .fetch_all(self.conn())
        .await?;
        revisions(&rows)
    }

    async fn appointments_among(&mut self, scope: &str, ids: &[String]) -> Result<Vec<Stored>, StoreError> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(id || char(31) || rev || char(31) || doc, char(30)) FROM appointment
             WHERE scope = ? AND id IN (SELECT value FROM json_each(?))",
        )
        .bind(scope)
        .bind(list(ids))
        .fetch_one(self.conn())
        .await?;
        stored(found.as_deref())
    }

    async fn appointment_rev(&mut self, scope: &str, id: &str) -> Result<Option<u64>, StoreError> {
        let rev: Option<i64> = sqlx::query_scalar("SELECT rev FROM appointment WHERE scope = ? AND id = ?")
            .bind(scope)
            .bind(id)
            .fetch_optional(self.conn())
            .await?;
        Ok(rev.map(unsigned))
    }

    async fn touching(
        &mut self,
        scope: &str,
        stretches: &[(i64, i64)],
    ) -> Result<Vec<Identified>, StoreError> {
        // No meeting is longer than a day, so the index on the start bounds the search on both sides.
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(a.id || char(31) || a.doc, char(30))
             FROM (SELECT value ->> 0 AS begin, value ->> 1 AS until FROM json_each(?)) s CROSS JOIN appointment a
             WHERE a.scope = ? AND a.start_s > s.begin - 86400 AND a.start_s < s.until AND a.end_s > s.begin",
        )
        .bind(serde_json::to_string(stretches).map_err(|e| StoreError::document("stretches", scope, &e))?)
        .bind(scope)
        .fetch_one(self.conn())
        .await?;
        rows(found.as_deref(), |[id, doc]| Ok((id.to_owned(), doc.to_owned())))
    }

    async fn proposed(&mut self, scope: &str, enquiry: &str) -> Result<Vec<Identified>, StoreError> {
        // The index on open proposals bounds the search: there are few at a time.
        let rows = sqlx::query(
            "SELECT id, doc FROM appointment WHERE status = 'held' AND held_until_s IS NOT NULL AND scope = ?
                 AND json_extract(doc, '$.enquiry') = ?",
        )
        .bind(scope)
        .bind(enquiry)
        .fetch_all(self.conn())
        .await?;
        pairs(&rows)
    }

    async fn of_client(&mut self, scope: &str, client: &str) -> Result<Vec<Identified>, StoreError> {
        let rows = sqlx::query("SELECT id, doc FROM appointment WHERE scope = ? AND client = ? ORDER BY id")
            .bind(scope)
            .bind(client)
            .fetch_all(self.conn())
            .await?;
        pairs(&rows)
    }

    async fn overdue_holds(
        &mut self,
        now: DateTime<Utc>,
        most: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT scope, id FROM appointment
             WHERE status = 'held' AND held_until_s IS NOT NULL AND held_until_s <= ? ORDER BY held_until_s LIMIT ?",
        )
        .bind(now.timestamp())
        .bind(most)
        .fetch_all(self.conn())
        .await?;
        pairs(&rows)
    }

    async fn keep_appointment(&mut self, row: &AppointmentRow<'_>) -> Result<(), StoreError> {
        let statement = if row.rev == 1 {
            sqlx::query(
                "INSERT INTO appointment (counsellor, second, room, client, start_s, end_s, status, blocking, overridden,
                     session_key, seat, capacity, held_until_s, rev, seq, doc, scope, id)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
        } else {
            sqlx::query(
                "UPDATE appointment SET counsellor = ?, second = ?, room = ?, client = ?, start_s = ?, end_s = ?,
                     status = ?, blocking = ?, overridden = ?, session_key = ?, seat = ?, capacity = ?, held_until_s = ?,
                     rev = ?, seq = ?, doc = ?
                 WHERE scope = ? AND id = ?",
            )
        };
        statement
            .bind(&row.counsellor)
            .bind(&row.second)
            .bind(&row.room)
            .bind(&row.client)
            .bind(row.start_s)
            .bind(row.end_s)
            .bind(row.status)
            .bind(row.blocking)
            .bind(row.overridden)
            .bind(row.session_key)
            .bind(row.seat)
            .bind(row.capacity)
            .bind(row.held_until_s)
            .bind(signed(row.rev))
            .bind(signed(row.seq))
            .bind(row.doc)
            .bind(row.scope)
            .bind(row.id)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn add_appointments(&mut self, rows: &[AppointmentRow<'_>]) -> Result<(), StoreError> {
        for piece in pieces(rows) {
            let mut sql = QueryBuilder::new(
                "INSERT INTO appointment (counsellor, second, room, client, start_s, end_s, status, blocking,
                     overridden, session_key, seat, capacity, held_until_s, rev, seq, doc, scope, id) ",
            );
            sql.push_values(piece, |mut one, row| {
                one.push_bind(&row.counsellor)
                    .push_bind(&row.second)
                    .push_bind(&row.room)
                    .push_bind(&row.client)
                    .push_bind(row.start_s)
                    .push_bind(row.end_s)
                    .push_bind(row.status)
                    .push_bind(row.blocking)
                    .push_bind(row.overridden)
                    .push_bind(row.session_key)
                    .push_bind(row.seat)
                    .push_bind(row.capacity)
                    .push_bind(row.held_until_s)
                    .push_bind(signed(row.rev))
                    .push_bind(signed(row.seq))
                    .push_bind(row.doc)
                    .push_bind(row.scope)
                    .push_bind(row.id);
            });
            sql.build().execute(self.conn()).await?;
        }
        Ok(())
    }
}
