//! One exchange: commands up, verdicts and changed documents down.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use passerelle_domain::Refusal;
use passerelle_domain::command::Command;
use passerelle_domain::ids::{CommandId, DeskId, PersonId, Uai};
use passerelle_domain::lease::Lease;
use passerelle_domain::settings::SettingKey;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::colleagues::Vouch;
use crate::document::Document;
pub use crate::tally::Tally;

/// Most commands in one request.
pub const MAX_COMMANDS: usize = 200;
/// Most changes in one page.
pub const MAX_CHANGES: u32 = 1000;
/// Largest body, bytes.
pub const MAX_BODY: usize = 1024 * 1024;
/// Largest command, bytes.
pub const MAX_COMMAND: usize = 64 * 1024;
/// Most commands that one request asks after.
pub const MAX_ASKED: usize = 5_000;
/// For so many days a desk keeps the commands that central has acknowledged, by central's clock: no restoration goes
/// back further.
pub const ACKNOWLEDGED_DAYS: i64 = 30;

/// The scope of one office: its settings, clients, enquiries and appointments. Never sent to another office.
#[must_use]
pub fn office_scope(uai: &Uai) -> String {
    format!("office:{uai}")
}

/// The directory: offices with their next free slots, catchments. The same for everybody.
pub const DIRECTORY: &str = "dir";

/// Which copy of a desk's database speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    /// The desk.
    pub desk: DeskId,
    /// Incarnation: new whenever the database is installed, cloned or restored.
    pub inc: String,
}

/// A command on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Unique for ever.
    pub id: CommandId,
    /// Order at this incarnation of this desk, from 1, without gaps.
    pub seq: u64,
    /// Version of the arguments' form.
    pub v: u32,
    /// Who gave it.
    pub actor: PersonId,
    /// When, by the desk's clock; told, never decided upon.
    pub at: DateTime<Utc>,
    /// Commands without which this one makes no sense.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends: Vec<CommandId>,
    /// The leases under which the desk promised what it asks for, `<id>/<term>`, parted by blanks; see
    /// [`passerelle_domain::lease`]. Absent when it promised nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<String>,
    /// The word of the desk that holds the half-day, given by the office's own network, that this command has its place
    /// there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouch: Option<Vouch>,
    /// Kind and arguments. Kept as JSON so that an unknown kind can be held instead of refused.
    #[serde(flatten)]
    pub command: Value,
}

impl Envelope {
    /// Reads the command.
    ///
    /// # Errors
    /// When the kind or its arguments are not known to this build.
    pub fn parse(&self) -> Result<Command, serde_json::Error> {
        Command::deserialize(&self.command)
    }
}

/// Body of `POST /v1/sync`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// Version of the wire form.
    pub v: u32,
    /// Who speaks.
    pub replica: Replica,
    /// Central's epoch as last seen; empty the first time.
    pub epoch: String,
    /// How many commands wait at the desk, these included.
    pub pending: u64,
    /// The next ones, in order of `seq`.
    pub commands: Vec<Envelope>,
    /// By scope, the last change that this desk has applied.
    pub cursors: BTreeMap<String, u64>,
    /// By scope, the mark that central gave with that cursor ([`SyncResponse::marks`]).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, String>,
    /// Most changes wanted in the answer.
    pub limit: u32,
    /// Commands that central acknowledged to this desk in an earlier epoch: which of them does it not know any more? At
    /// most [`MAX_ASKED`]. Asked with an empty `epoch`, which is the one that is to be learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Vec<CommandId>>,
    /// This desk knows leases, and what is refused because of them. Older ones do not say so, and are told `slot_taken`
    /// instead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leases: bool,
    /// Commands of colleagues that this desk knows by the office's own network: which of them has central decided? At most
    /// [`MAX_ASKED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colleagues: Vec<CommandId>,
}

/// What central decided about one command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommandResult {
    /// The command.
    pub id: CommandId,
    /// Its order at the desk.
    pub seq: u64,
    /// The verdict.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Accepted, refused, or held because this central does not know the kind yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Verdict {
    /// Done.
    Accepted {
        /// By scope, the sequence at which its last change became visible.
        at: BTreeMap<String, u64>,
    },
    /// Not done.
    Refused {
        /// Why, with what is possible instead.
        #[serde(flatten)]
        refusal: Refusal,
    },
    /// Kept until this central understands it. A verdict that this build does not know reads as this: what is neither
    /// accepted nor refused waits.
    #[serde(other)]
    Held,
}

/// A document after a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Whose feed.
    pub scope: String,
    /// Position in it, without gaps.
    pub seq: u64,
    /// What sort of document.
    pub entity: Entity,
    /// Its id (UUID, or UAI for an office).
    pub id: String,
    /// How often it has changed.
    pub rev: u64,
    /// The whole document; `None` when it is gone from this scope.
    pub doc: Option<Document>,
}

impl Change {
    /// Whether it asks this desk for a half-day that it holds.
    #[must_use]
    pub fn asks_back(&self, desk: DeskId) -> bool {
        let lease = || self.doc.as_ref()?.read::<Lease>().ok();
        self.entity == Entity::Lease
            && lease().is_some_and(|lease| lease.holder == desk && lease.asked_back.is_some())
    }
}

