//! Intake of enquiries: `POST /v1/enquiries`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use passerelle_domain::appointment::Status;
use passerelle_domain::client::{ClientCategory, Relation};
use passerelle_domain::enquiry::Channel;
use passerelle_domain::ids::{AppointmentId, EnquiryId, PersonId, SiteId, Uai};
use serde::{Deserialize, Serialize};

/// Body of `POST /v1/enquiries`; header `Idempotency-Key` (1 to 200 visible ASCII characters) is mandatory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEnquiry {
    /// chat, mail, phone.
    pub channel: Channel,
    /// First words; taken from the first message when absent.
    #[serde(default)]
    pub subject: Option<String>,
    /// Who asks.
    pub requester: NewRequester,
    /// Messages, oldest first; at least one.
    pub messages: Vec<NewMessage>,
    /// The family agrees that the office keeps and answers the question; must be true.
    pub consent: bool,
    /// Mark as sensitive.
    #[serde(default)]
    pub sensitive: bool,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRequester {
    /// Name.
    pub name: String,
    /// self, mother, father, other.
    pub relation: Relation,
    /// Given name of the young person, when somebody else asks.
    #[serde(default)]
    pub about: Option<String>,
    /// Mail; mail or phone is needed for an answer.
    #[serde(default)]
    pub mail: Option<String>,
    /// Phone.
    #[serde(default)]
    pub phone: Option<String>,
    /// Which public.
    #[serde(default)]
    pub category: Option<ClientCategory>,
    /// Class in words.
    #[serde(default)]
    pub class_level: Option<String>,
    /// School in words.
    #[serde(default)]
    pub school: Option<String>,
    /// Postal code of the home, five digits.
    pub postal_code: String,
}

/// One message at intake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessage {
    /// `family` or `online_service`.
    pub from: NewAuthor,
    /// When; the time of arrival when absent.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    /// Plain text.
    pub text: String,
}

/// Author at intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewAuthor {
    /// The family.
    Family,
    /// The national online service.
    OnlineService,
}

/// Answer: 201 when new, 200 with the same body when the key was used before with the same content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnquiryReceipt {
    /// Id.
    pub id: EnquiryId,
    /// Short reference for the family.
    pub reference: String,
    /// Which office answers.
    pub office: Uai,
    /// Its name.
    pub office_name: String,
    /// Kilometres from the home, when known.
    pub distance_km: Option<f64>,
    /// When an answer is due.
    pub due_at: DateTime<Utc>,
    /// The path of the family's own view, `/v1/enquiries/AMI-7F3K2-…`. Its last part is a secret of 100 bits: who has the
    /// short reference alone, from a phone call or a list, sees nothing.
    #[serde(default)]
    pub link: String,
}

/// Answer of `GET /v1/enquiries/{ref}`: what a family may see by its own link. No name is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyView {
    /// Short reference.
    pub reference: String,
    /// How far it is.
    pub status: FamilyStatus,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// When an answer is due.
    pub due_at: DateTime<Utc>,
    /// Who answers.
    pub office: FamilyOffice,
    /// The meeting, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<FamilyAppointment>,
    /// What the office proposes and the family has not answered yet, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<FamilyProposal>,
}

/// How far an enquiry is, for the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FamilyStatus {
    /// Nobody has read it yet.
    Received,
    /// Somebody answers it.
    InProgress,
    /// The office waits for the family.
    WaitingForYou,
    /// There is a meeting.
    Appointment,
    /// Answered.
    Answered,
    /// Closed.
    Closed,
}

/// The office, for the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyOffice {
    /// Key.
    pub uai: Uai,
    /// Name.
    pub name: String,
    /// Postal address in one line.
    pub address: String,
    /// Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// The meeting, for the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyAppointment {
    /// State.
    pub status: Status,
    /// Start, UTC.
    pub start: DateTime<Utc>,
    /// End, UTC.
    pub end: DateTime<Utc>,
    /// The zone of the place: what the family reads is civil time in it.
    pub zone: Tz,
    /// Where.
    pub site: String,
    /// Postal address of the place.
    pub address: String,
}

/// A proposed meeting that waits for the family's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyProposal {
    /// Names it in the answer.
    pub id: AppointmentId,
    /// When and where.
    #[serde(flatten)]
    pub appointment: FamilyAppointment,
    /// It is kept free until then, UTC.
    pub held_until: DateTime<Utc>,
}

/// Answer of `GET /v1/enquiries/{ref}/slots`: where the family may move its meeting to, in order of time. Found by the
/// search that the desks use, with the notice and the horizon that bind the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilySlots {
    /// Free places; none when the meeting can no longer be moved.
    pub slots: Vec<FamilySlot>,
    /// Until when the meeting can be moved, UTC; `None`: there is none to move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// A free place, for the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilySlot {
    /// What is sent back to choose it.
    #[serde(flatten)]
    pub place: FamilyPlace,
    /// End, UTC.
    pub end: DateTime<Utc>,
    /// The zone of the place.
    pub zone: Tz,
    /// "Mme Dupont".
    pub with: String,
    /// Name of the place.
    pub site_name: String,
    /// Its postal address.
    pub address: String,
}

/// A place in the agenda as a family chooses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyPlace {
    /// Start, UTC.
    pub start: DateTime<Utc>,
    /// With whom.
    pub counsellor: PersonId,
    /// Where.
    pub site: SiteId,
}

/// Body of `POST /v1/enquiries/{ref}/answer`: what the family decides. Sent twice, it acts once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum FamilyAnswer {
    /// Takes a proposal; the others are free again.
    Accept {
        /// Which.
        proposal: AppointmentId,
    },
    /// Does not take it.
    Decline {
        /// Which.
        proposal: AppointmentId,
    },
    /// Moves its meeting, until two days before it.
    Move(FamilyPlace),
    /// Will not come, until four hours before.
    Excuse,
}
