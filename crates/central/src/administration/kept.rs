//! What the database keeps: administrators' keys, and what was done with them.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::store::StoreError;

/// A key with which an administrator works over HTTP. The key itself is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdminKey {
    /// Whose it is, in the words of who made it.
    pub name: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Since when it is worth nothing.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// By which way something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// On the machine of the service.
    CommandLine,
    /// Over HTTP with an administrator's key.
    Key,
    /// By a person at a desk.
    Desk,
}

impl Via {
    /// As stored.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::CommandLine => "command_line",
            Self::Key => "key",
            Self::Desk => "desk",
        }
    }

    /// As it was stored.
    pub(crate) fn of(key: &str) -> Self {
        match key {
            "key" => Self::Key,
            "desk" => Self::Desk,
            _ => Self::CommandLine,
        }
    }
}

/// Something that was done, as it is noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Its id, in the order in which entries were noted.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By which way.
    pub via: Via,
    /// The name of the key, or the person at a desk.
    pub who: Option<String>,
    /// What ("desk.revoke").
    pub action: String,
    /// In which office.
    pub office: Option<String>,
    /// To which desk, person, key or command.
    pub subject: Option<String>,
}

/// Administrators' keys, by their hashes, and what is noted.
#[async_trait]
pub trait Administering {
    /// Keeps a key; `false` when there is, or was, one of that name.
    async fn add_admin_key(&mut self, name: &str, hash: &str, at: DateTime<Utc>) -> Result<bool, StoreError>;
    /// All keys, in the order of their names.
    async fn admin_keys(&mut self) -> Result<Vec<AdminKey>, StoreError>;
    /// The key of this hash, also one that is worth nothing any more.
    async fn admin_key(&mut self, hash: &str) -> Result<Option<AdminKey>, StoreError>;
    /// Ends a key; `false` when there is none of that name. One that has ended stays as it was.
    async fn revoke_admin_key(&mut self, name: &str, at: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Notes what was done.
    async fn note(&mut self, entry: &AuditEntry) -> Result<(), StoreError>;
    /// What was noted before this entry, the latest first, at most so many; from the latest on when none is said.
    async fn noted(&mut self, before: Option<&str>, most: usize) -> Result<Vec<AuditEntry>, StoreError>;
    /// Forgets what was noted before an instant, and a year before the latest.
    async fn forget_notes(&mut self, before: DateTime<Utc>) -> Result<(), StoreError>;
}

/// An instant of a column.
pub(crate) fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
}
