//! Conflicts and how they are settled.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::{AppointmentView, SlotView};
use super::booking::SlotChoice;

/// `conflicts.list`: a command that central refused, or that no longer holds.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ConflictView {
    /// Id.
    pub id: String,
    /// Code of the refusal.
    pub code: String,
    /// "open" or "settled".
    pub state: String,
    /// When it appeared.
    pub at: DateTime<Utc>,
    /// Kind of the refused command.
    pub kind: String,
    /// What was done here.
    pub mine: Option<ConflictSide>,
    /// What central has instead.
    pub theirs: Option<ConflictSide>,
    /// Three nearest free slots with the same person.
    pub same_person: Vec<SlotView>,
    /// Three with colleagues.
    pub colleagues: Vec<SlotView>,
    /// The client to call.
    pub phone: Option<String>,
    /// How it was settled.
    pub settled: Option<String>,
}

/// One side of a conflict.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ConflictSide {
    /// The meeting.
    pub appointment: Option<AppointmentView>,
    /// By whom.
    pub by: Option<String>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// It was done without the network.
    pub offline: bool,
}

/// `conflicts.resolve` arguments.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ConflictChoice {
    /// Conflict id.
    pub id: String,
    /// "theirs" (give mine up), "mine" (book mine anyway, with a reason), "slot" (book mine there).
    pub take: String,
    /// For "slot".
    pub slot: Option<SlotChoice>,
    /// For "mine".
    pub reason: Option<String>,
}
