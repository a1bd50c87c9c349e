//! What administrators and directors do at central is noted, in the transaction in which it is done.

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{PersonId, Uai};
use serde::Serialize;
use uuid::Uuid;

use super::AdminError;
use super::kept::{AuditEntry, Via};
use crate::store::{Store, StoreError, Tx};

/// Entries of one page.
pub const PAGE: usize = 200;

/// Who does something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    via: Via,
    who: Option<String>,
    /// The instant of the service at which it is done.
    pub at: DateTime<Utc>,
}

impl By {
    /// Somebody on the machine of the service.
    #[must_use]
    pub const fn command_line(at: DateTime<Utc>) -> Self {
        Self { via: Via::CommandLine, who: None, at }
    }

    /// Whoever has the administrator's key of this name.
    #[must_use]
    pub const fn key(name: String, at: DateTime<Utc>) -> Self {
        Self { via: Via::Key, who: Some(name), at }
    }

    /// A person at a desk.
    #[must_use]
    pub fn person(person: PersonId, at: DateTime<Utc>) -> Self {
        Self { via: Via::Desk, who: Some(person.to_string()), at }
    }
}

/// An instant alone is the command line's.
impl From<DateTime<Utc>> for By {
    fn from(at: DateTime<Utc>) -> Self {
        Self::command_line(at)
    }
}

impl From<&Self> for By {
    fn from(by: &Self) -> Self {
        by.clone()
    }
}

/// What is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A key was made.
    MakeKey,
    /// A key is worth nothing any more.
    RevokeKey,
    /// An office was added.
    AddOffice,
    /// A person was added to an office.
    AddPerson,
    /// A code was given with which a desk can be enrolled.
    GiveCode,
    /// A desk holds the next days of its office.
    MakeReception,
    /// It no longer does.
    EndReception,
    /// What a desk holds was taken back.
    TakeBack,
    /// A desk is trusted no longer.
    RevokeDesk,
    /// A command that such a desk had not sent was decided.
    Release,
    /// Nothing becomes of one.
    Discard,
}

impl Action {
    /// As stored.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::MakeKey => "key.make",
            Self::RevokeKey => "key.revoke",
            Self::AddOffice => "office.add",
            Self::AddPerson => "person.add",
            Self::GiveCode => "desk.code",
            Self::MakeReception => "desk.reception",
            Self::EndReception => "desk.reception_off",
            Self::TakeBack => "desk.take_back",
            Self::RevokeDesk => "desk.revoke",
            Self::Release => "quarantine.release",
            Self::Discard => "quarantine.discard",
        }
    }
}

/// Notes what is done in this transaction.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn note(
    tx: &mut Tx,
    by: &By,
    action: Action,
    office: Option<&Uai>,
    subject: Option<String>,
) -> Result<(), StoreError> {
    // Whose act it was is in the audit: a key may bear a person's name.
    tracing::info!(via = by.via.key(), action = action.key(), office = office.map(Uai::as_str), "done");
    tx.note(&AuditEntry {
        id: Uuid::now_v7().to_string(),
        at: by.at,
        via: by.via,
        who: by.who.clone(),
        action: action.key().to_owned(),
        office: office.map(ToString::to_string),
        subject,
    })
    .await
}

/// A page of what was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// The latest first.
    pub entries: Vec<AuditEntry>,
    /// Older ones are there: ask before the last of these.
    pub more: bool,
}

/// What was noted before an entry, or from the latest on.
///
/// # Errors
/// [`AdminError`] of the store.
pub async fn audit(store: &Store, before: Option<&str>, limit: usize) -> Result<Noted, AdminError> {
    let limit = limit.clamp(1, PAGE);
    let mut entries = store.read().await?.noted(before, limit + 1).await?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    Ok(Noted { entries, more })
}
