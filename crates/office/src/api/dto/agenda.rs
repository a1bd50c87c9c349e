//! The day grid, meetings and what happened to them.

use chrono::{DateTime, NaiveDate, Utc};
use passerelle_domain::appointment::Status;
use passerelle_domain::client::Relation;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::clients::ClientRef;
use super::session::{KindView, PersonRef};
use super::waiting::WalkInView;

/// A free slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SlotView {
    /// UTC.
    pub start: DateTime<Utc>,
    /// UTC.
    pub end: DateTime<Utc>,
    /// Zone of the site.
    pub zone: String,
    /// Civil start at the site, `YYYY-MM-DDTHH:MM`; what `appointments.book` takes.
    pub local: String,
    /// Counsellor.
    pub counsellor: PersonRef,
    /// Site id.
    pub site: String,
    /// Name of the site when it is not the main one.
    pub site_name: Option<String>,
    /// Room id.
    pub room: Option<String>,
    /// The second counsellor, when two hold it.
    pub second: Option<PersonRef>,
    /// A planned group session with its seats; `None`: free time.
    pub seats: Option<SeatsView>,
}

/// Seats of a group session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SeatsView {
    /// Nobody's yet.
    pub left: u32,
    /// All.
    pub of: u32,
}

/// `agenda.day`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DayView {
    /// The day.
    pub date: NaiveDate,
    /// Zone of the main site; all civil minutes below are in it.
    pub zone: String,
    /// First and last minute since midnight worth drawing (openings, meetings, at least 8:30 to 18:00).
    pub from_min: u16,
    /// Last minute.
    pub to_min: u16,
    /// The office is closed ("Armistice 1918", "Fermeture").
    pub closed: Option<String>,
    /// School holidays of the office's zone ("Vacances d’hiver · zone B").
    pub holiday: Option<String>,
    /// Counsellors first, then rooms that have group sessions.
    pub columns: Vec<DayColumn>,
    /// Meetings of the day, all states.
    pub blocks: Vec<AppointmentView>,
    /// Clients in the waiting room, longest wait first (only today).
    pub waiting: Vec<WaitingView>,
    /// Clients who have come and whose hour has begun: with the counsellor, as far as anybody said (only today).
    pub received: Vec<WaitingView>,
    /// People at the counter without an appointment, longest wait first (only today).
    pub walk_ins: Vec<WalkInView>,
    /// Past meetings of earlier days without a final state.
    pub missing: Vec<MissingView>,
    /// Commands or conflicts that wait for a person.
    pub todo: DayTodo,
}

/// A column of the day grid.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DayColumn {
    /// Id of the counsellor or room.
    pub id: String,
    /// "counsellor" or "room".
    pub kind: String,
    /// "Mme Dupont", "Salle A".
    pub name: String,
    /// "Bureau 1", "18 places".
    pub place: Option<String>,
    /// How many meetings of the shortest usual kind still fit today.
    pub free: u32,
    /// Open stretches at any site.
    pub open: Vec<OpenStretch>,
    /// Absences.
    pub absences: Vec<AbsenceStretch>,
}

/// When and where a counsellor receives.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OpenStretch {
    /// Minutes since midnight.
    pub from_min: u16,
    /// Excluded.
    pub to_min: u16,
    /// Site id.
    pub site: String,
    /// Name of the site when it is not the main one (a duty at a school, an annexe).
    pub site_name: Option<String>,
    /// It is a school: drawn as "Permanence".
    pub school: bool,
    /// A permanence: who comes without an appointment goes there; nothing is offered in it.
    pub duty: bool,
}

/// An absence of the day.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AbsenceStretch {
    /// Minutes since midnight.
    pub from_min: u16,
    /// Excluded.
    pub to_min: u16,
    /// "Formation".
    pub label: String,
    /// Second line.
    pub detail: Option<String>,
}

