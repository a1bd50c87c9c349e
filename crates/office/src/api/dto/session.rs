//! Who is at the desk, the connection line, the outbox, what can be taken back.

use chrono::{DateTime, NaiveDate, Utc};
use passerelle_domain::office::KindColour;
use passerelle_domain::people::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::{AppointmentView, Standing};
use super::undo::UndoItem;
use super::waiting::ArrivalView;

/// `session.get`: who is at this desk, where, and what the frame shows.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SessionView {
    /// "unenrolled" until the desk belongs to an office, then "ready".
    pub state: SessionState,
    /// The office, once enrolled.
    pub office: Option<OfficeView>,
    /// The acting person.
    pub user: Option<PersonView>,
    /// Everybody who may act at this desk (to switch).
    pub people: Vec<PersonView>,
    /// The desk's clock now; tests may have set it.
    pub now: DateTime<Utc>,
    /// Demonstration data: switching person needs no password.
    pub demo: bool,
}

/// State of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// It belongs to no office.
    Unenrolled,
    /// It belongs to one, whose data have not all arrived yet.
    Joining,
    /// Usable.
    Ready,
}

/// The office in a few words.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OfficeView {
    /// UAI.
    pub uai: String,
    /// "CIO d’Amiens".
    pub name: String,
    /// IANA zone ("Europe/Paris").
    pub zone: String,
    /// Postal code of its seat; empty when it is not known.
    pub postal_code: String,
    /// Commune of its seat; empty when it is not known.
    pub town: String,
    /// Kinds that can be booked, in order.
    pub kinds: Vec<KindView>,
    /// Sites.
    pub sites: Vec<SiteView>,
    /// Rooms, in the order in which they are taken.
    pub rooms: Vec<RoomView>,
    /// Minutes for which a proposal is held.
    pub hold_min: u32,
}

/// A kind of appointment.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct KindView {
    /// Id.
    pub id: String,
    /// "Entretien d’orientation".
    pub name: String,
    /// Minutes.
    pub duration_min: u32,
    /// More than one: a group session.
    pub capacity: u32,
    /// The mark by which it is told apart in lists and grids, beside its name.
    #[ts(type = "KindColour")]
    pub colour: KindColour,
}

/// A site.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SiteView {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// It is the office's own building.
    pub main: bool,
}

/// A room of a site.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RoomView {
    /// Id.
    pub id: String,
    /// "Salle A".
    pub name: String,
    /// Site id.
    pub site: String,
    /// Seats.
    pub seats: u32,
}

/// Somebody of the staff.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// Id.
    pub id: String,
    /// Login of the command line.
    pub login: String,
    /// "Mme Rivière".
    pub name: String,
    /// Role.
    #[ts(type = "Role")]
    pub role: Role,
}

/// A person by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonRef {
    /// Id.
    pub id: String,
    /// "Mme Rivière".
    pub name: String,
}

/// `status.get`: the connection line and the counters of the side bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StatusView {
    /// Whether the last exchange with central succeeded; `None`: this desk has no central.
    pub online: Option<bool>,
    /// Since when it has been offline.
    pub offline_since: Option<DateTime<Utc>>,
    /// Last complete exchange.
    pub last_sync: Option<DateTime<Utc>>,
    /// An exchange is under way.
    pub syncing: bool,
    /// Commands that wait to be sent.
    pub pending: u32,
    /// Conflicts to settle.
    pub conflicts: u32,
    /// Enquiries to be treated.
    pub enquiries_todo: u32,
    /// People on the waiting list.
    pub waiting: u32,
    /// Who has come for the one at the desk and waits, longest wait first.
    pub arrivals: Vec<ArrivalView>,
    /// Next attempt, when offline.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Why it is offline, for the detail line: a stable code ("unreachable", "not_central", "refused", "token", …).
    pub offline_code: Option<String>,
    /// With so many desks of the office, this one among them, the agenda is kept by the office's own network while central
    /// is out of reach; `None` when it is not.
    pub colleagues: Option<u32>,
    /// How far this computer's clock is ahead of central's, seconds; `None` unless it is minutes off. Nothing depends on it.
    pub clock_off_s: Option<i32>,
    /// What central has is being read whole: at first, after a long absence, when both sides had grown apart.
    pub reading: Option<ReadingView>,
    /// Central does not have so much of what is here that a person must say whether it goes here too. Nothing is sent before.
    pub gone: Option<GoneView>,
    /// Commands of this desk, trusted no longer, that wait for the office's director instead.
    pub put_aside: u32,
}

