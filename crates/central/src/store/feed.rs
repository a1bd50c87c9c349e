//! Feeds: one gapless sequence of changes for each office, and one for the directory.

use passerelle_domain::ids::Uai;
use passerelle_protocol::sync::Entity;
use serde_json::Value;
use sqlx::{Row, SqliteConnection};

use super::StoreError;

/// A feed that this transaction writes to. [`Feed::save`] must be called before the commit.
#[derive(Debug)]
pub struct Feed {
    scope: String,
    head: u64,
    settings: u64,
    touched: bool,
}

/// What SQLite stores as a signed number is never negative here: the schema says so.
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
    pub async fn lock(conn: &mut SqliteConnection, scope: &str) -> Result<Option<Self>, StoreError> {
        // `BEGIN IMMEDIATE` has taken the write lock already; elsewhere this would be `SELECT … FOR UPDATE`.
        let row = sqlx::query("SELECT head, settings FROM feed WHERE scope = ?")
            .bind(scope)
            .fetch_optional(conn)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Self {
            scope: scope.to_owned(),
            head: unsigned(row.try_get(0)?),
            settings: unsigned(row.try_get(1)?),
            touched: false,
        }))
    }

    /// Makes the feed of an office or of the directory, empty; nothing when it exists.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn create(conn: &mut SqliteConnection, scope: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO feed (scope) VALUES (?) ON CONFLICT DO NOTHING")
            .bind(scope)
            .execute(conn)
            .await?;
        Ok(())
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
        conn: &mut SqliteConnection,
        entity: Entity,
        id: &str,
        rev: u64,
        doc: Option<&str>,
    ) -> Result<u64, StoreError> {
        let seq = self.head + 1;
        sqlx::query("INSERT INTO change (scope, seq, entity, id, rev, doc) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(&self.scope)
            .bind(signed(seq))
            .bind(entity.key())
            .bind(id)
            .bind(signed(rev))
            .bind(doc)
            .execute(conn)
            .await?;
        self.head = seq;
        self.touched = true;
        if entity.is_setting() {
            self.settings = seq;
        }
        Ok(seq)
    }

    /// Back to a point to which the database was rolled back.
    pub(crate) fn rewind(&mut self, head: u64, settings: u64, touched: bool) {
        (self.head, self.settings, self.touched) = (head, settings, touched);
    }

    /// Writes the numbers; the last thing before the commit.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn save(&self, conn: &mut SqliteConnection) -> Result<(), StoreError> {
        if self.touched {
            sqlx::query("UPDATE feed SET head = ?, settings = ? WHERE scope = ?")
                .bind(signed(self.head))
                .bind(signed(self.settings))
                .bind(&self.scope)
                .execute(conn)
                .await?;
        }
        Ok(())
    }
}

/// The head of a feed; `None` when there is no such feed.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn head(conn: &mut SqliteConnection, scope: &str) -> Result<Option<u64>, StoreError> {
    let row = sqlx::query("SELECT head FROM feed WHERE scope = ?").bind(scope).fetch_optional(conn).await?;
    Ok(row.map(|r| r.try_get(0).map(unsigned)).transpose()?)
}

/// All feeds with their heads.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn heads(conn: &mut SqliteConnection) -> Result<Vec<(String, u64)>, StoreError> {
    let rows = sqlx::query("SELECT scope, head FROM feed ORDER BY scope").fetch_all(conn).await?;
    rows.iter().map(|r| Ok((r.try_get(0)?, unsigned(r.try_get(1)?)))).collect()
}

/// The offices that have a feed, in the order of their UAI.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn offices(conn: &mut SqliteConnection) -> Result<Vec<Uai>, StoreError> {
    let prefix = office_scope_prefix();
    Ok(heads(conn)
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
