//! The history of what was done at this desk, and what can be taken back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `undo.list`: a step, in the parts of which the screen makes its label.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UndoItem {
    /// Id of the step.
    pub id: String,
    /// Kind of its main command.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom, as shown.
    pub by: Option<String>,
    /// The one at the desk did it.
    pub mine: bool,
    /// About whom.
    pub about: Option<String>,
    /// The other one, of a merge.
    pub other: Option<String>,
    /// Start of the meeting.
    pub start: Option<DateTime<Utc>>,
    /// Zone of its site.
    pub zone: Option<String>,
    /// With whom it is.
    pub counsellor: Option<String>,
    /// The state that was noted ("arrived", …).
    pub status: Option<String>,
    /// "ready", "undone", "void" (central refused it) or "blocked" (something later stands in the way).
    pub state: String,
    /// Why it is blocked: the code of the refusal.
    pub why: Option<String>,
}
