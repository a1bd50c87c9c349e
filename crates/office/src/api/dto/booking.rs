//! Bookings as typed, what stands against them, and what is possible instead.

use chrono::{DateTime, Utc};
use passerelle_domain::client::FieldError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::{AppointmentView, CompanionView, SeatsView, SlotView};
use super::clients::ClientDraft;
use super::session::PersonRef;

/// A booking as typed; `agenda.check`, `appointments.book`, `appointments.hold`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BookingDraft {
    /// Kind id.
    pub kind: String,
    /// Counsellor id.
    pub counsellor: String,
    /// Id of a second counsellor who holds it too.
    pub second: Option<String>,
    /// Civil start at the site, `YYYY-MM-DDTHH:MM`.
    pub start: String,
    /// Minutes; the kind's when absent.
    pub minutes: Option<u32>,
    /// Site id; where the counsellor is at that time, else the main one, when absent.
    pub site: Option<String>,
    /// Room id.
    pub room: Option<String>,
    /// Client id.
    pub client: Option<String>,
    /// A new client, created in the same transaction.
    pub new_client: Option<ClientDraft>,
    /// Who comes along.
    pub companions: Vec<CompanionView>,
    /// Enquiry id, which is converted.
    pub enquiry: Option<String>,
    /// Id of the entry of the waiting list that it answers; found by client and kind when absent.
    pub waiting: Option<String>,
    /// Codes of the warnings that the person has seen; others stop the booking with `confirm_warnings`.
    pub seen_warnings: Vec<String>,
    /// Reason for setting a rule aside.
    pub override_reason: Option<String>,
    /// Proposals end then (default now + `hold_min`).
    pub held_until: Option<DateTime<Utc>>,
}

/// `appointments.move` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MoveDraft {
    /// Appointment id.
    pub id: String,
    /// Civil start at the site, `YYYY-MM-DDTHH:MM`.
    pub start: String,
    /// Counsellor id; the present one when absent.
    pub counsellor: Option<String>,
    /// Id of the second counsellor; the present one when absent, nobody when empty.
    pub second: Option<String>,
    /// Site id; as for a booking.
    pub site: Option<String>,
    /// Room id; its own when it is free there, else the first free one of its kind, when absent.
    pub room: Option<String>,
    /// Minutes; its own when absent.
    pub minutes: Option<u32>,
    /// Seen warnings.
    pub seen_warnings: Vec<String>,
    /// Reason for setting a rule aside.
    pub override_reason: Option<String>,
}

/// `agenda.check`: what stands against a draft.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CheckView {
    /// It can be done, though perhaps with warnings.
    pub possible: bool,
    /// Things that a person may know better.
    pub warnings: Vec<WarningView>,
    /// Why it cannot be done.
    pub refusal: Option<RefusalView>,
    /// Seats of the group session that takes place there, which a booking would join.
    pub session: Option<SeatsView>,
}

/// A warning: never blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WarningView {
    /// "absence", "outside_opening", "other_site", "gap_too_short", "same_kind_same_day", "holiday", "closure",
    /// "external", "past", "buffer", "room_seats".
    pub code: String,
    /// What it is about, in words (label of an absence, name of a site, of a holiday).
    pub about: Option<String>,
    /// UTC.
    pub from: Option<DateTime<Utc>>,
    /// UTC.
    pub to: Option<DateTime<Utc>>,
    /// Name of the second counsellor, when it is about their time.
    pub who: Option<String>,
}

/// A refusal with what is possible instead.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RefusalView {
    /// Code of the domain.
    pub code: String,
    /// The meeting in the way.
    pub with: Option<AppointmentView>,
    /// Who has it, for a claim; who of two counsellors is taken, for a place.
    pub person: Option<PersonRef>,
    /// From or until when.
    pub limit: Option<DateTime<Utc>>,
    /// Wrong fields.
    #[ts(type = "Array<FieldError>")]
    pub fields: Vec<FieldError>,
    /// Free places: three with the same person first, then three with colleagues.
    pub alternatives: Vec<SlotView>,
}

/// A chosen slot.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SlotChoice {
    /// Civil start at the site.
    pub local: String,
    /// Counsellor id.
    pub counsellor: String,
    /// Site id.
    pub site: String,
}
