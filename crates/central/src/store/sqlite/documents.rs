//! Documents other than appointments.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::SqliteSession;
use super::joined::{number, rows};
use super::pieces::{list, pieces};
use crate::store::StoreError;
use crate::store::feed::{signed, unsigned};
use crate::store::rows::{DocumentRow, Identified, Stored};
use crate::store::session::Documents;

/// Id and revision of each row.
pub(super) fn revisions(rows: &[SqliteRow]) -> Result<Vec<(String, u64)>, StoreError> {
    rows.iter().map(|r| Ok((r.try_get(0)?, unsigned(r.try_get(1)?)))).collect()
}

/// Id, revision and text of each row of a text.
pub(super) fn stored(text: Option<&str>) -> Result<Vec<Stored>, StoreError> {
    rows(text, |[id, rev, doc]| Ok((id.to_owned(), number(rev)?, doc.to_owned())))
}

#[async_trait]
impl Documents for SqliteSession {
    async fn document_text(
        &mut self,
        scope: &str,
        entity: &str,
        id: &str,
    ) -> Result<Option<(u64, String)>, StoreError> {
        let row = sqlx::query("SELECT rev, doc FROM document WHERE scope = ? AND entity = ? AND id = ?")
            .bind(scope)
            .bind(entity)
            .bind(id)
            .fetch_optional(self.conn())
            .await?;
        row.map(|row| Ok((unsigned(row.try_get(0)?), row.try_get(1)?))).transpose()
    }

    async fn document_rev(&mut self, scope: &str, entity: &str, id: &str) -> Result<Option<u64>, StoreError> {
        let rev: Option<i64> =
            sqlx::query_scalar("SELECT rev FROM document WHERE scope = ? AND entity = ? AND id = ?")
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
            "SELECT id, rev FROM document
             WHERE scope = ? AND entity = ? AND id IN (SELECT value FROM json_each(?))",
        )
        .bind(scope)
        .bind(entity)
        .bind(list(ids))
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
        let found: Option<String> = sqlx::query_scalar(
            "SELECT group_concat(id || char(31) || rev || char(31) || doc, char(30)) FROM document
             WHERE scope = ? AND entity = ? AND id IN (SELECT value FROM json_each(?))",
        )
        .bind(scope)
        .bind(entity)
        .bind(list(ids))
        .fetch_one(self.conn())
        .await?;
        stored(found.as_deref())
    }

    async fn documents_of(&mut self, scope: &str, entity: &str) -> Result<Vec<Identified>, StoreError> {
        let rows = sqlx::query("SELECT id, doc FROM document WHERE scope = ? AND entity = ? ORDER BY id")
            .bind(scope)
            .bind(entity)
            .fetch_all(self.conn())
            .await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
    }

    async fn has_documents(&mut self, scope: &str, entity: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM document WHERE scope = ? AND entity = ? LIMIT 1")
            .bind(scope)
            .bind(entity)
            .fetch_optional(self.conn())
            .await?;
        Ok(row.is_some())
    }

    async fn settings_texts(&mut self, scope: &str) -> Result<Vec<(String, String, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT entity, id, doc FROM document
             WHERE scope = ? AND entity IN ('site', 'room', 'person', 'kind', 'opening', 'absence')",
        )
        .bind(scope)
        .fetch_all(self.conn())
        .await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?, r.try_get(2)?))).collect()
    }

    async fn keep_document(&mut self, row: &DocumentRow<'_>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO document (scope, entity, id, rev, seq, doc) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (scope, entity, id) DO UPDATE SET rev = excluded.rev, seq = excluded.seq, doc = excluded.doc",
        )
        .bind(row.scope)
        .bind(row.entity)
        .bind(row.id)
        .bind(signed(row.rev))
        .bind(signed(row.seq))
        .bind(row.doc)
        .execute(self.conn())
        .await?;
        Ok(())
    }

    async fn keep_documents(&mut self, rows: &[DocumentRow<'_>]) -> Result<(), StoreError> {
        for piece in pieces(rows) {
            let mut sql = QueryBuilder::new("INSERT INTO document (scope, entity, id, rev, seq, doc) ");
            sql.push_values(piece, |mut one, row| {
                one.push_bind(row.scope)
                    .push_bind(row.entity)
                    .push_bind(row.id)
                    .push_bind(signed(row.rev))
                    .push_bind(signed(row.seq))
                    .push_bind(row.doc);
            });
            sql.push(
                " ON CONFLICT (scope, entity, id) DO UPDATE SET rev = excluded.rev, seq = excluded.seq,
                     doc = excluded.doc",
            );
            sql.build().execute(self.conn()).await?;
        }
        Ok(())
    }

    async fn waiting_of(&mut self, scope: &str, client: &str) -> Result<Vec<Identified>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, doc FROM document WHERE scope = ? AND entity = 'waiting_entry'
                 AND json_extract(doc, '$.client') = ? AND json_extract(doc, '$.state') = 'waiting'",
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
             WHERE scope = ? AND entity = 'enquiry' AND json_extract(doc, '$.client') = ? ORDER BY id",
        )
        .bind(scope)
        .bind(client)
        .fetch_all(self.conn())
        .await?)
    }
}
