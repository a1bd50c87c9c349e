//! What passes between the engine and whatever carries its requests.

use passerelle_protocol::snapshot::{SnapshotPart, SnapshotQuery};
use passerelle_protocol::sync::{SyncRequest, SyncResponse};
use serde::Serialize;

use super::central::SyncError;

/// What an exchange did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Commands sent.
    pub pushed: u32,
    /// Accepted by central.
    pub accepted: u32,
    /// Refused by central: conflicts now.
    pub refused: u32,
    /// Documents received.
    pub pulled: u32,
    /// Commands that still wait.
    pub pending: u32,
    /// Conflicts to settle.
    pub conflicts: u32,
    /// Bytes of the bodies sent.
    pub bytes_up: u64,
    /// Bytes of the bodies received.
    pub bytes_down: u64,
    /// Seconds after which central wants to be asked again.
    #[serde(skip)]
    pub poll_after_s: u32,
}

/// What central is asked.
#[derive(Debug, Clone)]
pub enum Ask {
    /// `POST /v1/sync`.
    Exchange(Box<SyncRequest>),
    /// `GET /v1/snapshot`.
    Part(Box<SnapshotQuery>),
    /// `GET /v1/heads`: is this, the tag of what is here, still all there is?
    Look(String),
}

/// What central answers.
#[derive(Debug, Clone)]
pub enum Answer {
    /// To [`Ask::Exchange`].
    Exchange(Box<SyncResponse>),
    /// To [`Ask::Part`].
    Part(Box<SnapshotPart>),
    /// To [`Ask::Look`]: nothing has happened.
    Same,
    /// To [`Ask::Look`]: there is more, or other.
    Differs,
}

/// What is to be done after an answer.
#[derive(Debug)]
pub enum Step {
    /// Ask this; what comes of it is the next answer.
    Send(Ask),
    /// The same, after asking for a new token.
    Renew(Ask),
    /// The exchange is over.
    Done(Result<SyncReport, SyncError>),
}
