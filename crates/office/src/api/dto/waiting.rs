//! The waiting list, whom to call for a place that became free, and who stands at the counter.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::SlotView;
use super::clients::{ClientDraft, ClientMatch, ContactView};
use super::enquiries::CentreView;
use super::session::{KindView, PersonRef};

/// Somebody on the waiting list.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct WaitingEntryView {
    /// Id.
    pub id: String,
    /// Who waits.
    pub client: ClientMatch,
    /// Whom to call, in that order.
    pub contacts: Vec<ContactView>,
    /// Motif.
    pub kind: KindView,
    /// Only with this counsellor.
    pub counsellor: Option<PersonRef>,
    /// Only at this site (id).
    pub site: Option<String>,
    /// Its name.
    pub site_name: Option<String>,
    /// Only on these weekdays (0 = Monday); none means any.
    pub weekdays: Vec<u8>,
    /// Not before this minute of the day.
    pub after_min: Option<u16>,
    /// Over by this minute of the day.
    pub before_min: Option<u16>,
    /// Of no use after this day.
    pub until: Option<NaiveDate>,
    /// To be called first.
    pub urgent: bool,
    /// For whoever calls.
    pub note: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Attempts to reach them, newest first.
    pub calls: Vec<CallView>,
    /// "waiting", "booked" or "closed".
    pub state: String,
    /// The meeting that it became.
    pub appointment: Option<String>,
    /// Why it was closed: "no_longer_wanted", "elsewhere", "unreachable", "mistake".
    pub reason: Option<String>,
    /// Not yet sent to central.
    pub pending: bool,
}

/// An attempt to reach somebody.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CallView {
    /// UTC.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<String>,
    /// "no_answer", "declined" or "left_message".
    pub outcome: String,
}

/// `waiting.list` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct WaitingQuery {
    /// All entries of this person (client id), ended ones too; everybody who waits when absent.
    pub client: Option<String>,
}

/// `waiting.list`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct WaitingListView {
    /// Longest wait first; of one person, newest first.
    pub entries: Vec<WaitingEntryView>,
}

/// `waiting.freed`: places to come that became free, and that somebody waits for.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FreedList {
    /// In order of time.
    pub places: Vec<FreedPlaceView>,
    /// How many wait in all.
    pub waiting: u32,
}

/// A place that became free.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FreedPlaceView {
    /// Where and when.
    pub slot: SlotView,
    /// Minutes.
    pub minutes: u32,
    /// The kind of the meeting that stood there.
    pub kind: KindView,
    /// When it became free.
    pub freed_at: DateTime<Utc>,
    /// How many can be called for it.
    pub count: u32,
    /// Who is to be called first.
    pub first: String,
}

/// A place that became free, as a screen names it; `waiting.calls`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PlaceQuery {
    /// Kind id of the meeting that stood there.
    pub kind: String,
    /// Counsellor id.
    pub counsellor: String,
    /// Civil start at the site, `YYYY-MM-DDTHH:MM`.
    pub start: String,
    /// Site id; where the counsellor is at that time when absent.
    pub site: Option<String>,
    /// Minutes; the kind's when absent.
    pub minutes: Option<u32>,
}

/// `waiting.calls`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CallList {
    /// The place.
    pub slot: SlotView,
    /// Minutes.
    pub minutes: u32,
    /// The kind that stood there.
    pub kind: KindView,
    /// It can still be given away: ahead, inside an opening, and nobody has it.
    pub free: bool,
    /// Those whom it fits, in the order in which to call them.
    pub lines: Vec<CallLine>,
}

/// One line of a call list.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CallLine {
    /// Who.
    pub entry: WaitingEntryView,
    /// Why here: "urgent", "wanted_counsellor", "referent", "exact_kind", "other_kind", "called_recently",
    /// "declined_this", "busy".
    pub reasons: Vec<String>,
    /// They can be called: not busy, and have not said no to this place.
    pub callable: bool,
}

/// A wish as typed; `waiting.save`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct WaitingDraft {
    /// Id, when an entry is changed.
    pub id: Option<String>,
    /// Client id, for a new entry.
    pub client: Option<String>,
    /// A new client, created in the same transaction.
    pub new_client: Option<ClientDraft>,
    /// Kind id.
    pub kind: String,
    /// Counsellor id.
    pub counsellor: Option<String>,
    /// Site id.
    pub site: Option<String>,
    /// Only on these weekdays (0 = Monday).
    pub weekdays: Vec<u8>,
    /// Not before this minute of the day.
    pub after_min: Option<u16>,
    /// Over by this minute of the day.
    pub before_min: Option<u16>,
    /// Of no use after this day.
    pub until: Option<NaiveDate>,
    /// To be called first.
    pub urgent: bool,
    /// For whoever calls.
    pub note: String,
}

/// Somebody at the counter without an appointment.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct WalkInView {
    /// The enquiry that was noted.
    pub enquiry: String,
    /// Who.
    pub name: String,
    /// Since.
    pub since: DateTime<Utc>,
    /// What about; empty when hidden from this reader.
    pub subject: String,
    /// Hidden from this reader.
    pub hidden: bool,
    /// The person's record, when known.
    pub client: Option<ClientMatch>,
    /// Not yet sent to central.
    pub pending: bool,
}

/// Somebody who has come for the one at the desk; part of `status.get`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ArrivalView {
    /// The appointment.
    pub appointment: String,
    /// "Inès M.": no more than is needed to know who.
    pub name: String,
    /// Start of the meeting.
    pub start: DateTime<Utc>,
    /// Since when they are here.
    pub since: DateTime<Utc>,
}

/// `offices.nearest` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NearestQuery {
    /// Postal code of the home; the client's, else the office's own, when absent.
    pub postal_code: Option<String>,
    /// Client id.
    pub client: Option<String>,
    /// Kind id, for this office's own slots; the first kind when absent.
    pub kind: Option<String>,
    /// At most so many (default 20).
    pub limit: Option<u16>,
}

/// `offices.nearest`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NearestView {
    /// The postal code that distances are from.
    pub postal_code: String,
    /// Its communes; none when it is not one.
    pub communes: Vec<String>,
    /// The offices, nearest first; this desk's own is among them.
    pub centres: Vec<CentreView>,
    /// What is said of the others is as of then; `None`: never heard from central.
    pub as_of: Option<DateTime<Utc>>,
    /// The last exchange with central succeeded.
    pub online: Option<bool>,
}
