//! What crosses to the screen and to the command line's `--json`. TypeScript types are generated from here.
//!
//! Instants are RFC 3339 in UTC, with the zone beside them where a civil time is shown; dates are `YYYY-MM-DD`.
//! Names are already written as they are shown ("Mme Dupont"); words that depend on the language stay on the screen.

use chrono::{DateTime, NaiveDate, Utc};
use passerelle_domain::appointment::Status;
use passerelle_domain::client::{ClientCategory, FieldError, Relation};
use passerelle_domain::enquiry::{Channel, RoutingReason};
use passerelle_domain::people::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// No profile yet.
    Unenrolled,
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
    /// Kinds that can be booked, in order.
    pub kinds: Vec<KindView>,
    /// Sites.
    pub sites: Vec<SiteView>,
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
    /// Next attempt, when offline.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Why it is offline, for the detail line: a stable code ("unreachable", "not_central", "refused", "token", …).
    pub offline_code: Option<String>,
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
}

// ---- Enquiries -----------------------------------------------------------------------------------------------------

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

/// A person by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonRef {
    /// Id.
    pub id: String,
    /// "Mme Rivière".
    pub name: String,
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
}

// ---- Agenda --------------------------------------------------------------------------------------------------------

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
    /// Counsellors first, then rooms that have group sessions.
    pub columns: Vec<DayColumn>,
    /// Meetings of the day, all states.
    pub blocks: Vec<AppointmentView>,
    /// Clients in the waiting room, longest wait first (only today).
    pub waiting: Vec<WaitingView>,
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
    /// Site id.
    pub site: String,
    /// Name of the site when it is not the main one.
    pub site_name: Option<String>,
    /// Room id.
    pub room: Option<String>,
    /// Name of the room.
    pub room_name: Option<String>,
    /// State.
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
    /// Its time has passed and nobody said what became of it.
    pub status_missing: bool,
    /// Id of the conflict, if it is in one.
    pub conflict: Option<String>,
    /// What happened, oldest first (only from `appointments.get`).
    pub history: Vec<HistoryView>,
}

/// A client by id and name.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ClientRef {
    /// Id.
    pub id: String,
    /// "Inès Benchekroun".
    pub name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Class in words.
    pub class_level: Option<String>,
    /// Phone to call: the client's, else the first guardian's.
    pub phone: Option<String>,
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
}

/// `agenda.next` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct NextQuery {
    /// Kind id; the first kind when absent.
    pub kind: Option<String>,
    /// Counsellor id.
    pub counsellor: Option<String>,
    /// Only these weekdays (0 = Monday).
    pub weekdays: Vec<u8>,
    /// Not before this minute of the day.
    pub after_min: Option<u16>,
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
    /// In order.
    pub slots: Vec<SlotView>,
}

/// A booking as typed; `agenda.check`, `appointments.book`, `appointments.hold`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BookingDraft {
    /// Kind id.
    pub kind: String,
    /// Counsellor id.
    pub counsellor: String,
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
    /// Codes of the warnings that the person has seen; others stop the booking with `confirm_warnings`.
    pub seen_warnings: Vec<String>,
    /// Reason for setting a rule aside.
    pub override_reason: Option<String>,
    /// Proposals end then (default now + `hold_min`).
    pub held_until: Option<DateTime<Utc>>,
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
}

/// A warning: never blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WarningView {
    /// "absence", "outside_opening", "other_site", "gap_too_short", "same_kind_same_day", "holiday", "closure",
    /// "external", "past", "buffer".
    pub code: String,
    /// What it is about, in words (label of an absence, name of a site, of a holiday).
    pub about: Option<String>,
    /// UTC.
    pub from: Option<DateTime<Utc>>,
    /// UTC.
    pub to: Option<DateTime<Utc>>,
}

/// A refusal with what is possible instead.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RefusalView {
    /// Code of the domain.
    pub code: String,
    /// The meeting in the way.
    pub with: Option<AppointmentView>,
    /// Who has it, for a claim.
    pub person: Option<PersonRef>,
    /// From or until when.
    pub limit: Option<DateTime<Utc>>,
    /// Wrong fields.
    #[ts(type = "Array<FieldError>")]
    pub fields: Vec<FieldError>,
    /// Free places: three with the same person first, then three with colleagues.
    pub alternatives: Vec<SlotView>,
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
    /// Site id; as for a booking.
    pub site: Option<String>,
    /// Minutes; its own when absent.
    pub minutes: Option<u32>,
    /// Seen warnings.
    pub seen_warnings: Vec<String>,
    /// Reason for setting a rule aside.
    pub override_reason: Option<String>,
}

/// `undo.list`: what can be taken back, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UndoItem {
    /// Id of the step.
    pub id: String,
    /// Kind of the first command.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// About whom.
    pub about: Option<String>,
}

// ---- Clients -------------------------------------------------------------------------------------------------------

/// A client form.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ClientDraft {
    /// Id, when an existing one is changed.
    pub id: Option<String>,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date, `YYYY-MM-DD` or as typed `31/02/2010`.
    pub birth_date: Option<String>,
    /// Public.
    #[ts(type = "ClientCategory | null")]
    pub category: Option<ClientCategory>,
    /// Class.
    pub class_level: Option<String>,
    /// School.
    pub school: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Mail.
    pub mail: Option<String>,
    /// Guardians.
    pub guardians: Vec<GuardianDraft>,
}

