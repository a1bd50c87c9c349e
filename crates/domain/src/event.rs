//! Events: what a decision changes. They never leave the process: the wire carries commands up and documents down.

use chrono::{DateTime, Utc};

use crate::appointment::{Appointment, Companion, Status};
use crate::client::Client;
use crate::enquiry::{Closing, Enquiry, EnquiryFacts, Message};
use crate::ids::{
    AppointmentId, CallId, ClientId, DeskId, EnquiryId, MessageId, PersonId, RoomId, SiteId, WaitingId,
};
use crate::pins::{Pin, PinPlace};
use crate::session::SessionKey;
use crate::settings::{Setting, SettingKey};
use crate::waiting::{Call, CloseReason, WaitingEntry, Wish};

/// One change of the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A meeting was booked or proposed.
    AppointmentMade(Box<Appointment>),
    /// It was moved.
    AppointmentMoved {
        /// Which.
        id: AppointmentId,
        /// New start.
        start: DateTime<Utc>,
        /// New end.
        end: DateTime<Utc>,
        /// New counsellor.
        counsellor: PersonId,
        /// Together with whom from now on.
        second: Option<PersonId>,
        /// New site.
        site: SiteId,
        /// Zone of the new site.
        zone: chrono_tz::Tz,
        /// New room.
        room: Option<RoomId>,
        /// The group session that it belongs to there.
        session: Option<SessionKey>,
        /// Reason for setting a rule aside.
        override_reason: Option<String>,
        /// By whom.
        by: Option<PersonId>,
        /// When.
        at: DateTime<Utc>,
    },
    /// Its state changed.
    AppointmentStatus {
        /// Which.
        id: AppointmentId,
        /// New state.
        to: Status,
        /// Why.
        reason: Option<String>,
        /// Whom it is for, if that became known.
        client: Option<ClientId>,
        /// When the client came, where a step back says so again.
        arrived_at: Option<DateTime<Utc>>,
        /// By whom.
        by: Option<PersonId>,
        /// When.
        at: DateTime<Utc>,
    },
    /// Who comes.
    AppointmentCompanions {
        /// Which.
        id: AppointmentId,
        /// The whole list.
        companions: Vec<Companion>,
    },
    /// The record that it is for became another one of the same person.
    AppointmentClient {
        /// Which.
        id: AppointmentId,
        /// The record.
        client: ClientId,
        /// Who comes along, by the guardians of that record.
        companions: Vec<Companion>,
        /// By whom.
        by: Option<PersonId>,
        /// When.
        at: DateTime<Utc>,
    },
    /// A question arrived or was noted.
    EnquiryReceived(Box<Enquiry>),
    /// A message was added by the family; an ended enquiry is open again.
    EnquiryMessage {
        /// Which.
        id: EnquiryId,
        /// The message.
        message: Message,
        /// Whether it is to be answered again.
        reopens: bool,
    },
    /// Somebody answers it.
    EnquiryClaimed {
        /// Which.
        id: EnquiryId,
        /// Who.
        by: PersonId,
        /// Where.
        desk: DeskId,
        /// When.
        at: DateTime<Utc>,
    },
    /// Nobody does any more.
    EnquiryReleased {
        /// Which.
        id: EnquiryId,
    },
    /// It was answered.
    EnquiryAnswered {
        /// Which.
        id: EnquiryId,
        /// The answer.
        message: Message,
        /// Whether the family is to answer.
        expects_reply: bool,
        /// Who answered and so owns it.
        by: PersonId,
    },
    /// A note was added.
    EnquiryNoted {
        /// Which.
        id: EnquiryId,
        /// The note.
        message: Message,
    },
    /// It became an appointment.
    EnquiryConverted {
        /// Which.
        id: EnquiryId,
        /// The appointment.
        appointment: AppointmentId,
        /// The client.
        client: Option<ClientId>,
        /// Who did it.
        by: Option<PersonId>,
    },
    /// Its appointment was cancelled: it goes back to its owner.
    EnquiryGivenBack {
        /// Which.
        id: EnquiryId,
    },
    /// Done.
    EnquiryClosed {
        /// Which.
        id: EnquiryId,
        /// How it ended at the counter.
        how: Option<Closing>,
    },
    /// Open again.
    EnquiryReopened {
        /// Which.
        id: EnquiryId,
        /// Who opened it.
        by: Option<PersonId>,
    },
    /// Out of sight.
    EnquirySnoozed {
        /// Which.
        id: EnquiryId,
        /// Until.
        until: DateTime<Utc>,
    },
    /// Ended in another one.
    EnquiryMerged {
        /// Which.
        id: EnquiryId,
        /// The one that goes on.
        into: EnquiryId,
    },
    /// Both are apart again.
    EnquirySeparated {
        /// The one that had ended.
        id: EnquiryId,
        /// The one that went on.
        from: EnquiryId,
    },
    /// A message was taken back.
    MessageWithdrawn {
        /// Which enquiry.
        id: EnquiryId,
        /// Which message.
        message: MessageId,
        /// When.
        at: DateTime<Utc>,
    },
    /// It stands where it stood before.
    EnquiryRestored {
        /// Which.
        id: EnquiryId,
        /// Where.
        to: EnquiryFacts,
    },
    /// Its client is known.
    EnquiryIdentified {
        /// Which.
        id: EnquiryId,
        /// Who.
        client: ClientId,
    },
    /// New or changed client.
    ClientSaved(Box<Client>),
    /// New or changed document of the settings.
    SettingSaved(Box<Setting>),
    /// Somebody waits.
    WaitingAdded(Box<WaitingEntry>),
    /// The wish changed.
    WaitingChanged {
        /// Which.
        id: WaitingId,
        /// The whole wish.
        wish: Box<Wish>,
    },
    /// They were called.
    WaitingCalled {
        /// Which.
        id: WaitingId,
        /// The call.
        call: Call,
    },
    /// A call was noted by mistake.
    WaitingUncalled {
        /// Which.
        id: WaitingId,
        /// Which call.
        call: CallId,
    },
    /// They have a meeting.
    WaitingBooked {
        /// Which.
        id: WaitingId,
        /// The meeting.
        appointment: AppointmentId,
    },
    /// The meeting will not take place, or they were closed by mistake: they wait again, since the same day.
    WaitingAgain {
        /// Which.
        id: WaitingId,
    },
    /// They wait no longer.
    WaitingClosed {
        /// Which.
        id: WaitingId,
        /// Why.
        reason: CloseReason,
    },
    /// A record is pinned, or its pin says more.
    Pinned {
        /// To what.
        on: PinPlace,
        /// The whole pin.
        pin: Box<Pin>,
        /// Before which record it comes back, if that one is there.
        next: Option<String>,
    },
    /// It was taken off.
    Unpinned {
        /// Where.
        on: PinPlace,
        /// Which record.
        record: String,
    },
}

