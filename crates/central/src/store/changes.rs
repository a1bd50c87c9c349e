//! Reading a feed page by page.

use passerelle_protocol::sync::{Change, Entity};
use serde_json::Value;
use sqlx::{Row, SqliteConnection};

use super::StoreError;
use super::feed::{head, signed, unsigned, value};

/// A stretch of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Changes in order, without gaps, from the cursor's next.
    pub changes: Vec<Change>,
    /// The last change given, or the cursor itself.
    pub cursor: u64,
    /// The end of the feed at that moment.
    pub head: u64,
    /// Length of the documents in bytes.
    pub bytes: usize,
}

/// The changes of `scope` after `cursor`: at most `limit`, and no more than about `bytes` unless the first alone is
/// longer. `None` when there is no such feed.
///
/// # Errors
/// [`StoreError`] of the database, or when a document cannot be read.
pub async fn page(
    conn: &mut SqliteConnection,
    scope: &str,
    cursor: u64,
    limit: u32,
    bytes: usize,
) -> Result<Option<Page>, StoreError> {
    let Some(head) = head(conn, scope).await? else { return Ok(None) };
    let mut page = Page { changes: Vec::new(), cursor, head, bytes: 0 };
    // In stretches, so that a short page of long documents does not read a thousand of them.
    while page.cursor < head && page.changes.len() < limit as usize && page.bytes < bytes {
        let wanted = (limit as usize - page.changes.len()).min(100);
        let rows = sqlx::query(
            "SELECT seq, entity, id, rev, doc FROM change WHERE scope = ? AND seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(scope)
        .bind(signed(page.cursor))
        .bind(i64::try_from(wanted).unwrap_or(100))
        .fetch_all(&mut *conn)
        .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let doc: Option<&str> = row.try_get(4)?;
            let length = doc.map_or(0, str::len);
            if !page.changes.is_empty() && page.bytes + length > bytes {
                return Ok(Some(page));
            }
            let (entity, id): (&str, &str) = (row.try_get(1)?, row.try_get(2)?);
            let doc = doc.map(|text| value(entity, id, text)).transpose()?;
            let seq = unsigned(row.try_get(0)?);
            page.changes.push(Change {
                scope: scope.to_owned(),
                seq,
                entity: serde_json::from_value(Value::from(entity)).unwrap_or(Entity::Unknown),
                id: id.to_owned(),
                rev: unsigned(row.try_get(3)?),
                doc,
            });
            page.cursor = seq;
            page.bytes += length;
        }
    }
    Ok(Some(page))
}
