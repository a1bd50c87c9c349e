//! Reading a feed page by page.

use passerelle_protocol::sync::{Change, Entity};

use super::feed::as_document;
use super::rows::{FeedNumbers, ReadChange};
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
    /// What a desk that stands at the number it was asked after is to say with it; `None` where that change is forgotten,
    /// was written before there were marks, or never was.
    pub here: Option<String>,
    /// The same for one that has read the page.
    pub there: Option<String>,
}

/// Changes that are read first; how long they are says how many come next.
const STRETCH: usize = 250;

/// Any 64 bits are a mark: shown without a sign.
fn shown(mark: i64) -> String {
    format!("{:016x}", mark.cast_unsigned())
}

/// The end of a feed, and what a desk that stands there is to say with it. `None` when there is no such feed.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn end(tx: &mut Tx, scope: &str) -> Result<Option<(u64, Option<String>)>, StoreError> {
    let Some(FeedNumbers { head, .. }) = tx.feed(scope).await? else { return Ok(None) };
    Ok(Some((head, tx.mark(scope, head).await?.map(shown))))
}

/// The changes of `scope` after `cursor`: at most `limit`, and no more than about `bytes` unless the first alone is
/// longer. `None` when there is no such feed. What was just `added` is not read where it comes next: it was written, and no
/// change is ever another one.
///
/// # Errors
/// [`StoreError`] of the database, or when a document cannot be read.
pub async fn page(
    tx: &mut Tx,
    scope: &str,
    cursor: u64,
    limit: u32,
    bytes: usize,
    mut added: Vec<ReadChange>,
) -> Result<Option<Page>, StoreError> {
    let Some((FeedNumbers { head, floor, .. }, mark)) = tx.feed_at(scope, cursor).await? else {
        return Ok(None);
    };
    let here = mark.map(shown);
    let mut page = Page { changes: Vec::new(), cursor, head, floor, bytes: 0, there: here.clone(), here };
    if cursor < floor {
        return Ok(Some(page));
    }
    // In stretches, so that a short page of long documents does not read a thousand of them.
    while page.cursor < head && page.changes.len() < limit as usize && page.bytes < bytes {
        let average = page.bytes.checked_div(page.changes.len()).unwrap_or(0).max(1);
        let fit = if page.changes.is_empty() {
            STRETCH
        } else {
            ((bytes - page.bytes) / average).saturating_add(1)
        };
        let left = limit as usize - page.changes.len();
        let comes_next = added.first().is_some_and(|change| change.row.seq == page.cursor + 1);
        let rows = match comes_next && added.len() <= left {
            true => std::mem::take(&mut added),
            false => tx.changes(scope, page.cursor, left.min(fit)).await?,
        };
        if rows.is_empty() {
            break;
        }
        for ReadChange { row, mark } in rows {
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
            page.there = mark.map(shown);
            page.bytes += length;
        }
    }
    Ok(Some(page))
}
