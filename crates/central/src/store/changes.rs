//! Reading a feed page by page.

use passerelle_protocol::sync::{Change, Entity};

use super::feed::as_document;
use super::session::FeedNumbers;
use super::{StoreError, Tx};

/// A stretch of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Changes in order, without gaps, from the cursor's next.
    pub changes: Vec<Change>,
    /// The last change given, or the cursor itself.
    pub cursor: u64,
    /// The end of the feed at that moment.
    pub head: u64,
    /// Changes up to this number are forgotten: a cursor before it reads nothing.
    pub floor: u64,
    /// Length of the documents in bytes.
    pub bytes: usize,
}

/// The changes of `scope` after `cursor`: at most `limit`, and no more than about `bytes` unless the first alone is
/// longer. `None` when there is no such feed.
///
/// # Errors
/// [`StoreError`] of the database, or when a document cannot be read.
pub async fn page(
    tx: &mut Tx,
    scope: &str,
    cursor: u64,
    limit: u32,
    bytes: usize,
) -> Result<Option<Page>, StoreError> {
    let Some(FeedNumbers { head, floor, .. }) = tx.feed(scope).await? else { return Ok(None) };
    let mut page = Page { changes: Vec::new(), cursor, head, floor, bytes: 0 };
    if cursor < floor {
        return Ok(Some(page));
    }
    // In stretches, so that a short page of long documents does not read a thousand of them.
    while page.cursor < head && page.changes.len() < limit as usize && page.bytes < bytes {
        let wanted = (limit as usize - page.changes.len()).min(100);
        let rows = tx.changes(scope, page.cursor, wanted).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let length = row.doc.as_deref().map_or(0, str::len);
            if !page.changes.is_empty() && page.bytes + length > bytes {
                return Ok(Some(page));
            }
            let doc = row.doc.map(|text| as_document(&row.entity, &row.id, text)).transpose()?;
            page.changes.push(Change {
                scope: scope.to_owned(),
                seq: row.seq,
                entity: Entity::from_key(&row.entity),
                id: row.id,
                rev: row.rev,
                doc,
            });
            page.cursor = row.seq;
            page.bytes += length;
        }
    }
    Ok(Some(page))
}

/// What a desk that stands at this number of a feed is to say with it; `None` where the change is forgotten, was written
/// before there were marks, or never was.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn mark(tx: &mut Tx, scope: &str, seq: u64) -> Result<Option<String>, StoreError> {
    // Any 64 bits are a mark: shown without a sign.
    Ok(tx.mark(scope, seq).await?.map(|mark| format!("{:016x}", mark.cast_unsigned())))
}
