//! Enquiries: a question with its thread, from arrival to an appointment or an answer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::client::{ClientCategory, Relation};
use crate::ids::{AppointmentId, ClientId, DeskId, EnquiryId, MessageId, PersonId, Uai};
use crate::pins::Pin;

/// How a question came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Tchat.
    Chat,
    /// Mél.
    Mail,
    /// Téléphone.
    Phone,
    /// Accueil.
    WalkIn,
}

impl Channel {
    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::WalkIn => "walk_in",
        }
    }
}

/// Provenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The national online service, through central.
    Online,
    /// This office.
    Office,
}

/// State of an enquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EnquiryStatus {
    /// Nobody has it yet.
    New,
    /// Somebody answers it.
    Claimed,
    /// The family has to answer.
    WaitingClient,
    /// Somebody here has to.
    WaitingInternal,
    /// Out of sight until then.
    Snoozed {
        /// When it comes back, UTC.
        until: DateTime<Utc>,
    },
    /// It has become an appointment.
    Converted,
    /// Answered; nothing more is expected.
    Answered,
    /// Done.
    Closed,
    /// The same question as another one, which goes on.
    Merged {
        /// Which.
        into: EnquiryId,
    },
    /// Not a question.
    Spam,
}

impl EnquiryStatus {
    /// The name without its particulars.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Claimed => "claimed",
            Self::WaitingClient => "waiting_client",
            Self::WaitingInternal => "waiting_internal",
            Self::Snoozed { .. } => "snoozed",
            Self::Converted => "converted",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Merged { .. } => "merged",
            Self::Spam => "spam",
        }
    }

    /// Whether somebody may still answer, book or close it.
    #[must_use]
    pub const fn open(&self) -> bool {
        matches!(
            self,
            Self::New | Self::Claimed | Self::WaitingClient | Self::WaitingInternal | Self::Snoozed { .. }
        )
    }
}

/// How a question asked at the counter ended without a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// Somebody received the person at once.
    Received,
    /// The person left without having been received.
    Left,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Author {
    /// The young person or somebody of the family, as they call themselves.
    Family {
        /// "Inès B."
        name: String,
    },
    /// The national online service.
    OnlineService,
    /// Somebody of this office.
    Staff {
        /// Who.
        person: PersonId,
    },
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Stable id.
    pub id: MessageId,
    /// When it was written, UTC.
    pub at: DateTime<Utc>,
    /// By whom.
    #[serde(flatten)]
    pub author: Author,
    /// Plain text; shown as text, never as markup.
    pub text: String,
    /// A note between colleagues, which no family ever sees.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    /// Slots proposed with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposed: Vec<AppointmentId>,
    /// Taken back by its author then, before anybody outside could read it; it stays visible as such here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// Who asks, as said at the intake; no account is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// Name of the one who writes or calls.
    pub name: String,
    /// What they are to the young person.
    pub relation: Relation,
    /// Given name of the young person, when somebody else asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Mail for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// Phone for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Which public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<ClientCategory>,
    /// Class in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_level: Option<String>,
    /// School in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<String>,
    /// Postal code of the home; the office is found from it.
    pub postal_code: String,
}

/// Why this office received it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Routing {
    /// The office.
    pub office: Uai,
    /// Kilometres from the home, when both are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<f64>,
    /// Catchment rule, nearest, or by hand.
    pub reason: RoutingReason,
}

/// Reason of a routing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutingReason {
    /// The home belongs to this office's sector.
    Catchment,
    /// It is the nearest.
    Nearest,
    /// The postal code could not be placed; this office takes such cases.
    Fallback,
    /// A person chose.
    Chosen,
}

/// Demande.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enquiry {
    /// Stable id.
    pub id: EnquiryId,
    /// Short public reference, for the phone and the family's own link.
    pub reference: String,
    /// How it came.
    pub channel: Channel,
    /// Through whom.
    pub origin: Origin,
    /// When central (or the desk) received it, UTC.
    pub received_at: DateTime<Utc>,
    /// First words or subject line.
    pub subject: String,
    /// Who asks.
    pub requester: Requester,
    /// Whether the family agreed that the office keeps and answers the question.
    pub consent: bool,
    /// Marked sensitive: reception sees who asks, not the question.
    #[serde(default)]
    pub sensitive: bool,
    /// Messages, oldest first.
    pub thread: Vec<Message>,
    /// State.
    #[serde(flatten)]
    pub status: EnquiryStatus,
    /// Who answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// At which desk it was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at_desk: Option<DeskId>,
    /// When it was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<DateTime<Utc>>,
    /// First answer due then; no later update changes it.
    pub due_at: DateTime<Utc>,
    /// The client, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// The appointment that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentId>,
    /// How it ended at the counter, once closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    /// Why this office has it.
    pub routing: Routing,
    /// Records of the catalogue that fit the question, in the order of pinning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// How it was merged into another one, so that both can be as they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<Box<EnquiryMerge>>,
}

/// What a merge changed: kept with the enquiry that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnquiryMerge {
    /// What the ended one was.
    pub was: EnquiryFacts,
    /// The messages that the other one got from it.
    pub messages: Vec<MessageId>,
    /// The records whose pins the other one got from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<String>,
    /// How many messages the other one had then, these included.
    pub left: usize,
    /// Whether the other one was hidden from reception before.
    pub target_sensitive: bool,
    /// Whom the other one was known to be about before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_client: Option<ClientId>,
    /// The meeting of the other one then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_appointment: Option<AppointmentId>,
}

/// Where an enquiry stands: what its steps change, apart from its thread and its meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnquiryFacts {
    /// State.
    #[serde(flatten)]
    pub status: EnquiryStatus,
    /// Who answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// At which desk it was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at_desk: Option<DeskId>,
    /// When it was claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<DateTime<Utc>>,
    /// The client, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
}

impl Enquiry {
    /// Where it stands.
    #[must_use]
    pub fn facts(&self) -> EnquiryFacts {
        EnquiryFacts {
            status: self.status.clone(),
            owner: self.owner,
            claimed_at_desk: self.claimed_at_desk,
            claimed_at: self.claimed_at,
            client: self.client,
        }
    }

    /// Puts it where these facts say.
    pub fn stand(&mut self, facts: EnquiryFacts) {
        self.status = facts.status;
        self.owner = facts.owner;
        self.claimed_at_desk = facts.claimed_at_desk;
        self.claimed_at = facts.claimed_at;
        self.client = facts.client;
    }
}

/// Longest text of one message, in characters.
pub const MESSAGE_MAX: usize = 20_000;
/// Longest reference, in characters.
pub const REFERENCE_MAX: usize = 40;
/// Longest subject, in characters.
pub const SUBJECT_MAX: usize = 200;
/// Longest thread at intake.
pub const THREAD_MAX: usize = 200;
