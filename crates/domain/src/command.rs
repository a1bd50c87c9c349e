//! Commands: what a person wants done. They travel from desk to central; both decide them with [`crate::decide`].

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::appointment::{Companion, SeenMeeting, Status};
use crate::client::Client;
use crate::enquiry::{Channel, Closing, Enquiry, EnquiryFacts, Message, Requester};
use crate::ids::{
    AppointmentId, CallId, ClientId, EnquiryId, KindId, MessageId, PersonId, RoomId, SiteId, WaitingId,
};
use crate::merging::ClientField;
pub use crate::needs::Needs;
use crate::pins::{NewPin, PinPlace};
use crate::settings::Change;
use crate::waiting::{Called, CloseReason, NewWaiting, Wish};

/// A place in the agenda, in civil time: the rules are civil, and only the site's zone turns it into an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// With whom.
    pub counsellor: PersonId,
    /// Together with whom, when two hold it. A move says the whole new place: without a second one, nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<PersonId>,
    /// Where.
    pub site: SiteId,
    /// In which room; `None` lets the rules take the first free one when the kind needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Civil start at the site.
    pub start: NaiveDateTime,
    /// The zone that the start is meant in: the site's.
    pub zone: Tz,
    /// Length.
    pub minutes: u32,
}

/// `appointment.book` and `appointment.hold`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Made at the desk.
    pub id: AppointmentId,
    /// Motif.
    pub kind: KindId,
    /// When and with whom.
    #[serde(flatten)]
    pub place: Place,
    /// For whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// Who comes along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companions: Vec<Companion>,
    /// The enquiry that it answers; booking converts it in the same transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enquiry: Option<EnquiryId>,
    /// The entry of the waiting list that it answers; booking takes it off the list in the same transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingId>,
    /// A proposal ends then; only for `appointment.hold`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<DateTime<Utc>>,
    /// Reason for setting a rule aside. It is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

/// `appointment.move`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Which.
    pub id: AppointmentId,
    /// To where; `minutes` is the meeting's own length unless a person changed it.
    #[serde(flatten)]
    pub place: Place,
    /// The version that the person saw.
    pub seen_version: u32,
    /// Reason for setting a rule aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    /// A step back: only while the meeting is as the step left it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenMeeting>,
}

/// `appointment.set_status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetStatus {
    /// Which.
    pub id: AppointmentId,
    /// New state.
    pub status: Status,
    /// Mandatory for a cancellation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who it is for, when a proposal made before the client was known is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// A step back: only while the meeting is as the step left it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<SeenMeeting>,
    /// When the client came, where a step back makes somebody `arrived` or `attended` again; else the hour of the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<DateTime<Utc>>,
}

impl SetStatus {
    /// A plain step.
    #[must_use]
    pub const fn to(id: AppointmentId, status: Status) -> Self {
        Self { id, status, reason: None, client: None, seen: None, arrived_at: None }
    }
}

/// `enquiry.open`: a question that reaches the office itself, by phone or at the counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenEnquiry {
    /// Made at the desk.
    pub id: EnquiryId,
    /// Short reference, made at the desk.
    pub reference: String,
    /// Phone or counter.
    pub channel: Channel,
    /// First words.
    pub subject: String,
    /// Who asks.
    pub requester: Requester,
    /// The note of what was said.
    pub message: Message,
    /// Hide the question from reception.
    #[serde(default)]
    pub sensitive: bool,
    /// The client, when already known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
}

/// `enquiry.answer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Which.
    pub id: EnquiryId,
    /// Id of the new message.
    pub message: MessageId,
    /// What the family reads.
    pub text: String,
    /// Slots held for the family and proposed with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposed: Vec<AppointmentId>,
    /// Whether an answer of the family is expected.
    pub expects_reply: bool,
}

/// `client.update`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientUpdate {
    /// The record with its new fields, whole.
    #[serde(flatten)]
    pub client: Client,
    /// The record as the person saw it: what they left alone keeps what others wrote meanwhile. Absent: all fields count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Box<Client>>,
    /// A step back: refused when somebody has changed since what it would change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unless_touched: bool,
}

impl From<Client> for ClientUpdate {
    fn from(client: Client) -> Self {
        Self { client, seen: None, unless_touched: false }
    }
}

/// `client.merge`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeClients {
    /// Which record ends.
    pub id: ClientId,
    /// Which one goes on.
    pub into: ClientId,
    /// Fields of which the value of the ending record is taken where both have one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub take: Vec<ClientField>,
}