/// A document that an event touches; what is written to the tables and to the change feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Touched {
    /// An appointment.
    Appointment(AppointmentId),
    /// An enquiry.
    Enquiry(EnquiryId),
    /// A client.
    Client(ClientId),
    /// A document of the settings.
    Setting(SettingKey),
    /// An entry of the waiting list.
    Waiting(WaitingId),
    /// The preparation of a meeting.
    Preparation(AppointmentId),
}

impl Event {
    /// The documents that it changes.
    #[must_use]
    pub fn touches(&self) -> Vec<Touched> {
        match self {
            Self::AppointmentMade(a) => vec![Touched::Appointment(a.id)],
            Self::AppointmentMoved { id, .. }
            | Self::AppointmentStatus { id, .. }
            | Self::AppointmentClient { id, .. }
            | Self::AppointmentCompanions { id, .. } => vec![Touched::Appointment(*id)],
            Self::EnquiryReceived(e) => vec![Touched::Enquiry(e.id)],
            Self::EnquiryMerged { id, into: other } | Self::EnquirySeparated { id, from: other } => {
                vec![Touched::Enquiry(*id), Touched::Enquiry(*other)]
            }
            Self::EnquiryMessage { id, .. }
            | Self::EnquiryClaimed { id, .. }
            | Self::EnquiryReleased { id }
            | Self::EnquiryAnswered { id, .. }
            | Self::EnquiryNoted { id, .. }
            | Self::EnquiryConverted { id, .. }
            | Self::EnquiryGivenBack { id }
            | Self::EnquiryClosed { id, .. }
            | Self::EnquiryReopened { id, .. }
            | Self::EnquirySnoozed { id, .. }
            | Self::MessageWithdrawn { id, .. }
            | Self::EnquiryRestored { id, .. }
            | Self::EnquiryIdentified { id, .. } => vec![Touched::Enquiry(*id)],
            Self::ClientSaved(c) => vec![Touched::Client(c.id)],
            Self::SettingSaved(s) => vec![Touched::Setting(s.key())],
            Self::WaitingAdded(w) => vec![Touched::Waiting(w.id)],
            Self::WaitingChanged { id, .. }
            | Self::WaitingCalled { id, .. }
            | Self::WaitingUncalled { id, .. }
            | Self::WaitingBooked { id, .. }
            | Self::WaitingAgain { id }
            | Self::WaitingClosed { id, .. } => vec![Touched::Waiting(*id)],
            Self::Pinned { on, .. } | Self::Unpinned { on, .. } => match on {
                PinPlace::Enquiry(id) => vec![Touched::Enquiry(*id)],
                PinPlace::Appointment(id) => vec![Touched::Preparation(*id)],
            },
        }
    }
}
