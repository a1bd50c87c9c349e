//! Refusals: what was asked cannot be done, why, and what is possible instead.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::client::FieldError;
use crate::ids::{AppointmentId, PersonId, RoomId, SiteId};

/// Stable codes. Only a code that a screen or a program uses is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The counsellor is taken.
    SlotTaken,
    /// The room is taken, or no room of the kind is free.
    RoomTaken,
    /// The client is in another meeting at that time.
    ClientBusy,
    /// The group session is full.
    CapacityFull,
    /// The same meeting is there already.
    Duplicate,
    /// The clock skips that time.
    SkippedTime,
    /// The length makes no sense.
    BadDuration,
    /// A counsellor, site, room or kind that does not exist or is no longer used.
    ResourceUnavailable,
    /// No such thing at this office.
    NotFound,
    /// Somebody changed it since it was seen.
    StaleRev,
    /// A command that it depends on was refused.
    DependencyRefused,
    /// The enquiry has an appointment already.
    EnquiryAlreadyConverted,
    /// A colleague answers it.
    EnquiryClaimed,
    /// The enquiry is not open.
    EnquiryNotOpen,
    /// This role may not.
    NotAllowed,
    /// The state machine has no such step.
    NoSuchStep,
    /// Not yet.
    TooEarly,
    /// No longer.
    TooLate,
    /// A reason is mandatory.
    ReasonMissing,
    /// Fields are wrong.
    InvalidFields,
    /// The id is in use for something else.
    IdInUse,
    /// The record was merged into another one, which goes on.
    ClientMerged,
    /// Meetings or enquiries refer to the record.
    ClientInUse,
    /// Both records of one person have a meeting at the same time.
    MergeOverlap,
    /// The family has written since.
    AnsweredSince,
    /// The person waits no longer: booked meanwhile, or closed.
    NotWaiting,
    /// The person waits for this kind already.
    WaitsAlready,
    /// As many records are pinned there as a place takes; see [`crate::pins::PINS_MAX`].
    TooManyPins,
    /// Another desk holds that half-day of the counsellor, and cannot be asked; see [`crate::lease`].
    SlotLeased,
    /// It was promised under a lease that was taken back, and the place has gone to somebody else since.
    LeaseRevoked,
}

impl RefusalCode {
    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::SlotTaken => "slot_taken",
            Self::RoomTaken => "room_taken",
            Self::ClientBusy => "client_busy",
            Self::CapacityFull => "capacity_full",
            Self::Duplicate => "duplicate",
            Self::SkippedTime => "skipped_time",
            Self::BadDuration => "bad_duration",
            Self::ResourceUnavailable => "resource_unavailable",
            Self::NotFound => "not_found",
            Self::StaleRev => "stale_rev",
            Self::DependencyRefused => "dependency_refused",
            Self::EnquiryAlreadyConverted => "enquiry_already_converted",
            Self::EnquiryClaimed => "enquiry_claimed",
            Self::EnquiryNotOpen => "enquiry_not_open",
            Self::NotAllowed => "not_allowed",
            Self::NoSuchStep => "no_such_step",
            Self::TooEarly => "too_early",
            Self::TooLate => "too_late",
            Self::ReasonMissing => "reason_missing",
            Self::InvalidFields => "invalid_fields",
            Self::IdInUse => "id_in_use",
            Self::ClientMerged => "client_merged",
            Self::ClientInUse => "client_in_use",
            Self::MergeOverlap => "merge_overlap",
            Self::AnsweredSince => "answered_since",
            Self::NotWaiting => "not_waiting",
            Self::WaitsAlready => "waits_already",
            Self::TooManyPins => "too_many_pins",
            Self::SlotLeased => "slot_leased",
            Self::LeaseRevoked => "lease_revoked",
        }
    }

    /// Whether a person may set the rule aside with a reason, which is kept. What is impossible, or there already, no
    /// reason helps against.
    #[must_use]
    pub const fn yields_to_a_reason(self) -> bool {
        matches!(
            self,
            Self::SlotTaken | Self::RoomTaken | Self::ClientBusy | Self::CapacityFull | Self::LeaseRevoked
        )
    }

    /// Whether free slots are the right thing to offer instead.
    #[must_use]
    pub const fn wants_alternatives(self) -> bool {
        matches!(
            self,
            Self::SlotTaken
                | Self::RoomTaken
                | Self::ClientBusy
                | Self::CapacityFull
                | Self::SkippedTime
                | Self::SlotLeased
                | Self::LeaseRevoked
        )
    }
}

/// A place that can be booked instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeSlot {
    /// UTC.
    pub start: DateTime<Utc>,
    /// UTC.
    pub end: DateTime<Utc>,
    /// With whom.
    pub counsellor: PersonId,
    /// Where.
    pub site: SiteId,
    /// In which room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
}

/// A refused command changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why, for a program.
    pub code: RefusalCode,
    /// The meeting in the way, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<AppointmentId>,
    /// Who has it, for a claim; who of the two counsellors is taken, for a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// From or until when it is possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<DateTime<Utc>>,
    /// Wrong fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// What is possible instead; the caller fills it in from a wider view of the agenda.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<FreeSlot>,
}

impl Refusal {
    /// A refusal with its code alone.
    #[must_use]
    pub const fn new(code: RefusalCode) -> Self {
        Self { code, with: None, person: None, limit: None, fields: Vec::new(), alternatives: Vec::new() }
    }

    /// The meeting in the way.
    #[must_use]
    pub const fn with(mut self, id: AppointmentId) -> Self {
        self.with = Some(id);
        self
    }

    /// Who is taken, or has it.
    #[must_use]
    pub const fn who(mut self, person: PersonId) -> Self {
        self.person = Some(person);
        self
    }

    /// From or until when it is possible.
    #[must_use]
    pub const fn limit(mut self, at: DateTime<Utc>) -> Self {
        self.limit = Some(at);
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code.key())
    }
}

impl std::error::Error for Refusal {}
