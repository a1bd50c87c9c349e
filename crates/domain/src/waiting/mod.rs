//! The waiting list: who waits for a place that is not there yet, what they wish, and whether they could be reached.
//!
//! [`rank`] says in which order to call them when a place becomes free. It drops nobody who fits: what speaks against
//! somebody (called a moment ago, busy at that hour) puts them later and is said.

mod rank;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::rank::{Candidate, FreedPlace, RECENT_CALL, Ranked, Reason, fits, rank};
use crate::client::FieldError;
use crate::ids::{AppointmentId, CallId, ClientId, KindId, PersonId, SiteId, WaitingId};

/// Longest note, in characters.
pub const NOTE_MAX: usize = 500;
/// Most calls that are kept of one entry; the oldest go first.
pub const CALLS_MAX: usize = 50;
/// Minutes of a day.
const DAY_MIN: u16 = 24 * 60;

/// What somebody waits for. A part that is absent binds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Motif.
    pub kind: KindId,
    /// With this counsellor and nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counsellor: Option<PersonId>,
    /// At this site and no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// Only on these weekdays (0 = Monday … 6 = Sunday); none means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<u8>,
    /// Not before this minute of the civil day at the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_min: Option<u16>,
    /// Over by this minute of the civil day at the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_min: Option<u16>,
    /// Of no use after this civil day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// To be called before the others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// For whoever calls: "après les épreuves", "appeler la mère". No question of the file belongs here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Wish {
    /// Any place of a kind.
    #[must_use]
    pub const fn any(kind: KindId) -> Self {
        Self {
            kind,
            counsellor: None,
            site: None,
            weekdays: Vec::new(),
            after_min: None,
            before_min: None,
            until: None,
            urgent: false,
            note: String::new(),
        }
    }

    /// Checks the fields as a form does. `today` is the civil date at the office.
    #[must_use]
    pub fn check(&self, today: NaiveDate) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut add =
            |field: &str, code: &str| errors.push(FieldError { field: field.into(), code: code.into() });
        if self.weekdays.iter().any(|d| *d > 6) {
            add("weekdays", "out_of_range");
        }
        if self.after_min.is_some_and(|m| m >= DAY_MIN) {
            add("after_min", "out_of_range");
        }
        if self.before_min.is_some_and(|m| m > DAY_MIN || m <= self.after_min.unwrap_or(0)) {
            add("before_min", "out_of_range");
        }
        if self.until.is_some_and(|d| d < today) {
            add("until", "in_the_past");
        }
        if self.note.chars().count() > NOTE_MAX {
            add("note", "too_long");
        }
        errors
    }
}

/// `waiting.add`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewWaiting {
    /// Made at the desk.
    pub id: WaitingId,
    /// Who waits.
    pub client: ClientId,
    /// For what.
    #[serde(flatten)]
    pub wish: Wish,
}

/// How a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// Nobody answered.
    NoAnswer,
    /// The place did not suit; they go on waiting.
    Declined,
    /// A message was left.
    LeftMessage,
}

impl CallOutcome {
    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoAnswer => "no_answer",
            Self::Declined => "declined",
            Self::LeftMessage => "left_message",
        }
    }
}

/// The place that was offered in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// With whom.
    pub counsellor: PersonId,
    /// Civil start at the site.
    pub start: NaiveDateTime,
}

/// `waiting.call`: a call as it is noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Made at the desk.
    pub call: CallId,
    /// How it went.
    pub outcome: CallOutcome,
    /// Which place was offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<Offered>,
}

/// A call as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// How it went.
    pub outcome: CallOutcome,
    /// Which place was offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<Offered>,
}

/// Why somebody waits no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// They need no meeting any more.
    NoLongerWanted,
    /// They went elsewhere.
    Elsewhere,
    /// They could not be reached.
    Unreachable,
    /// They were put on the list by mistake.
    Mistake,
}

impl CloseReason {
    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoLongerWanted => "no_longer_wanted",
            Self::Elsewhere => "elsewhere",
            Self::Unreachable => "unreachable",
            Self::Mistake => "mistake",
        }
    }
}

/// State of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WaitingStatus {
    /// On the list.
    Waiting,
    /// Has a meeting.
    Booked {
        /// Which; when it is cancelled or excused, they wait again.
        appointment: AppointmentId,
    },
    /// Off the list.
    Closed {
        /// Why.
        reason: CloseReason,
    },
}

impl WaitingStatus {
    /// The name without its particulars.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Booked { .. } => "booked",
            Self::Closed { .. } => "closed",
        }
    }
}

/// Somebody's place on the waiting list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingEntry {
    /// Stable id.
    pub id: WaitingId,
    /// Who waits.
    pub client: ClientId,
    /// For what.
    #[serde(flatten)]
    pub wish: Wish,
    /// Since when, UTC. A meeting that falls through does not set it back.
    pub since: DateTime<Utc>,
    /// Attempts to reach them, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// State.
    #[serde(flatten)]
    pub status: WaitingStatus,
}