/// Sorts of documents in the feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// [`passerelle_domain::office::OfficeDocument`].
    Office,
    /// Site.
    Site,
    /// Room.
    Room,
    /// Person.
    Person,
    /// Appointment kind.
    Kind,
    /// Opening.
    Opening,
    /// Absence.
    Absence,
    /// Client.
    Client,
    /// Enquiry.
    Enquiry,
    /// Appointment.
    Appointment,
    /// Somebody's place on the waiting list.
    WaitingEntry,
    /// What is prepared for one appointment; its id is the appointment's.
    PreparationSheet,
    /// A half-day of a counsellor that one desk holds: [`passerelle_domain::lease::Lease`]. Its id is the half-day's name;
    /// after its end a later one of the same half-day begins again at revision 1.
    Lease,
    /// An office in the directory.
    DirectoryOffice,
    /// A catchment rule in the directory.
    Catchment,
    /// Something newer than this build; kept, not used.
    #[serde(other)]
    Unknown,
}

impl Entity {
    /// The name on the wire and in tables.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Site => "site",
            Self::Room => "room",
            Self::Person => "person",
            Self::Kind => "kind",
            Self::Opening => "opening",
            Self::Absence => "absence",
            Self::Client => "client",
            Self::Enquiry => "enquiry",
            Self::Appointment => "appointment",
            Self::WaitingEntry => "waiting_entry",
            Self::PreparationSheet => "preparation_sheet",
            Self::Lease => "lease",
            Self::DirectoryOffice => "directory_office",
            Self::Catchment => "catchment",
            Self::Unknown => "unknown",
        }
    }

    /// The sort of that name; [`Entity::Unknown`] for any other.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let known = [
            Self::Office,
            Self::Site,
            Self::Room,
            Self::Person,
            Self::Kind,
            Self::Opening,
            Self::Absence,
            Self::Client,
            Self::Enquiry,
            Self::Appointment,
            Self::WaitingEntry,
            Self::PreparationSheet,
            Self::Lease,
            Self::DirectoryOffice,
            Self::Catchment,
        ];
        known.into_iter().find(|e| e.key() == key).unwrap_or(Self::Unknown)
    }

    /// The sort of a document of the settings.
    #[must_use]
    pub const fn of_setting(key: SettingKey) -> Self {
        match key {
            SettingKey::Office => Self::Office,
            SettingKey::Site(_) => Self::Site,
            SettingKey::Room(_) => Self::Room,
            SettingKey::Kind(_) => Self::Kind,
            SettingKey::Opening(_) => Self::Opening,
            SettingKey::Absence(_) => Self::Absence,
        }
    }

    /// Whether it is part of an office's settings.
    #[must_use]
    pub const fn is_setting(self) -> bool {
        matches!(
            self,
            Self::Office
                | Self::Site
                | Self::Room
                | Self::Person
                | Self::Kind
                | Self::Opening
                | Self::Absence
        )
    }
}

/// An office as everybody may know it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectoryOffice {
    /// Key.
    pub uai: Uai,
    /// Name.
    pub name: String,
    /// Town.
    pub town: String,
    /// Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<passerelle_domain::office::Position>,
    /// A few next free slots of its first kind, counsellor by name, refreshed by central from time to time.
    #[serde(default)]
    pub next_slots: Vec<DirectorySlot>,
}

/// A free slot that another office shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectorySlot {
    /// UTC.
    pub start: DateTime<Utc>,
    /// UTC.
    pub end: DateTime<Utc>,
    /// "Mme Leroy".
    pub counsellor: String,
}

/// Answer of `POST /v1/sync`. Verdicts, changes and cursors are applied in one local transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncResponse {
    /// Central's epoch.
    pub epoch: String,
    /// The incarnation that asked; an answer to another one is ignored.
    pub inc: String,
    /// Central's clock; shown when the desk's is far off, never decided upon.
    pub server_time: DateTime<Utc>,
    /// Verdicts, in the order of the commands.
    pub results: Vec<CommandResult>,
    /// The next `seq` that central expects of this incarnation.
    pub expected_next: u64,
    /// Changed documents, each scope in order without gaps.
    pub changes: Vec<Change>,
    /// By scope, where the desk stands after applying them.
    pub cursors: BTreeMap<String, u64>,
    /// By scope, a word for the way by which the feed came to that number, to be said again with the cursor. Where central
    /// has lost the end of its log, the same number comes again with another word.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, String>,
    /// Ask again at once.
    pub has_more: bool,
    /// Ask again after this many seconds.
    pub poll_after_s: u32,
    /// Of the commands asked after, those that central does not know as accepted; absent when nothing was asked, and from
    /// a central that does not understand the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<Vec<CommandId>>,
    /// Of the commands of colleagues asked after, those that central has accepted or refused: what they changed is in the
    /// feeds up to here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<CommandId>,
    /// By scope, what a replica that stands at the end of the feed holds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub check: BTreeMap<String, Check>,
}

/// What a whole replica of a scope holds at one position of its feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The position: the end of the feed.
    pub seq: u64,
    /// The documents.
    #[serde(flatten)]
    pub tally: Tally,
}