/// A meeting as shown.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AppointmentView {
    /// Id.
    pub id: String,
    /// UTC.
    pub start: DateTime<Utc>,
    /// UTC.
    pub end: DateTime<Utc>,
    /// Zone of the site.
    pub zone: String,
    /// Civil date at the site.
    pub date: NaiveDate,
    /// Minutes since midnight at the site.
    pub from_min: u16,
    /// Excluded.
    pub to_min: u16,
    /// Kind.
    pub kind: KindView,
    /// Counsellor.
    pub counsellor: PersonRef,
    /// The second counsellor, when two hold it.
    pub second: Option<PersonRef>,
    /// The group session that it belongs to: the same for everybody in it.
    pub session: Option<String>,
    /// In a group session: somebody's seat, and not the planned session itself. True for every other meeting.
    pub seat: bool,
    /// Site id.
    pub site: String,
    /// Name of the site when it is not the main one.
    pub site_name: Option<String>,
    /// Room id.
    pub room: Option<String>,
    /// Name of the room.
    pub room_name: Option<String>,
    /// State; a proposal whose hour has passed is shown as expired, also while central has not said so.
    #[ts(type = "Status")]
    pub status: Status,
    /// A proposal ends then.
    pub held_until: Option<DateTime<Utc>>,
    /// The client, when known.
    pub client: Option<ClientRef>,
    /// Who comes along.
    pub companions: Vec<CompanionView>,
    /// The enquiry.
    pub enquiry: Option<String>,
    /// When the client came.
    pub arrived_at: Option<DateTime<Utc>>,
    /// Reason of an override.
    pub override_reason: Option<String>,
    /// Version (SEQUENCE).
    pub version: u32,
    /// "local" (waits to be sent), "sent", "acknowledged" or "conflict".
    pub sync: String,
    /// How sure its place is; a meeting that takes no time is as central says.
    pub standing: Standing,
    /// Its time has passed and nobody said what became of it.
    pub status_missing: bool,
    /// Id of the conflict, if it is in one.
    pub conflict: Option<String>,
    /// What happened, oldest first (only from `appointments.get`).
    pub history: Vec<HistoryView>,
}

/// How sure a meeting is: what may be said to a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Confirmé: central said yes, or there is no central to ask.
    Confirmed,
    /// Garanti: central has not said yes yet, and this desk holds its place; see [`passerelle_domain::lease`].
    Guaranteed,
    /// Sous réserve: central has not said yes yet, and somebody else may have the place.
    Reserved,
    /// À replacer: refused; it needs another place.
    ToReplace,
}

/// Somebody who comes along.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CompanionView {
    /// Relation.
    #[ts(type = "Relation")]
    pub relation: Relation,
    /// Guardian id.
    pub guardian: Option<String>,
    /// Whether this person came.
    pub came: Option<bool>,
}

/// One line of a history.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct HistoryView {
    /// UTC.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<String>,
    /// "created", "moved", "status" or "overridden".
    pub what: String,
    /// State after, for "created" and "status".
    #[ts(type = "Status | null")]
    pub status: Option<Status>,
    /// Old start, for "moved".
    pub from_start: Option<DateTime<Utc>>,
    /// Old counsellor, for "moved".
    pub from_counsellor: Option<String>,
    /// The old second one, for "moved".
    pub from_second: Option<String>,
    /// Reason.
    pub reason: Option<String>,
}

/// Somebody in the waiting room.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct WaitingView {
    /// The appointment.
    pub appointment: String,
    /// Client.
    pub name: String,
    /// Who is along.
    pub companions: Vec<CompanionView>,
    /// Since.
    pub since: DateTime<Utc>,
    /// For whom.
    pub counsellor: PersonRef,
    /// And for whom, when two hold it.
    pub second: Option<PersonRef>,
    /// Start of the meeting.
    pub start: DateTime<Utc>,
}

/// A past meeting without a final state.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MissingView {
    /// The appointment.
    pub appointment: String,
    /// Client.
    pub name: String,
    /// Start.
    pub start: DateTime<Utc>,
    /// With whom.
    pub counsellor: PersonRef,
}

/// Things that wait for a person.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct DayTodo {
    /// Conflicts.
    pub conflicts: u32,
    /// Meetings of the next working day whose family has no mail: to be called.
    pub calls_tomorrow: u32,
    /// The next working day.
    pub tomorrow: Option<NaiveDate>,
    /// Minute of the day at which today's office hours end, when there are any.
    pub closes_min: Option<u16>,
}

/// `agenda.next` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NextQuery {
    /// Kind id; the first kind when absent.
    pub kind: Option<String>,
    /// Counsellor id.
    pub counsellor: Option<String>,
    /// Id of a second counsellor who must be free as well.
    pub second: Option<String>,
    /// Only these weekdays (0 = Monday).
    pub weekdays: Vec<u8>,
    /// Not before this minute of the day.
    pub after_min: Option<u16>,
    /// Site id; where families are received when absent.
    pub site: Option<String>,
    /// For whom: slots with the counsellor who follows them come first.
    pub client: Option<String>,
    /// From this day (default today).
    pub from: Option<NaiveDate>,
    /// How many civil days ahead (default 60).
    pub days: Option<u16>,
    /// How many (default 6).
    pub limit: Option<u16>,
}

/// `agenda.next`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct NextSlots {
    /// For a group kind, planned sessions with a seat left first, in order of start; then free time, in order. With a
    /// `client` whom somebody follows, the free time of that counsellor comes before the others'.
    pub slots: Vec<SlotView>,
    /// Who follows the `client` asked for.
    pub referent: Option<PersonRef>,
}