/// A command and its arguments. The names are those of the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "args")]
pub enum Command {
    /// Book at once.
    #[serde(rename = "appointment.book")]
    Book(Book),
    /// Propose: hold until an hour.
    #[serde(rename = "appointment.hold")]
    Hold(Book),
    /// Move: same id, one operation.
    #[serde(rename = "appointment.move")]
    Move(Move),
    /// Move a whole group session: everybody in it or nobody. `id` is any meeting of it.
    #[serde(rename = "session.move")]
    MoveSession(Move),
    /// Cancel a whole group session.
    #[serde(rename = "session.cancel")]
    CancelSession {
        /// Any meeting of it.
        id: AppointmentId,
        /// Mandatory; kept with each meeting.
        reason: String,
    },
    /// Any other step of the state machine.
    #[serde(rename = "appointment.set_status")]
    SetStatus(SetStatus),
    /// Who comes, who came.
    #[serde(rename = "appointment.set_companions")]
    SetCompanions {
        /// Which.
        id: AppointmentId,
        /// The whole new list.
        companions: Vec<Companion>,
        /// A step back: only while the list is this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Vec<Companion>>,
    },
    /// Arrival from the online service; only central gives it.
    #[serde(rename = "enquiry.receive")]
    ReceiveEnquiry(Box<Enquiry>),
    /// A question asked at the office.
    #[serde(rename = "enquiry.open")]
    OpenEnquiry(Box<OpenEnquiry>),
    /// A new message of the family.
    #[serde(rename = "enquiry.append")]
    AppendMessage {
        /// Which.
        id: EnquiryId,
        /// The message.
        message: Message,
    },
    /// "I answer this one."
    #[serde(rename = "enquiry.claim")]
    ClaimEnquiry {
        /// Which.
        id: EnquiryId,
        /// Take it over from a colleague.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        take_over: bool,
    },
    /// "Somebody else may."
    #[serde(rename = "enquiry.release")]
    ReleaseEnquiry {
        /// Which.
        id: EnquiryId,
    },
    /// Answer, perhaps with slots.
    #[serde(rename = "enquiry.answer")]
    AnswerEnquiry(Answer),
    /// A note between colleagues.
    #[serde(rename = "enquiry.note")]
    NoteEnquiry {
        /// Which.
        id: EnquiryId,
        /// Id of the note.
        message: MessageId,
        /// What it says.
        text: String,
    },
    /// Done without an appointment.
    #[serde(rename = "enquiry.close")]
    CloseEnquiry {
        /// Which.
        id: EnquiryId,
        /// How it ended for somebody who stood at the counter.
        #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
        how: Option<Closing>,
    },
    /// Open again.
    #[serde(rename = "enquiry.reopen")]
    ReopenEnquiry {
        /// Which.
        id: EnquiryId,
    },
    /// Out of sight until then.
    #[serde(rename = "enquiry.snooze")]
    SnoozeEnquiry {
        /// Which.
        id: EnquiryId,
        /// UTC.
        until: DateTime<Utc>,
    },
    /// The same question twice.
    #[serde(rename = "enquiry.merge")]
    MergeEnquiry {
        /// Which one ends.
        id: EnquiryId,
        /// Which one goes on.
        into: EnquiryId,
    },
    /// Says which client an enquiry is about.
    #[serde(rename = "enquiry.identify")]
    IdentifyClient {
        /// Which.
        id: EnquiryId,
        /// Who.
        client: ClientId,
    },
    /// Two questions again.
    #[serde(rename = "enquiry.unmerge")]
    UnmergeEnquiry {
        /// The one that had ended.
        id: EnquiryId,
    },
    /// A note or an answer taken back by its author.
    #[serde(rename = "enquiry.withdraw")]
    WithdrawMessage {
        /// Which enquiry.
        id: EnquiryId,
        /// Which message.
        message: MessageId,
    },
    /// A step back: where the enquiry stood before.
    #[serde(rename = "enquiry.restore")]
    RestoreEnquiry {
        /// Which.
        id: EnquiryId,
        /// Where the step left it; refused when it stands elsewhere by now.
        seen: EnquiryFacts,
        /// Where it stood before the step.
        to: EnquiryFacts,
    },
    /// A new client.
    #[serde(rename = "client.create")]
    CreateClient(Box<Client>),
    /// New fields of a client, whole.
    #[serde(rename = "client.update")]
    UpdateClient(Box<ClientUpdate>),
    /// Two records of one person become one.
    #[serde(rename = "client.merge")]
    MergeClients(MergeClients),
    /// Two records again.
    #[serde(rename = "client.unmerge")]
    UnmergeClient {
        /// The one that had ended.
        id: ClientId,
    },
    /// A record made by mistake is taken back.
    #[serde(rename = "client.remove")]
    RemoveClient {
        /// Which.
        id: ClientId,
    },
    /// Documents of the settings, all or none: openings, absences, kinds, places.
    #[serde(rename = "settings.save")]
    SaveSettings {
        /// Each with what was seen.
        changes: Vec<Change>,
    },
    /// Somebody waits for a place that is not there yet.
    #[serde(rename = "waiting.add")]
    AddWaiting(Box<NewWaiting>),
    /// What they wish is another thing now.
    #[serde(rename = "waiting.update")]
    UpdateWaiting {
        /// Which.
        id: WaitingId,
        /// The whole wish.
        #[serde(flatten)]
        wish: Box<Wish>,
    },
    /// They were called.
    #[serde(rename = "waiting.call")]
    CallWaiting {
        /// Which.
        id: WaitingId,
        /// How it went.
        #[serde(flatten)]
        call: Called,
    },
    /// That call did not take place.
    #[serde(rename = "waiting.uncall")]
    UncallWaiting {
        /// Which.
        id: WaitingId,
        /// Which call.
        call: CallId,
    },
    /// They wait no longer.
    #[serde(rename = "waiting.close")]
    CloseWaiting {
        /// Which.
        id: WaitingId,
        /// Why.
        reason: CloseReason,
    },
    /// They wait again.
    #[serde(rename = "waiting.reopen")]
    ReopenWaiting {
        /// Which.
        id: WaitingId,
    },
    /// A record of the catalogue for an enquiry or for the preparation of a meeting.
    #[serde(rename = "catalogue.pin")]
    Pin {
        /// To what.
        on: PinPlace,
        /// Which, as it is read now.
        pin: Box<NewPin>,
    },
    /// It is of no use there.
    #[serde(rename = "catalogue.unpin")]
    Unpin {
        /// Where.
        on: PinPlace,
        /// Which record.
        record: String,
    },
}

