//! What the database keeps of what desks had not sent when they were trusted no longer.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId, PersonId, Uai};

use crate::store::StoreError;

/// Where a command of the quarantine stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Nobody has said what becomes of it.
    Waiting,
    /// It was released, and decided.
    Accepted,
    /// It was released, and refused.
    Refused,
    /// Nothing becomes of it.
    Discarded,
}

impl Stands {
    /// As stored.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Discarded => "discarded",
        }
    }
}

/// A command that waits, or that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    /// At which desk it was given.
    pub desk: DeskId,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// JSON.
    pub envelope: String,
    /// Why it was refused, JSON.
    pub refusal: Option<String>,
}

/// What becomes of a command.
#[derive(Debug, Clone)]
pub struct SettledRow<'a> {
    /// At which desk it was given.
    pub desk: DeskId,
    /// Which.
    pub id: CommandId,
    /// What.
    pub stands: Stands,
    /// Why, JSON, of one that is refused.
    pub refusal: Option<&'a str>,
    /// Who said so.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
}

/// The quarantine.
#[async_trait]
pub trait Quarantining {
    /// Keeps a command of a desk, after those that are there; one that is there stays as it is.
    async fn put_aside(
        &mut self,
        desk: DeskId,
        office: &Uai,
        id: CommandId,
        envelope: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// How many commands of a desk were ever kept, and how many of them wait.
    async fn put_aside_of(&mut self, desk: DeskId) -> Result<(u64, u64), StoreError>;
    /// What waits in an office or was refused, in order, at most so many.
    async fn quarantined(&mut self, office: &Uai, most: usize) -> Result<Vec<QuarantineRow>, StoreError>;
    /// Says what becomes of a command. What was accepted stays so whatever is said of it; whether anything was changed.
    async fn settle_quarantined(&mut self, row: &SettledRow<'_>) -> Result<bool, StoreError>;
    /// Forgets what was settled before an instant.
    async fn forget_quarantined(&mut self, before: DateTime<Utc>) -> Result<(), StoreError>;
}