/// A guardian of a form.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct GuardianDraft {
    /// Id, when an existing one is changed.
    pub id: Option<String>,
    /// Relation.
    #[ts(type = "Relation | null")]
    pub relation: Option<Relation>,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Phone.
    pub phone: Option<String>,
    /// Mail.
    pub mail: Option<String>,
}

/// A client in full.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ClientView {
    /// Id.
    pub id: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Age in years today.
    pub age: Option<u32>,
    /// Public.
    #[ts(type = "ClientCategory | null")]
    pub category: Option<ClientCategory>,
    /// Class.
    pub class_level: Option<String>,
    /// School.
    pub school: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Mail.
    pub mail: Option<String>,
    /// Guardians.
    pub guardians: Vec<GuardianView>,
    /// Past and coming meetings, newest first.
    pub appointments: Vec<AppointmentView>,
    /// Enquiries, newest first.
    pub enquiries: Vec<EnquiryRow>,
    /// Records that look like the same person.
    pub duplicates: Vec<ClientMatch>,
    /// Not yet sent.
    pub pending: bool,
}

/// A guardian.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct GuardianView {
    /// Id.
    pub id: String,
    /// Relation.
    #[ts(type = "Relation")]
    pub relation: Relation,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Phone.
    pub phone: Option<String>,
    /// Mail.
    pub mail: Option<String>,
}

/// A found client.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ClientMatch {
    /// Id.
    pub id: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Class.
    pub class_level: Option<String>,
    /// School.
    pub school: Option<String>,
    /// Whom to call ("mère 06 39 98 18 55").
    pub contact: Option<ContactView>,
    /// Parts of the shown name that matched, as character ranges `[from, to)` of "Family, Given".
    pub matched: Vec<(u16, u16)>,
    /// Why it may be a duplicate: "same_birth_date", "same_phone", "same_mail", "same_guardian", "same_name".
    pub duplicate: Vec<String>,
    /// Next meeting.
    pub next: Option<DateTime<Utc>>,
}

/// A number to call.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ContactView {
    /// Whose.
    #[ts(type = "Relation")]
    pub relation: Relation,
    /// Number.
    pub phone: String,
}

// ---- Conflicts and palette -----------------------------------------------------------------------------------------

/// `conflicts.list`: a command that central refused, or that no longer holds.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ConflictView {
    /// Id.
    pub id: String,
    /// Code of the refusal.
    pub code: String,
    /// "open" or "settled".
    pub state: String,
    /// When it appeared.
    pub at: DateTime<Utc>,
    /// Kind of the refused command.
    pub kind: String,
    /// What was done here.
    pub mine: Option<ConflictSide>,
    /// What central has instead.
    pub theirs: Option<ConflictSide>,
    /// Three nearest free slots with the same person.
    pub same_person: Vec<SlotView>,
    /// Three with colleagues.
    pub colleagues: Vec<SlotView>,
    /// The client to call.
    pub phone: Option<String>,
    /// How it was settled.
    pub settled: Option<String>,
}

/// One side of a conflict.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ConflictSide {
    /// The meeting.
    pub appointment: Option<AppointmentView>,
    /// By whom.
    pub by: Option<String>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// It was done without the network.
    pub offline: bool,
}

/// `conflicts.resolve` arguments.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ConflictChoice {
    /// Conflict id.
    pub id: String,
    /// "theirs" (give mine up), "mine" (book mine anyway, with a reason), "slot" (book mine there).
    pub take: String,
    /// For "slot".
    pub slot: Option<SlotChoice>,
    /// For "mine".
    pub reason: Option<String>,
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

/// `palette.search`: one line of the palette.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PaletteItem {
    /// "slot", "day", "next", "client", "person", "enquiry".
    pub kind: String,
    /// Id, when it has one.
    pub id: Option<String>,
    /// What is shown, in words, for clients and enquiries; other kinds are worded on the screen from the fields.
    pub title: String,
    /// Second text.
    pub detail: Option<String>,
    /// A day.
    pub date: Option<NaiveDate>,
    /// A slot.
    pub slot: Option<SlotView>,
    /// How many meetings (of a day).
    pub count: Option<u32>,
    /// Matched character ranges of the title.
    pub matched: Vec<(u16, u16)>,
}

/// `calendar.export` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CalendarRequest {
    /// One appointment, or…
    pub appointment: Option<String>,
    /// …an agenda: from this day…
    pub from: Option<NaiveDate>,
    /// …to this one, included…
    pub to: Option<NaiveDate>,
    /// …of one counsellor.
    pub counsellor: Option<String>,
    /// Names and kinds in the text; otherwise "Rendez-vous CIO".
    pub with_names: bool,
    /// File to write; a name in the downloads folder is made when absent.
    pub out: Option<String>,
}

/// `calendar.export`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CalendarFile {
    /// How many events.
    pub events: u32,
    /// Where it was written.
    pub file: String,
}

/// How an error crosses: no Rust text reaches the screen.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ApiError {
    /// Stable code.
    pub code: String,
    /// What the text needs.
    #[ts(type = "unknown")]
    pub params: serde_json::Value,
    /// Trying again may help.
    pub retry: bool,
    /// For the log and for support; in English, never shown as the message.
    pub detail: Option<String>,
}