impl Command {
    /// The name on the wire.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Book(_) => "appointment.book",
            Self::Hold(_) => "appointment.hold",
            Self::Move(_) => "appointment.move",
            Self::MoveSession(_) => "session.move",
            Self::CancelSession { .. } => "session.cancel",
            Self::SetStatus(_) => "appointment.set_status",
            Self::SetCompanions { .. } => "appointment.set_companions",
            Self::ReceiveEnquiry(_) => "enquiry.receive",
            Self::OpenEnquiry(_) => "enquiry.open",
            Self::AppendMessage { .. } => "enquiry.append",
            Self::ClaimEnquiry { .. } => "enquiry.claim",
            Self::ReleaseEnquiry { .. } => "enquiry.release",
            Self::AnswerEnquiry(_) => "enquiry.answer",
            Self::NoteEnquiry { .. } => "enquiry.note",
            Self::CloseEnquiry { .. } => "enquiry.close",
            Self::ReopenEnquiry { .. } => "enquiry.reopen",
            Self::SnoozeEnquiry { .. } => "enquiry.snooze",
            Self::MergeEnquiry { .. } => "enquiry.merge",
            Self::IdentifyClient { .. } => "enquiry.identify",
            Self::UnmergeEnquiry { .. } => "enquiry.unmerge",
            Self::WithdrawMessage { .. } => "enquiry.withdraw",
            Self::RestoreEnquiry { .. } => "enquiry.restore",
            Self::CreateClient(_) => "client.create",
            Self::UpdateClient(_) => "client.update",
            Self::MergeClients(_) => "client.merge",
            Self::UnmergeClient { .. } => "client.unmerge",
            Self::RemoveClient { .. } => "client.remove",
            Self::SaveSettings { .. } => "settings.save",
            Self::AddWaiting(_) => "waiting.add",
            Self::UpdateWaiting { .. } => "waiting.update",
            Self::CallWaiting { .. } => "waiting.call",
            Self::UncallWaiting { .. } => "waiting.uncall",
            Self::CloseWaiting { .. } => "waiting.close",
            Self::ReopenWaiting { .. } => "waiting.reopen",
            Self::Pin { .. } => "catalogue.pin",
            Self::Unpin { .. } => "catalogue.unpin",
        }
    }
}
