//! All documents of a scope, in parts: for a desk that is new, that was away for longer than changes are kept, or whose
//! sums differ from central's.
//!
//! A part is read when it is asked for, so no service has to keep anything between two parts, and any of them may answer.
//! The first part says at which position of the feed the reading began; whatever changes while parts are read is in the
//! feed after that position, which the desk reads when it has all parts. Only then is it whole, and compared with central's
//! count and sum.

use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::sync::Entity;

/// Query of `GET /v1/snapshot`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotQuery {
    /// The desk's own office, or the directory.
    pub scope: String,
    /// What the part before said; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// `next` of the part before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Most documents wanted in the part; without it only its length in bytes bounds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Answer of `GET /v1/snapshot`. The header `Content-Digest` (RFC 9530) has the SHA-256 of its bytes as they travel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnapshotPart {
    /// Central's epoch.
    pub epoch: String,
    /// Of what.
    pub scope: String,
    /// The position of the feed at which the reading began.
    pub seq: u64,
    /// How many documents there are in all, as of this part: to show how far it is.
    pub total: u64,
    /// Documents, each as it was when this part was read.
    pub rows: Vec<SnapshotRow>,
    /// What to ask for next; absent in the last part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl SnapshotPart {
    /// What to ask for after this part of so many documents at most; nothing after the last.
    #[must_use]
    pub fn following(&self, limit: Option<u32>) -> Option<SnapshotQuery> {
        let after = Some(self.next.clone()?);
        Some(SnapshotQuery { scope: self.scope.clone(), seq: Some(self.seq), after, limit })
    }
}

/// A document of a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnapshotRow {
    /// What sort of document.
    pub entity: Entity,
    /// Its id (UUID, or UAI for an office).
    pub id: String,
    /// How often it has changed.
    pub rev: u64,
    /// The document.
    pub doc: Document,
}