/// How far the reading of what central has is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadingView {
    /// Records that have arrived.
    #[ts(type = "number")]
    pub got: u64,
    /// Records that there are; 0 before it is known.
    #[ts(type = "number")]
    pub total: u64,
}

/// What would go here because central does not have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GoneView {
    /// Records that would go.
    pub gone: u32,
    /// Of so many here.
    pub present: u32,
}

/// One line of the outbox.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OutboxItem {
    /// Command id.
    pub id: String,
    /// "appointment.book", …
    pub kind: String,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<String>,
    /// About whom, in words.
    pub about: Option<String>,
    /// The start of the meeting concerned.
    pub start: Option<DateTime<Utc>>,
    /// With which counsellor.
    pub counsellor: Option<String>,
    /// The state that was noted ("arrived", …).
    pub status: Option<String>,
    /// How sure the place of its meeting is, for a command that places one.
    pub standing: Option<Standing>,
}

/// `leases.list`: half-days that desks of this office hold, in the order of time.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LeasesView {
    /// None when the office has no reception.
    pub leases: Vec<LeaseView>,
    /// The acting person may take them back.
    pub may_revoke: bool,
}

/// A half-day of a counsellor that one desk holds.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LeaseView {
    /// What `leases.revoke` takes.
    pub id: String,
    /// Whose.
    pub counsellor: PersonRef,
    /// The civil date.
    pub date: NaiveDate,
    /// Until 13:00; else from 13:00.
    pub morning: bool,
    /// When it has passed, UTC.
    pub until: DateTime<Utc>,
    /// Who holds it.
    pub desk: String,
    /// "Accueil".
    pub desk_name: String,
    /// It is this desk.
    pub here: bool,
    /// Another desk waits for it.
    pub asked_back: bool,
}

/// `quarantine.list`: what desks had not sent when they were trusted no longer.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct QuarantineView {
    /// In the order in which it was given, a desk after the other.
    pub items: Vec<QuarantineItem>,
    /// There is more than is told.
    pub more: bool,
}

/// Something that was done at a desk that is trusted no longer.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct QuarantineItem {
    /// What `quarantine.release` and `quarantine.discard` take.
    pub id: String,
    /// "Accueil".
    pub desk_name: String,
    /// "appointment.book", …
    pub kind: String,
    /// When it was given, by that desk's clock.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<String>,
    /// About whom.
    pub about: Option<String>,
    /// The start of the meeting concerned, UTC.
    pub start: Option<DateTime<Utc>>,
    /// Its zone.
    pub zone: Option<String>,
    /// With which counsellor.
    pub counsellor: Option<String>,
    /// The state that was noted ("arrived", …).
    pub status: Option<String>,
    /// Why it was refused when it was released; nothing while it waits.
    pub refused: Option<String>,
}

/// What became of what was released.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct QuarantineDone {
    /// What is left.
    pub left: QuarantineView,
    /// How many were carried out.
    pub accepted: u32,
    /// How many were refused: they are still listed, with the reason.
    pub refused: u32,
    /// How many wait for another desk's answer: they can be released again.
    pub waiting: u32,
}

/// What a change gives back: how to undo it, and what to say.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Done {
    /// Ids of the commands written, for the history; empty when there was nothing to do.
    pub commands: Vec<String>,
    /// It can be undone with `undo.last`.
    pub undoable: bool,
    /// The appointment after the change.
    pub appointment: Option<AppointmentView>,
    /// Id of the enquiry or client concerned.
    pub id: Option<String>,
    /// The step that was taken back, for `undo.last` and `undo.step`.
    pub undone: Option<UndoItem>,
}
