//! Records of the catalogue that are pinned to an enquiry or to the preparation of a meeting.

use chrono::{DateTime, Utc};
use passerelle_domain::enquiry::Channel;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// To what a record is pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PinTo {
    /// An enquiry, by its id.
    Enquiry(String),
    /// The preparation of a meeting, by the id of the appointment.
    Appointment(String),
}

/// `catalogue.pin` arguments.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PinRequest {
    /// To what.
    pub to: PinTo,
    /// Id of the record, as `catalogue.get` takes it.
    pub record: String,
    /// Why: "à voir avec la mère".
    #[serde(default)]
    pub note: Option<String>,
}

/// `catalogue.unpin` arguments.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UnpinRequest {
    /// From what.
    pub to: PinTo,
    /// Id of the record, as its pin says it.
    pub record: String,
}

/// `catalogue.pins` arguments.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PinsRequest {
    /// Of what.
    pub to: PinTo,
}

/// A pinned record, as it was when it was pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pin {
    /// Id of the record.
    pub record: String,
    /// "programme", "occupation", "institution", "faq", "offering", or "other": a sort that a newer desk knows.
    pub kind: String,
    /// Its title then.
    pub title: String,
    /// What stood under it then; may be empty.
    pub subtitle: String,
    /// Why it was pinned; what several people said stands on a line each.
    pub note: Option<String>,
    /// By whom, as shown.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What the catalogue of this desk says of it: "known", "gone" (it left a release, and still opens) or "absent" (it
    /// opens here no more than the catalogue that had it). While the catalogue is being opened: "known".
    pub state: String,
    /// Release since which it is gone.
    pub gone_since: Option<String>,
}

/// `catalogue.pins`: what is pinned to an enquiry, or to a meeting and to the enquiry that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pins {
    /// Whose it is: the client, else who asks, else the reference of the enquiry; empty for a meeting without anybody.
    pub r#for: String,
    /// Pinned there, in the order of pinning.
    pub pins: Vec<Pin>,
    /// Of a meeting: what is pinned to the enquiry that it came from and not to the meeting itself.
    pub of_enquiry: Vec<Pin>,
    /// Whether the reader may pin and take off.
    pub may_pin: bool,
    /// How many records a place takes.
    pub most: u32,
}

/// `catalogue.pin_places` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PinPlacesQuery {
    /// Part of a name. Empty: the reader's own meetings and enquiries.
    pub text: String,
}

/// Something that a record can be pinned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PinPlace {
    /// It.
    pub to: PinTo,
    /// Whose it is.
    pub label: String,
    /// Of a meeting: its start.
    pub start: Option<DateTime<Utc>>,
    /// Of a meeting: the zone of its site.
    pub zone: Option<String>,
    /// Of a meeting: with whom.
    pub counsellor: Option<String>,
    /// Of an enquiry: how it came.
    #[ts(type = "Channel | null")]
    pub channel: Option<Channel>,
    /// Of an enquiry: when it came.
    pub received_at: Option<DateTime<Utc>>,
}
