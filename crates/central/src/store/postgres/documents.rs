//! Documents other than appointments.

use async_trait::async_trait;
use serde::Deserialize;
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::PostgresSession;
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::{DocumentRow, Identified, Stored};
use crate::store::session::Documents;

/// Id and revision of each row.
pub(super) fn revisions(rows: &[PgRow]) -> Result<Vec<(String, u64)>, StoreError> {
    rows.iter().map(|r| Ok((r.try_get(0)?, unsigned(r.try_get(1)?)))).collect()
}

/// Id, revision and text of each row.
pub(super) fn stored(rows: &[PgRow]) -> Result<Vec<Stored>, StoreError> {
    rows.iter().map(|r| Ok((r.try_get(0)?, unsigned(r.try_get(1)?), r.try_get(2)?))).collect()
}

/// What is looked for inside a document, and has a column of its own.
#[derive(Debug, Default, Deserialize)]
struct LookedFor {
    #[serde(default)]
    client: Option<String>,
    #[serde(skip)]
    state: Option<String>,
}

/// The state of an entry of the waiting list, when it is a word.
#[derive(Deserialize)]
struct State {
    #[serde(default)]
    state: Option<serde_json::Value>,
}

impl LookedFor {
    fn of(row: &DocumentRow<'_>) -> Result<Self, StoreError> {
        let wrong = |e: serde_json::Error| StoreError::document(row.entity, row.id, &e);
        let mut found = match row.entity {
            "waiting_entry" | "enquiry" => serde_json::from_str(row.doc).map_err(wrong)?,
            _ => Self::default(),
        };
        if row.entity == "waiting_entry" {
            let state: State = serde_json::from_str(row.doc).map_err(wrong)?;
            found.state = state.state.and_then(|s| s.as_str().map(str::to_owned));
        }
        Ok(found)
    }
}

#[async_trait]
impl Documents for PostgresSession {
    async fn document_text(
        &mut self,
        scope: &str,
        entity: &str,
        id: &str,
    ) -> Result<Option<(u64, String)>, StoreError> {
        let row =
            sqlx::query("SELECT rev, doc::text FROM document WHERE scope = $1 AND entity = $2 AND id = $3")
                .bind(scope)
                .bind(entity)
                .bind(id)
                .fetch_optional(self.conn())
                .await?;
        row.map(|row| Ok((unsigned(row.try_get(0)?), row.try_get(1)?))).transpose()
    }

    async fn document_rev(&mut self, scope: &str, entity: &str, id: &str) -> Result<Option<u64>, StoreError> {
        let rev: Option<i64> =
            sqlx::query_scalar("SELECT rev FROM document WHERE scope = $1 AND entity = $2 AND id = $3")
                .bind(scope)
                .bind(entity)
                .bind(id)
                .fetch_optional(self.conn())
                .await?;
        Ok(rev.map(unsigned))
    }

    async fn document_revs(
        &mut self,
        scope: &str,
        entity: &str,
        ids: &[String],
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, rev FROM document WHERE scope = $1 AND entity = $2 AND id = ANY ($3::text[])",
        )
        .bind(scope)
        .bind(entity)
        .bind(ids)
        .fetch_all(self.conn())
        .await?;
        revisions(&rows)
    }

    async fn documents_among(
        &mut self,
        scope: &str,
        entity: &str,
        ids: &[String],
    ) -> Result<Vec<Stored>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, rev, doc::text FROM document WHERE scope = $1 AND entity = $2 AND id = ANY ($3::text[])",
        )
        .bind(scope)
        .bind(entity)
        .bind(ids)
        .fetch_all(self.conn())
        .await?;
        stored(&rows)
    }

    async fn documents_of(&mut self, scope: &str, entity: &str) -> Result<Vec<Identified>, StoreError> {
        let rows =
            sqlx::query("SELECT id, doc::text FROM document WHERE scope = $1 AND entity = $2 ORDER BY id")
                .bind(scope)
                .bind(entity)
                .fetch_all(self.conn())
                .await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
    }

    async fn has_documents(&mut self, scope: &str, entity: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM document WHERE scope = $1 AND entity = $2 LIMIT 1")
            .bind(scope)
            .bind(entity)
            .fetch_optional(self.conn())
            .await?;
        Ok(row.is_some())
    }

    async fn settings_texts(&mut self, scope: &str) -> Result<Vec<(String, String, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT entity, id, doc::text FROM document
             WHERE scope = $1 AND entity IN ('site', 'room', 'person', 'kind', 'opening', 'absence')",
        )
        .bind(scope)
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?, r.try_get(2)?))).collect()
    }

    async fn keep_document(&mut self, row: &DocumentRow<'_>) -> Result<(), StoreError> {
        let looked_for = LookedFor::of(row)?;
        sqlx::query(
            "INSERT INTO document (scope, entity, id, rev, seq, doc, client, state)
             VALUES ($1, $2, $3, $4, $5, $6::json, $7, $8)
             ON CONFLICT (scope, entity, id) DO UPDATE SET rev = excluded.rev, seq = excluded.seq, doc = excluded.doc,
                 client = excluded.client, state = excluded.state",
        )
        .bind(row.scope)
        .bind(row.entity)
        .bind(row.id)
        .bind(signed(row.rev))
        .bind(signed(row.seq))
        .bind(row.doc)
        .bind(looked_for.client)
        .bind(looked_for.state)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn keep_documents(&mut self, rows: &[DocumentRow<'_>]) -> Result<(), StoreError> {
        let looked_for = rows.iter().map(LookedFor::of).collect::<Result<Vec<_>, _>>()?;
        sqlx::query(
            "INSERT INTO document (scope, entity, id, rev, seq, doc, client, state)
             SELECT scope, entity, id, rev, seq, doc::json, client, state
             FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[])
                 AS t (scope, entity, id, rev, seq, doc, client, state)
             ON CONFLICT (scope, entity, id) DO UPDATE SET rev = excluded.rev, seq = excluded.seq, doc = excluded.doc,
                 client = excluded.client, state = excluded.state",
        )
        .bind(rows.iter().map(|r| r.scope).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.entity).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.id).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| signed(r.rev)).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| signed(r.seq)).collect::<Vec<_>>())
        .bind(rows.iter().map(|r| r.doc).collect::<Vec<_>>())
        .bind(looked_for.iter().map(|l| l.client.as_deref()).collect::<Vec<_>>())
        .bind(looked_for.iter().map(|l| l.state.as_deref()).collect::<Vec<_>>())
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn waiting_of(&mut self, scope: &str, client: &str) -> Result<Vec<Identified>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, doc::text FROM document WHERE scope = $1 AND entity = 'waiting_entry'
                 AND client = $2 AND state = 'waiting'",
        )
        .bind(scope)
        .bind(client)
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
    }

    async fn enquiries_of(&mut self, scope: &str, client: &str) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM document
             WHERE scope = $1 AND entity = 'enquiry' AND client = $2 ORDER BY id",
        )
        .bind(scope)
        .bind(client)
        .fetch_all(self.conn())
        .await?)
    }
}
