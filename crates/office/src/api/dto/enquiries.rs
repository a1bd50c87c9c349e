//! The inbox, a thread, and the offices near a home.

use chrono::{DateTime, Utc};
use passerelle_domain::client::{ClientCategory, Relation};
use passerelle_domain::enquiry::{Channel, RoutingReason};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::{AppointmentView, SlotView};
use super::clients::{ClientMatch, ClientView};
use super::session::PersonRef;

/// `enquiries.list` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct EnquiryFilter {
    /// "todo" (new, claimed, internal), "waiting" (client, snoozed), "closed" (converted, answered, closed), "all".
    pub view: Option<String>,
    /// One exact state.
    pub status: Option<String>,
    /// Only mine.
    pub mine: bool,
    /// Words in subject, names or thread.
    pub query: Option<String>,
    /// At most so many (default 200).
    pub limit: Option<u32>,
}

/// `enquiries.list`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EnquiryList {
    /// Oldest due first.
    pub rows: Vec<EnquiryRow>,
    /// How many of each view.
    pub todo: u32,
    /// Waiting for the family or snoozed.
    pub waiting: u32,
    /// Ended.
    pub closed: u32,
}

/// A line of the inbox.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EnquiryRow {
    /// Id.
    pub id: String,
    /// Short public reference.
    pub reference: String,
    /// Channel.
    #[ts(type = "Channel")]
    pub channel: Channel,
    /// Who asks ("Mme Corinne Delahaye").
    pub name: String,
    /// What they are to the young person.
    #[ts(type = "Relation")]
    pub relation: Relation,
    /// First words; empty when sensitive and the reader is at reception.
    pub subject: String,
    /// Class or public in words.
    pub class_level: Option<String>,
    /// Public.
    #[ts(type = "ClientCategory | null")]
    pub category: Option<ClientCategory>,
    /// State.
    pub status: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// First answer due.
    pub due_at: DateTime<Utc>,
    /// It comes back then.
    pub snoozed_until: Option<DateTime<Utc>>,
    /// Who answers it.
    pub owner: Option<PersonRef>,
    /// It is the reader's own.
    pub mine: bool,
    /// Not yet sent to central.
    pub pending: bool,
    /// Hidden from this reader.
    pub hidden: bool,
}

/// `enquiries.get`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EnquiryView {
    /// The line.
    #[serde(flatten)]
    pub row: EnquiryRow,
    /// Messages in order, notes included; empty when hidden.
    pub thread: Vec<MessageView>,
    /// Mail for the answer.
    pub mail: Option<String>,
    /// Phone for the answer.
    pub phone: Option<String>,
    /// Given name of the young person, when somebody else asks.
    pub about: Option<String>,
    /// School in words.
    pub school: Option<String>,
    /// Home.
    pub postal_code: String,
    /// Communes of that postal code.
    pub communes: Vec<String>,
    /// Why this office has it.
    #[ts(type = "RoutingReason")]
    pub routing: RoutingReason,
    /// Kilometres.
    pub distance_km: Option<f64>,
    /// When it was claimed.
    pub claimed_at: Option<DateTime<Utc>>,
    /// The claim is not confirmed by central yet (offline).
    pub claim_provisional: bool,
    /// The client, when known.
    pub client: Option<ClientView>,
    /// Clients that are perhaps the same person (when none is linked yet, or a near duplicate of the linked one).
    pub candidates: Vec<ClientMatch>,
    /// The appointment that it became.
    pub appointment: Option<AppointmentView>,
    /// Slots held for the family.
    pub proposals: Vec<AppointmentView>,
}

/// One message of a thread.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MessageView {
    /// Id.
    pub id: String,
    /// UTC.
    pub at: DateTime<Utc>,
    /// "family", "online_service" or "staff".
    pub from: String,
    /// Name as shown.
    pub name: String,
    /// Plain text.
    pub text: String,
    /// A note between colleagues.
    pub internal: bool,
    /// Its author took it back then.
    pub withdrawn: Option<DateTime<Utc>>,
}

/// `enquiries.centres`: an office near the home with what is free there.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CentreView {
    /// UAI.
    pub uai: String,
    /// Name.
    pub name: String,
    /// Kilometres.
    pub distance_km: Option<f64>,
    /// The catchment says this one.
    pub assigned: bool,
    /// It is this desk's own office: its slots can be booked here.
    pub own: bool,
    /// Phone of the office, for the others.
    pub phone: Option<String>,
    /// Next free slots.
    pub slots: Vec<SlotView>,
}
