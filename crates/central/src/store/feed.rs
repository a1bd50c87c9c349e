//! Feeds: one gapless sequence of changes for each office, and one for the directory.

use passerelle_domain::ids::Uai;
use passerelle_protocol::Document;
use passerelle_protocol::sync::Entity;
use serde_json::Value;

use super::rows::{ChangeRow, FeedNumbers};
use super::{StoreError, Tx};

/// A feed that this transaction writes to. [`Feed::save`] must be called before the commit.
#[derive(Debug)]
pub struct Feed {
    scope: String,
    head: u64,
    settings: u64,
    floor: u64,
    touched: bool,
}

/// What is stored as a signed number is never negative here: the schema says so.
pub(super) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// The inverse; a number past 2^63 can only be a lie and is taken as the largest.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Feed {
    /// Locks a feed for this transaction; `None` when there is none of this name.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn lock(tx: &mut Tx, scope: &str) -> Result<Option<Self>, StoreError> {
        let found = tx.lock_feed(scope).await?;
        Ok(found.map(|FeedNumbers { head, settings, floor }| Self {
            scope: scope.to_owned(),
            head,
            settings,
            floor,
            touched: false,
        }))
    }

    /// Its name.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The last number given.
    #[must_use]
    pub const fn head(&self) -> u64 {
        self.head
    }

    /// The head at which settings last changed.
    #[must_use]
    pub const fn settings(&self) -> u64 {
        self.settings
    }

    /// Whether this transaction has added to it.
    #[must_use]
    pub const fn touched(&self) -> bool {
        self.touched
    }

    /// Adds a change and gives its number.
    pub(super) async fn append(
        &mut self,
        tx: &mut Tx,
        entity: Entity,
        id: &str,
        rev: u64,
        doc: Option<&str>,
    ) -> Result<u64, StoreError> {
        let seq = self.number(entity);
        let change = ChangeRow {
            seq,
            entity: entity.key().to_owned(),
            id: id.to_owned(),
            rev,
            doc: doc.map(str::to_owned),
        };
        tx.add_change(&self.scope, &change).await?;
        Ok(seq)
    }

    /// The number of a change that will be written before [`Feed::save`].
    pub(super) fn number(&mut self, entity: Entity) -> u64 {
        self.head += 1;
        self.touched = true;
        if entity.is_setting() {
            self.settings = self.head;
        }
        self.head
    }

    /// Back to a point to which the database was rolled back.
    pub(crate) fn rewind(&mut self, head: u64, settings: u64, touched: bool) {
        (self.head, self.settings, self.touched) = (head, settings, touched);
    }

    /// Writes the numbers; the last thing before the commit.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn save(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.touched {
            let numbers = FeedNumbers { head: self.head, settings: self.settings, floor: self.floor };
            tx.save_feed(&self.scope, numbers).await?;
        }
        Ok(())
    }
}

/// The offices that have a feed, in the order of their UAI.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn offices(tx: &mut Tx) -> Result<Vec<Uai>, StoreError> {
    let prefix = office_scope_prefix();
    Ok(tx
        .heads()
        .await?
        .iter()
        .filter_map(|(scope, _)| scope.strip_prefix(prefix).and_then(|uai| Uai::parse(uai).ok()))
        .collect())
}

/// What the scope of every office begins with.
const fn office_scope_prefix() -> &'static str {
    "office:"
}

/// The text of a document; serde_json writes any of our types.
pub(super) fn text(entity: Entity, id: &str, doc: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(doc).map_err(|e| StoreError::document(entity.key(), id, &e))
}

/// The value of a stored text.
pub(super) fn value(entity: &str, id: &str, text: &str) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::document(entity, id, &e))
}

/// A stored document, to be handed on as it is.
pub fn as_document(entity: &str, id: &str, text: String) -> Result<Document, StoreError> {
    Document::from_text(text).map_err(|e| StoreError::document(entity, id, &e))
}

#[cfg(test)]
mod tests {
    use passerelle_protocol::sync::office_scope;

    use super::*;

    #[test]
    fn the_scope_of_an_office_is_read_back() {
        let uai = Uai::from_number(801_234);
        assert_eq!(office_scope(&uai).strip_prefix(office_scope_prefix()), Some(uai.as_str()));
    }
}
