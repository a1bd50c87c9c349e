//! Appointments: the only documents with columns of their own, because the database itself refuses overlaps.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::PostgresSession;
use super::documents::{revisions, stored};
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::{AppointmentRow, Identified, Stored};
use crate::store::session::Appointments;

fn pairs(rows: &[PgRow]) -> Result<Vec<Identified>, StoreError> {
    rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
}

#[async_trait]
impl Appointments for PostgresSession {
    async fn appointment_text(&mut self, scope: &str, id: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT doc::text FROM appointment WHERE scope = $1 AND id = $2")
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
        let rows = sqlx::query("SELECT id, rev FROM appointment WHERE scope = $1 AND id = ANY ($2::text[])")
            .bind(scope)
            .bind(ids)
            .fetch_all(self.conn())
            .await?;
        revisions(&rows)
    }

    async fn appointments_among(&mut self, scope: &str, ids: &[String]) -> Result<Vec<Stored>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, rev, doc::text FROM appointment WHERE scope = $1 AND id = ANY ($2::text[])",
        )
        .bind(scope)
        .bind(ids)
        .fetch_all(self.conn())
        .await?;
        stored(&rows)
    }

    async fn appointment_rev(&mut self, scope: &str, id: &str) -> Result<Option<u64>, StoreError> {
        let rev: Option<i64> = sqlx::query_scalar("SELECT rev FROM appointment WHERE scope = $1 AND id = $2")
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
        // No meeting is longer than a day, so the index on the start bounds the search on both sides. With OFFSET the
        // database looks there for each stretch; left to itself it goes through the whole table.
        let rows = sqlx::query(
            "SELECT a.id, a.doc FROM unnest($2::bigint[], $3::bigint[]) AS s (begin, until), LATERAL (
                 SELECT id, doc::text FROM appointment
                 WHERE scope = $1 AND start_s > s.begin - 86400 AND start_s < s.until AND end_s > s.begin OFFSET 0) a",
        )
        .bind(scope)
        .bind(stretches.iter().map(|(from, _)| *from).collect::<Vec<_>>())
        .bind(stretches.iter().map(|(_, to)| *to).collect::<Vec<_>>())
        .fetch_all(self.conn())
        .await?;
        pairs(&rows)
    }

    async fn proposed(&mut self, scope: &str, enquiry: &str) -> Result<Vec<Identified>, StoreError> {
        // The index on open proposals bounds the search: there are few at a time.
        let rows = sqlx::query(
            "SELECT id, doc::text FROM appointment WHERE status = 'held' AND held_until_s IS NOT NULL AND scope = $1
                 AND enquiry = $2",
        )
        .bind(scope)
        .bind(enquiry)
        .fetch_all(self.conn())
        .await?;
        pairs(&rows)
    }

    async fn of_client(&mut self, scope: &str, client: &str) -> Result<Vec<Identified>, StoreError> {
        let rows =
            sqlx::query("SELECT id, doc::text FROM appointment WHERE scope = $1 AND client = $2 ORDER BY id")
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
             WHERE status = 'held' AND held_until_s IS NOT NULL AND held_until_s <= $1 ORDER BY held_until_s LIMIT $2",
        )
        .bind(now.timestamp())
        .bind(i64::from(most))
        .fetch_all(self.conn())
        .await?;
        pairs(&rows)
    }

    async fn keep_appointment(&mut self, row: &AppointmentRow<'_>) -> Result<(), StoreError> {
        let statement = if row.rev == 1 {
            sqlx::query(
                "INSERT INTO appointment (counsellor, second, room, client, start_s, end_s, status, blocking, overridden,
                     session_key, seat, capacity, held_until_s, rev, seq, doc, scope, id, enquiry)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::json, $17, $18, $19)",
            )
        } else {
            sqlx::query(
                "UPDATE appointment SET counsellor = $1, second = $2, room = $3, client = $4, start_s = $5, end_s = $6,
                     status = $7, blocking = $8, overridden = $9, session_key = $10, seat = $11, capacity = $12, held_until_s = $13,
                     rev = $14, seq = $15, doc = $16::json, enquiry = $19
                 WHERE scope = $17 AND id = $18",
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
            .bind(&row.enquiry)
            .execute(self.conn())
            .await?;
        Ok(())
    }

    async fn add_appointments(&mut self, rows: &[AppointmentRow<'_>]) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO appointment (counsellor, second, room, client, start_s, end_s, status, blocking, overridden,
                 session_key, seat, capacity, held_until_s, rev, seq, doc, scope, id, enquiry)
             SELECT counsellor, second, room, client, start_s, end_s, status, blocking, overridden,
                 session_key, seat, capacity, held_until_s, rev, seq, doc::json, scope, id, enquiry
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[],
                     $8::boolean[], $9::boolean[], $10::text[], $11::boolean[], $12::bigint[], $13::bigint[],
                     $14::bigint[], $15::bigint[], $16::text[], $17::text[], $18::text[], $19::text[])
                 AS t (counsellor, second, room, client, start_s, end_s, status, blocking, overridden, session_key,
                     seat, capacity, held_until_s, rev, seq, doc, scope, id, enquiry)",
        )
        .bind(rows.iter().map(|r| r.counsellor.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.second.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.room.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.client.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.start_s).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.end_s).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.status).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.blocking).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.overridden).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.session_key).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.seat).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.capacity).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.held_until_s).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| signed(r.rev)).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| signed(r.seq)).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.doc).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.scope).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.id).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.enquiry.as_deref()).collect::<Vec<_>>())
        .execute(self.conn())
        .await?;
        Ok(())
    }
}
