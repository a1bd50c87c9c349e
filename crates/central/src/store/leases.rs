//! What the database keeps of leases beside their documents, and leases as they are read and written.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use passerelle_domain::ids::{DeskId, PersonId};
use passerelle_domain::lease::Lease;
use passerelle_protocol::sync::Entity;

use super::feed::Feed;
use super::{StoreError, Tx, put_document};

/// Why a lease has ended before its half-day had passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseEnd {
    /// Its holder was asked for it.
    Returned,
    /// Somebody took it back.
    Revoked,
}

impl LeaseEnd {
    /// As stored.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Revoked => "revoked",
        }
    }
}

/// A lease that has ended, as it is noted.
#[derive(Debug, Clone)]
pub struct LeaseEndRow<'a> {
    /// Which feed.
    pub scope: &'a str,
    /// The name of its half-day.
    pub id: &'a str,
    /// How often the half-day had been given.
    pub term: u32,
    /// Why.
    pub why: LeaseEnd,
    /// Who held it.
    pub desk: DeskId,
    /// Who took it back.
    pub actor: Option<PersonId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Leases beside their documents.
#[async_trait]
pub trait Leasing {
    /// The leases of a feed: the number of the last change of each, and its text.
    async fn lease_texts(&mut self, scope: &str) -> Result<Vec<(u64, String)>, StoreError>;
    /// Takes a document away; its change is written by the caller.
    async fn drop_document(&mut self, scope: &str, entity: &str, id: &str) -> Result<(), StoreError>;
    /// The last term of each half-day whose lease ended early, and whether it was taken back.
    async fn lease_ends(&mut self, scope: &str) -> Result<Vec<(String, u32, bool)>, StoreError>;
    /// Notes an end.
    async fn keep_lease_end(&mut self, row: &LeaseEndRow<'_>) -> Result<(), StoreError>;
    /// Forgets ends of before an instant.
    async fn forget_lease_ends(&mut self, before: DateTime<Utc>) -> Result<(), StoreError>;
    /// Says whether a desk is the reception of its office; `false` when there is no such desk.
    async fn set_reception(&mut self, desk: DeskId, on: bool) -> Result<bool, StoreError>;
    /// Says that a desk was heard.
    async fn note_heard(&mut self, desk: DeskId, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Says for which day and settings a desk was given its leases; nothing: it has none any more.
    async fn note_granted(&mut self, desk: DeskId, granted: Option<&str>) -> Result<(), StoreError>;
}

/// A lease and the number of its last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLease {
    /// What it says.
    pub lease: Lease,
    /// The change of the feed that said so.
    pub seq: u64,
}

/// The leases of a feed.
///
/// # Errors
/// [`StoreError`] of the database, or when one cannot be read.
pub async fn leases(tx: &mut Tx, scope: &str) -> Result<Vec<StoredLease>, StoreError> {
    let read = |(seq, text): (u64, String)| {
        // The feed's name, not the text: errors are logged, and what a document says is not.
        let lease =
            serde_json::from_str(&text).map_err(|e| StoreError::document(Entity::Lease.key(), scope, &e))?;
        Ok(StoredLease { lease, seq })
    };
    tx.lease_texts(scope).await?.into_iter().map(read).collect()
}

/// Writes a lease and its change to the feed; gives the number of the change.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn put_lease(tx: &mut Tx, feed: &mut Feed, lease: &Lease) -> Result<u64, StoreError> {
    put_document(tx, feed, Entity::Lease, &lease.granule.to_string(), lease).await?;
    Ok(feed.head())
}

/// Takes a lease away: its half-day is anybody's.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn drop_lease(tx: &mut Tx, feed: &mut Feed, lease: &Lease) -> Result<(), StoreError> {
    let id = lease.granule.to_string();
    let entity = Entity::Lease;
    let rev = tx.document_rev(feed.scope(), entity.key(), &id).await?.unwrap_or(0) + 1;
    feed.append(tx, entity, &id, rev, None).await?;
    tx.drop_document(feed.scope(), entity.key(), &id).await
}

/// By the name of a half-day, its last term that ended early, and whether it was taken back.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn lease_ends(tx: &mut Tx, scope: &str) -> Result<BTreeMap<String, (u32, bool)>, StoreError> {
    Ok(tx.lease_ends(scope).await?.into_iter().map(|(id, term, revoked)| (id, (term, revoked))).collect())
}
