// Generated from crates/office/src/api/dto; see the test `the_types_of_the_screen_are_current`.

export type Channel = "chat" | "mail" | "phone" | "walk_in";
export type ClientCategory =
  "middle_school" | "high_school" | "student" | "apprentice" | "adult" | "out_of_school" | "dropout" | "allophone";
export type ClientField =
  | "family_name" | "given_name" | "birth_date" | "category" | "class_level" | "school" | "postal_code" | "phone" | "mail";
export type FieldError = { field: string; code: string };
export type Relation = "self" | "mother" | "father" | "other";
export type Role = "receptionist" | "counsellor" | "director" | "academy_admin";
export type RoutingReason = "catchment" | "nearest" | "fallback" | "chosen";
export type SchoolZone = "a" | "b" | "c" | "local";
export type HolidayZone = "metropole" | "alsace-moselle";
export type KindColour = "green" | "blue" | "violet" | "ochre" | "brick" | "olive" | "magenta" | "grey";
export type Weekday = "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun";
export type Block = { from: number; to: number };
export type Recurrence = {
  frequency: "daily" | "weekly" | "monthly";
  interval: number;
  weekdays: Weekday[];
  nth_weekday: { nth: number; weekday: Weekday } | null;
  until: string | null;
};
/** The office. Civil times are "HH:MM:SS" in its zone; optional fields are left out when they have their usual value. */
export type OfficeDoc = {
  uai: string;
  name: string;
  town: string;
  address: string;
  postal_code: string;
  position?: { lat: number; lon: number };
  phone?: string;
  mail?: string;
  zone: string;
  hours: { weekday: number; from: string; to: string }[];
  answer_within_min: { chat: number; mail: number; phone: number; walk_in: number };
  hold_min: number;
  school_zone?: SchoolZone;
  travel_min: number;
  travel?: { a: string; b: string; minutes: number }[];
};
export type SiteDoc = {
  id: string;
  name: string;
  kind: "main" | "annexe" | "school";
  address: string;
  zone: string;
  holidays: HolidayZone;
  closures: string[];
  removed?: boolean;
};
export type RoomDoc = {
  id: string;
  site: string;
  name: string;
  kind: string;
  rank: number;
  seats: number;
  removed?: boolean;
};
export type KindDoc = {
  id: string;
  key: string;
  name: string;
  duration_min: number;
  buffer_after_min: number;
  min_notice_min: number;
  horizon_days?: number;
  room_kind?: string;
  capacity: number;
  rank: number;
  active: boolean;
  colour?: KindColour;
  before?: string;
  after?: string;
  online?: boolean;
};
export type OpeningDoc = {
  id: string;
  counsellor: string;
  site: string;
  first_day: string;
  blocks: Block[];
  rule?: Recurrence;
  except: string[];
  overrides: { date: string; blocks: Block[]; site?: string }[];
  works_on_off_days: boolean;
  label?: string;
  term_only?: boolean;
  duty?: boolean;
  removed?: boolean;
};
/** Start and end are civil times "YYYY-MM-DDTHH:MM:SS" of the office. */
export type AbsenceDoc = {
  id: string;
  counsellor: string;
  start: string;
  end: string;
  rule?: Recurrence;
  except: string[];
  label: string;
  detail?: string;
  removed?: boolean;
};
export type SettingDoc =
  | { entity: "office"; doc: OfficeDoc }
  | { entity: "site"; doc: SiteDoc }
  | { entity: "room"; doc: RoomDoc }
  | { entity: "kind"; doc: KindDoc }
  | { entity: "opening"; doc: OpeningDoc }
  | { entity: "absence"; doc: AbsenceDoc };
/** What was read (left out for a new document, whose id the screen makes) and what it is to be. */
export type SettingChange = { seen?: SettingDoc; to: SettingDoc };
export type Status = "held" | "booked" | "arrived" | "attended" | "no_show" | "excused" | "cancelled" | "declined" | "expired";
export type CommandName =
  | "agenda.check"
  | "agenda.check_move"
  | "agenda.day"
  | "agenda.load"
  | "agenda.missing"
  | "agenda.next"
  | "agenda.week"
  | "appointments.book"
  | "appointments.get"
  | "appointments.hold"
  | "appointments.list"
  | "appointments.move"
  | "appointments.set_status"
  | "calendar.export"
  | "catalogue.choose"
  | "catalogue.get"
  | "catalogue.import"
  | "catalogue.open_page"
  | "catalogue.pin"
  | "catalogue.pin_places"
  | "catalogue.pins"
  | "catalogue.search"
  | "catalogue.status"
  | "catalogue.stop"
  | "catalogue.suggest"
  | "catalogue.unpin"
  | "catalogue.update"
  | "clients.check"
  | "clients.compare"
  | "clients.get"
  | "clients.merge"
  | "clients.save"
  | "clients.search"
  | "clients.unmerge"
  | "conflicts.list"
  | "conflicts.resolve"
  | "drafts.get"
  | "drafts.set"
  | "enquiries.answer"
  | "enquiries.centres"
  | "enquiries.claim"
  | "enquiries.close"
  | "enquiries.get"
  | "enquiries.identify"
  | "enquiries.list"
  | "enquiries.merge"
  | "enquiries.note"
  | "enquiries.open"
  | "enquiries.release"
  | "enquiries.reopen"
  | "enquiries.snooze"
  | "files.show_folder"
  | "leases.list"
  | "leases.revoke"
  | "offices.nearest"
  | "outbox.list"
  | "palette.search"
  | "places.communes"
  | "print.day_sheet"
  | "print.letter"
  | "print.sign_in"
  | "quarantine.discard"
  | "quarantine.list"
  | "quarantine.release"
  | "session.get"
  | "session.use"
  | "sessions.cancel"
  | "sessions.move"
  | "settings.get"
  | "settings.holidays"
  | "settings.occurrences"
  | "settings.plan_occurrence"
  | "settings.preview"
  | "settings.replan"
  | "settings.save"
  | "settings.usage"
  | "status.get"
  | "sync.now"
  | "sync.take_over"
  | "undo.last"
  | "undo.list"
  | "undo.step"
  | "waiting.call"
  | "waiting.calls"
  | "waiting.close"
  | "waiting.freed"
  | "waiting.list"
  | "waiting.reopen"
  | "waiting.save";
export type SessionView = { 
/**
 * "unenrolled" until the desk belongs to an office, then "ready".
 */
state: SessionState, 
/**
 * The office, once enrolled.
 */
office: OfficeView | null, 
/**
 * The acting person.
 */
user: PersonView | null, 
/**
 * Everybody who may act at this desk (to switch).
 */
people: Array<PersonView>, 
/**
 * The desk's clock now; tests may have set it.
 */
now: string, 
/**
 * Demonstration data: switching person needs no password.
 */
demo: boolean, };
export type SessionState = "unenrolled" | "joining" | "ready";
export type OfficeView = { 
/**
 * UAI.
 */
uai: string, 
/**
 * "CIO d’Amiens".
 */
name: string, 
/**
 * IANA zone ("Europe/Paris").
 */
zone: string, 
/**
 * Postal code of its seat; empty when it is not known.
 */
postal_code: string, 
/**
 * Commune of its seat; empty when it is not known.
 */
town: string, 
/**
 * Kinds that can be booked, in order.
 */
kinds: Array<KindView>, 
/**
 * Sites.
 */
sites: Array<SiteView>, 
/**
 * Rooms, in the order in which they are taken.
 */
rooms: Array<RoomView>, 
/**
 * Minutes for which a proposal is held.
 */
hold_min: number, };
export type KindView = { 
/**
 * Id.
 */
id: string, 
/**
 * "Entretien d’orientation".
 */
name: string, 
/**
 * Minutes.
 */
duration_min: number, 
/**
 * More than one: a group session.
 */
capacity: number, 
/**
 * The mark by which it is told apart in lists and grids, beside its name.
 */
colour: KindColour, };
export type SiteView = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * It is the office's own building.
 */
main: boolean, };
export type RoomView = { 
/**
 * Id.
 */
id: string, 
/**
 * "Salle A".
 */
name: string, 
/**
 * Site id.
 */
site: string, 
/**
 * Seats.
 */
seats: number, };
export type PersonView = { 
/**
 * Id.
 */
id: string, 
/**
 * Login of the command line.
 */
login: string, 
/**
 * "Mme Rivière".
 */
name: string, 
/**
 * Role.
 */
role: Role, };
export type StatusView = { 
/**
 * Whether the last exchange with central succeeded; `None`: this desk has no central.
 */
online: boolean | null, 
/**
 * Since when it has been offline.
 */
offline_since: string | null, 
/**
 * Last complete exchange.
 */
last_sync: string | null, 
/**
 * An exchange is under way.
 */
syncing: boolean, 
/**
 * Commands that wait to be sent.
 */
pending: number, 
/**
 * Conflicts to settle.
 */
conflicts: number, 
/**
 * Enquiries to be treated.
 */
enquiries_todo: number, 
/**
 * People on the waiting list.
 */
waiting: number, 
/**
 * Who has come for the one at the desk and waits, longest wait first.
 */
arrivals: Array<ArrivalView>, 
/**
 * Next attempt, when offline.
 */
next_try_at: string | null, 
/**
 * Why it is offline, for the detail line: a stable code ("unreachable", "not_central", "refused", "token", …).
 */
offline_code: string | null, 
/**
 * With so many desks of the office, this one among them, the agenda is kept by the office's own network while central
 * is out of reach; `None` when it is not.
 */
colleagues: number | null, 
/**
 * How far this computer's clock is ahead of central's, seconds; `None` unless it is minutes off. Nothing depends on it.
 */
clock_off_s: number | null, 
/**
 * What central has is being read whole: at first, after a long absence, when both sides had grown apart.
 */
reading: ReadingView | null, 
/**
 * Central does not have so much of what is here that a person must say whether it goes here too. Nothing is sent before.
 */
gone: GoneView | null, 
/**
 * Commands of this desk, trusted no longer, that wait for the office's director instead.
 */
put_aside: number, };
export type ReadingView = { 
/**
 * Records that have arrived.
 */
got: number, 
/**
 * Records that there are; 0 before it is known.
 */
total: number, };
export type GoneView = { 
/**
 * Records that would go.
 */
gone: number, 
/**
 * Of so many here.
 */
present: number, };
export type OutboxItem = { 
/**
 * Command id.
 */
id: string, 
/**
 * "appointment.book", …
 */
kind: string, 
/**
 * When it was given.
 */
at: string, 
/**
 * By whom.
 */
by: string | null, 
/**
 * About whom, in words.
 */
about: string | null, 
/**
 * The start of the meeting concerned.
 */
start: string | null, 
/**
 * With which counsellor.
 */
counsellor: string | null, 
/**
 * The state that was noted ("arrived", …).
 */
status: string | null, 
/**
 * How sure the place of its meeting is, for a command that places one.
 */
standing: Standing | null, };
export type LeasesView = { 
/**
 * None when the office has no reception.
 */
leases: Array<LeaseView>, 
/**
 * The acting person may take them back.
 */
may_revoke: boolean, };
export type LeaseView = { 
/**
 * What `leases.revoke` takes.
 */
id: string, 
/**
 * Whose.
 */
counsellor: PersonRef, 
/**
 * The civil date.
 */
date: string, 
/**
 * Until 13:00; else from 13:00.
 */
morning: boolean, 
/**
 * When it has passed, UTC.
 */
until: string, 
/**
 * Who holds it.
 */
desk: string, 
/**
 * "Accueil".
 */
desk_name: string, 
/**
 * It is this desk.
 */
here: boolean, 
/**
 * Another desk waits for it.
 */
asked_back: boolean, };
export type QuarantineView = { 
/**
 * In the order in which it was given, a desk after the other.
 */
items: Array<QuarantineItem>, 
/**
 * There is more than is told.
 */
more: boolean, };
export type QuarantineItem = { 
/**
 * What `quarantine.release` and `quarantine.discard` take.
 */
id: string, 
/**
 * "Accueil".
 */
desk_name: string, 
/**
 * "appointment.book", …
 */
kind: string, 
/**
 * When it was given, by that desk's clock.
 */
at: string, 
/**
 * By whom.
 */
by: string | null, 
/**
 * About whom.
 */
about: string | null, 
/**
 * The start of the meeting concerned, UTC.
 */
start: string | null, 
/**
 * Its zone.
 */
zone: string | null, 
/**
 * With which counsellor.
 */
counsellor: string | null, 
/**
 * The state that was noted ("arrived", …).
 */
status: string | null, 
/**
 * Why it was refused when it was released; nothing while it waits.
 */
refused: string | null, };
export type QuarantineDone = { 
/**
 * What is left.
 */
left: QuarantineView, 
/**
 * How many were carried out.
 */
accepted: number, 
/**
 * How many were refused: they are still listed, with the reason.
 */
refused: number, 
/**
 * How many wait for another desk's answer: they can be released again.
 */
waiting: number, };
export type EnquiryFilter = { 
/**
 * "todo" (new, claimed, internal), "waiting" (client, snoozed), "closed" (converted, answered, closed), "all".
 */
view: string | null, 
/**
 * One exact state.
 */
status: string | null, 
/**
 * Only mine.
 */
mine: boolean, 
/**
 * Words in subject, names or thread.
 */
query: string | null, 
/**
 * At most so many (default 200).
 */
limit: number | null, };
export type EnquiryList = { 
/**
 * Oldest due first.
 */
rows: Array<EnquiryRow>, 
/**
 * How many of each view.
 */
todo: number, 
/**
 * Waiting for the family or snoozed.
 */
waiting: number, 
/**
 * Ended.
 */
closed: number, };
export type EnquiryRow = { 
/**
 * Id.
 */
id: string, 
/**
 * Short public reference.
 */
reference: string, 
/**
 * Channel.
 */
channel: Channel, 
/**
 * Who asks ("Mme Corinne Delahaye").
 */
name: string, 
/**
 * What they are to the young person.
 */
relation: Relation, 
/**
 * First words; empty when sensitive and the reader is at reception.
 */
subject: string, 
/**
 * Class or public in words.
 */
class_level: string | null, 
/**
 * Public.
 */
category: ClientCategory | null, 
/**
 * State.
 */
status: string, 
/**
 * When it came.
 */
received_at: string, 
/**
 * First answer due.
 */
due_at: string, 
/**
 * It comes back then.
 */
snoozed_until: string | null, 
/**
 * Who answers it.
 */
owner: PersonRef | null, 
/**
 * It is the reader's own.
 */
mine: boolean, 
/**
 * Not yet sent to central.
 */
pending: boolean, 
/**
 * Hidden from this reader.
 */
hidden: boolean, };
export type PersonRef = { 
/**
 * Id.
 */
id: string, 
/**
 * "Mme Rivière".
 */
name: string, };
export type EnquiryView = { 
/**
 * Messages in order, notes included; empty when hidden.
 */
thread: Array<MessageView>, 
/**
 * Mail for the answer.
 */
mail: string | null, 
/**
 * Phone for the answer.
 */
phone: string | null, 
/**
 * Given name of the young person, when somebody else asks.
 */
about: string | null, 
/**
 * School in words.
 */
school: string | null, 
/**
 * Home.
 */
postal_code: string, 
/**
 * Communes of that postal code.
 */
communes: Array<string>, 
/**
 * Why this office has it.
 */
routing: RoutingReason, 
/**
 * Kilometres.
 */
distance_km: number | null, 
/**
 * When it was claimed.
 */
claimed_at: string | null, 
/**
 * The claim is not confirmed by central yet (offline).
 */
claim_provisional: boolean, 
/**
 * The client, when known.
 */
client: ClientView | null, 
/**
 * Clients that are perhaps the same person (when none is linked yet, or a near duplicate of the linked one).
 */
candidates: Array<ClientMatch>, 
/**
 * The appointment that it became.
 */
appointment: AppointmentView | null, 
/**
 * Slots held for the family.
 */
proposals: Array<AppointmentView>, 
/**
 * Id.
 */
id: string, 
/**
 * Short public reference.
 */
reference: string, 
/**
 * Channel.
 */
channel: Channel, 
/**
 * Who asks ("Mme Corinne Delahaye").
 */
name: string, 
/**
 * What they are to the young person.
 */
relation: Relation, 
/**
 * First words; empty when sensitive and the reader is at reception.
 */
subject: string, 
/**
 * Class or public in words.
 */
class_level: string | null, 
/**
 * Public.
 */
category: ClientCategory | null, 
/**
 * State.
 */
status: string, 
/**
 * When it came.
 */
received_at: string, 
/**
 * First answer due.
 */
due_at: string, 
/**
 * It comes back then.
 */
snoozed_until: string | null, 
/**
 * Who answers it.
 */
owner: PersonRef | null, 
/**
 * It is the reader's own.
 */
mine: boolean, 
/**
 * Not yet sent to central.
 */
pending: boolean, 
/**
 * Hidden from this reader.
 */
hidden: boolean, };
export type MessageView = { 
/**
 * Id.
 */
id: string, 
/**
 * UTC.
 */
at: string, 
/**
 * "family", "online_service" or "staff".
 */
from: string, 
/**
 * Name as shown.
 */
name: string, 
/**
 * Plain text.
 */
text: string, 
/**
 * A note between colleagues.
 */
internal: boolean, 
/**
 * Its author took it back then.
 */
withdrawn: string | null, };
export type CentreView = { 
/**
 * UAI.
 */
uai: string, 
/**
 * Name.
 */
name: string, 
/**
 * Kilometres.
 */
distance_km: number | null, 
/**
 * The catchment says this one.
 */
assigned: boolean, 
/**
 * It is this desk's own office: its slots can be booked here.
 */
own: boolean, 
/**
 * Phone of the office, for the others.
 */
phone: string | null, 
/**
 * Next free slots.
 */
slots: Array<SlotView>, };
export type SlotView = { 
/**
 * UTC.
 */
start: string, 
/**
 * UTC.
 */
end: string, 
/**
 * Zone of the site.
 */
zone: string, 
/**
 * Civil start at the site, `YYYY-MM-DDTHH:MM`; what `appointments.book` takes.
 */
local: string, 
/**
 * Counsellor.
 */
counsellor: PersonRef, 
/**
 * Site id.
 */
site: string, 
/**
 * Name of the site when it is not the main one.
 */
site_name: string | null, 
/**
 * Room id.
 */
room: string | null, 
/**
 * The second counsellor, when two hold it.
 */
second: PersonRef | null, 
/**
 * A planned group session with its seats; `None`: free time.
 */
seats: SeatsView | null, };
export type SeatsView = { 
/**
 * Nobody's yet.
 */
left: number, 
/**
 * All.
 */
of: number, };
export type DayView = { 
/**
 * The day.
 */
date: string, 
/**
 * Zone of the main site; all civil minutes below are in it.
 */
zone: string, 
/**
 * First and last minute since midnight worth drawing (openings, meetings, at least 8:30 to 18:00).
 */
from_min: number, 
/**
 * Last minute.
 */
to_min: number, 
/**
 * The office is closed ("Armistice 1918", "Fermeture").
 */
closed: string | null, 
/**
 * School holidays of the office's zone ("Vacances d’hiver · zone B").
 */
holiday: string | null, 
/**
 * Counsellors first, then rooms that have group sessions.
 */
columns: Array<DayColumn>, 
/**
 * Meetings of the day, all states.
 */
blocks: Array<AppointmentView>, 
/**
 * Clients in the waiting room, longest wait first (only today).
 */
waiting: Array<WaitingView>, 
/**
 * Clients who have come and whose hour has begun: with the counsellor, as far as anybody said (only today).
 */
received: Array<WaitingView>, 
/**
 * People at the counter without an appointment, longest wait first (only today).
 */
walk_ins: Array<WalkInView>, 
/**
 * Past meetings of earlier days without a final state.
 */
missing: Array<MissingView>, 
/**
 * Commands or conflicts that wait for a person.
 */
todo: DayTodo, };
export type DayColumn = { 
/**
 * Id of the counsellor or room.
 */
id: string, 
/**
 * "counsellor" or "room".
 */
kind: string, 
/**
 * "Mme Dupont", "Salle A".
 */
name: string, 
/**
 * "Bureau 1", "18 places".
 */
place: string | null, 
/**
 * How many meetings of the shortest usual kind still fit today.
 */
free: number, 
/**
 * Open stretches at any site.
 */
open: Array<OpenStretch>, 
/**
 * Absences.
 */
absences: Array<AbsenceStretch>, };
export type OpenStretch = { 
/**
 * Minutes since midnight.
 */
from_min: number, 
/**
 * Excluded.
 */
to_min: number, 
/**
 * Site id.
 */
site: string, 
/**
 * Name of the site when it is not the main one (a duty at a school, an annexe).
 */
site_name: string | null, 
/**
 * It is a school: drawn as "Permanence".
 */
school: boolean, 
/**
 * A permanence: who comes without an appointment goes there; nothing is offered in it.
 */
duty: boolean, };
export type AbsenceStretch = { 
/**
 * Minutes since midnight.
 */
from_min: number, 
/**
 * Excluded.
 */
to_min: number, 
/**
 * "Formation".
 */
label: string, 
/**
 * Second line.
 */
detail: string | null, };
export type AppointmentView = { 
/**
 * Id.
 */
id: string, 
/**
 * UTC.
 */
start: string, 
/**
 * UTC.
 */
end: string, 
/**
 * Zone of the site.
 */
zone: string, 
/**
 * Civil date at the site.
 */
date: string, 
/**
 * Minutes since midnight at the site.
 */
from_min: number, 
/**
 * Excluded.
 */
to_min: number, 
/**
 * Kind.
 */
kind: KindView, 
/**
 * Counsellor.
 */
counsellor: PersonRef, 
/**
 * The second counsellor, when two hold it.
 */
second: PersonRef | null, 
/**
 * The group session that it belongs to: the same for everybody in it.
 */
session: string | null, 
/**
 * In a group session: somebody's seat, and not the planned session itself. True for every other meeting.
 */
seat: boolean, 
/**
 * Site id.
 */
site: string, 
/**
 * Name of the site when it is not the main one.
 */
site_name: string | null, 
/**
 * Room id.
 */
room: string | null, 
/**
 * Name of the room.
 */
room_name: string | null, 
/**
 * State; a proposal whose hour has passed is shown as expired, also while central has not said so.
 */
status: Status, 
/**
 * A proposal ends then.
 */
held_until: string | null, 
/**
 * The client, when known.
 */
client: ClientRef | null, 
/**
 * Who comes along.
 */
companions: Array<CompanionView>, 
/**
 * The enquiry.
 */
enquiry: string | null, 
/**
 * When the client came.
 */
arrived_at: string | null, 
/**
 * Reason of an override.
 */
override_reason: string | null, 
/**
 * Version (SEQUENCE).
 */
version: number, 
/**
 * "local" (waits to be sent), "sent", "acknowledged" or "conflict".
 */
sync: string, 
/**
 * How sure its place is; a meeting that takes no time is as central says.
 */
standing: Standing, 
/**
 * Its time has passed and nobody said what became of it.
 */
status_missing: boolean, 
/**
 * Id of the conflict, if it is in one.
 */
conflict: string | null, 
/**
 * What happened, oldest first (only from `appointments.get`).
 */
history: Array<HistoryView>, };
export type Standing = "confirmed" | "guaranteed" | "reserved" | "to_replace";
export type ClientRef = { 
/**
 * Id.
 */
id: string, 
/**
 * "Inès Benchekroun".
 */
name: string, 
/**
 * Given name.
 */
given_name: string, 
/**
 * Family name.
 */
family_name: string, 
/**
 * Class in words.
 */
class_level: string | null, 
/**
 * Phone to call: the client's, else the first guardian's.
 */
phone: string | null, };
export type CompanionView = { 
/**
 * Relation.
 */
relation: Relation, 
/**
 * Guardian id.
 */
guardian: string | null, 
/**
 * Whether this person came.
 */
came: boolean | null, };
export type HistoryView = { 
/**
 * UTC.
 */
at: string, 
/**
 * By whom.
 */
by: string | null, 
/**
 * "created", "moved", "status" or "overridden".
 */
what: string, 
/**
 * State after, for "created" and "status".
 */
status: Status | null, 
/**
 * Old start, for "moved".
 */
from_start: string | null, 
/**
 * Old counsellor, for "moved".
 */
from_counsellor: string | null, 
/**
 * The old second one, for "moved".
 */
from_second: string | null, 
/**
 * Reason.
 */
reason: string | null, };
export type WaitingView = { 
/**
 * The appointment.
 */
appointment: string, 
/**
 * Client.
 */
name: string, 
/**
 * Who is along.
 */
companions: Array<CompanionView>, 
/**
 * Since.
 */
since: string, 
/**
 * For whom.
 */
counsellor: PersonRef, 
/**
 * And for whom, when two hold it.
 */
second: PersonRef | null, 
/**
 * Start of the meeting.
 */
start: string, };
export type MissingView = { 
/**
 * The appointment.
 */
appointment: string, 
/**
 * Client.
 */
name: string, 
/**
 * Start.
 */
start: string, 
/**
 * With whom.
 */
counsellor: PersonRef, };
export type DayTodo = { 
/**
 * Conflicts.
 */
conflicts: number, 
/**
 * Meetings of the next working day whose family has no mail: to be called.
 */
calls_tomorrow: number, 
/**
 * The next working day.
 */
tomorrow: string | null, 
/**
 * Minute of the day at which today's office hours end, when there are any.
 */
closes_min: number | null, };
export type WeekView = { 
/**
 * Whose week.
 */
counsellor: PersonRef, 
/**
 * Zone of the main site; all civil minutes below are in it.
 */
zone: string, 
/**
 * First minute since midnight worth drawing, the same for all days.
 */
from_min: number, 
/**
 * Last minute.
 */
to_min: number, 
/**
 * Monday to Friday; Saturday and Sunday when there is something on them.
 */
days: Array<WeekDay>, };
export type WeekDay = { 
/**
 * The day.
 */
date: string, 
/**
 * The office is closed ("Armistice 1918", "Fermeture").
 */
closed: string | null, 
/**
 * School holidays of the office's zone ("Vacances d’hiver · zone B").
 */
holiday: string | null, 
/**
 * The person's column, as on the grid of that day.
 */
column: DayColumn, 
/**
 * The person's meetings, all states.
 */
blocks: Array<AppointmentView>, };
export type LoadView = { 
/**
 * In the order of the columns of the day grid.
 */
people: Array<PersonRef>, 
/**
 * Every civil day asked for.
 */
days: Array<LoadDay>, };
export type LoadDay = { 
/**
 * The day.
 */
date: string, 
/**
 * The office is closed ("Armistice 1918", "Fermeture").
 */
closed: string | null, 
/**
 * School holidays of the office's zone ("Vacances d’hiver · zone B").
 */
holiday: string | null, 
/**
 * One for each of `people`, in the same order.
 */
people: Array<LoadPerson>, };
export type LoadPerson = { 
/**
 * What begins before 13:00.
 */
morning: LoadHalf, 
/**
 * The rest.
 */
afternoon: LoadHalf, };
export type LoadHalf = { 
/**
 * Meetings that take time; a group session counts once.
 */
booked: number, 
/**
 * Past meetings of which nobody said what became.
 */
missing: number, 
/**
 * How many meetings of the shortest usual kind still fit.
 */
free: number, 
/**
 * Minutes in which the person receives families at the office's own places, absences taken off.
 */
open_min: number, 
/**
 * Minutes of duty at schools, absences taken off: families are not offered them.
 */
school_min: number, 
/**
 * Minutes of opening that an absence takes.
 */
absent_min: number, 
/**
 * Minutes that meetings take, inside openings or not.
 */
taken_min: number, 
/**
 * Where, when it is another place than the main site all along.
 */
site_name: string | null, };
export type NextQuery = { 
/**
 * Kind id; the first kind when absent.
 */
kind: string | null, 
/**
 * Counsellor id.
 */
counsellor: string | null, 
/**
 * Id of a second counsellor who must be free as well.
 */
second: string | null, 
/**
 * Only these weekdays (0 = Monday).
 */
weekdays: Array<number>, 
/**
 * Not before this minute of the day.
 */
after_min: number | null, 
/**
 * Site id; where families are received when absent.
 */
site: string | null, 
/**
 * For whom: slots with the counsellor who follows them come first.
 */
client: string | null, 
/**
 * From this day (default today).
 */
from: string | null, 
/**
 * How many civil days ahead (default 60).
 */
days: number | null, 
/**
 * How many (default 6).
 */
limit: number | null, };
export type NextSlots = { 
/**
 * For a group kind, planned sessions with a seat left first, in order of start; then free time, in order. With a
 * `client` whom somebody follows, the free time of that counsellor comes before the others'.
 */
slots: Array<SlotView>, 
/**
 * Who follows the `client` asked for.
 */
referent: PersonRef | null, };
export type BookingDraft = { 
/**
 * Kind id.
 */
kind: string, 
/**
 * Counsellor id.
 */
counsellor: string, 
/**
 * Id of a second counsellor who holds it too.
 */
second: string | null, 
/**
 * Civil start at the site, `YYYY-MM-DDTHH:MM`.
 */
start: string, 
/**
 * Minutes; the kind's when absent.
 */
minutes: number | null, 
/**
 * Site id; where the counsellor is at that time, else the main one, when absent.
 */
site: string | null, 
/**
 * Room id.
 */
room: string | null, 
/**
 * Client id.
 */
client: string | null, 
/**
 * A new client, created in the same transaction.
 */
new_client: ClientDraft | null, 
/**
 * Who comes along.
 */
companions: Array<CompanionView>, 
/**
 * Enquiry id, which is converted.
 */
enquiry: string | null, 
/**
 * Id of the entry of the waiting list that it answers; found by client and kind when absent.
 */
waiting: string | null, 
/**
 * Codes of the warnings that the person has seen; others stop the booking with `confirm_warnings`.
 */
seen_warnings: Array<string>, 
/**
 * Reason for setting a rule aside.
 */
override_reason: string | null, 
/**
 * Proposals end then (default now + `hold_min`).
 */
held_until: string | null, };
export type CheckView = { 
/**
 * It can be done, though perhaps with warnings.
 */
possible: boolean, 
/**
 * Things that a person may know better.
 */
warnings: Array<WarningView>, 
/**
 * Why it cannot be done.
 */
refusal: RefusalView | null, 
/**
 * Seats of the group session that takes place there, which a booking would join.
 */
session: SeatsView | null, };
export type WarningView = { 
/**
 * "absence", "outside_opening", "other_site", "gap_too_short", "same_kind_same_day", "holiday", "closure",
 * "external", "past", "buffer", "room_seats".
 */
code: string, 
/**
 * What it is about, in words (label of an absence, name of a site, of a holiday).
 */
about: string | null, 
/**
 * UTC.
 */
from: string | null, 
/**
 * UTC.
 */
to: string | null, 
/**
 * Name of the second counsellor, when it is about their time.
 */
who: string | null, };
export type RefusalView = { 
/**
 * Code of the domain.
 */
code: string, 
/**
 * The meeting in the way.
 */
with: AppointmentView | null, 
/**
 * Who has it, for a claim; who of two counsellors is taken, for a place.
 */
person: PersonRef | null, 
/**
 * From or until when.
 */
limit: string | null, 
/**
 * Wrong fields.
 */
fields: Array<FieldError>, 
/**
 * Free places: three with the same person first, then three with colleagues.
 */
alternatives: Array<SlotView>, };
export type Done = { 
/**
 * Ids of the commands written, for the history; empty when there was nothing to do.
 */
commands: Array<string>, 
/**
 * It can be undone with `undo.last`.
 */
undoable: boolean, 
/**
 * The appointment after the change.
 */
appointment: AppointmentView | null, 
/**
 * Id of the enquiry or client concerned.
 */
id: string | null, 
/**
 * The step that was taken back, for `undo.last` and `undo.step`.
 */
undone: UndoItem | null, };
export type MoveDraft = { 
/**
 * Appointment id.
 */
id: string, 
/**
 * Civil start at the site, `YYYY-MM-DDTHH:MM`.
 */
start: string, 
/**
 * Counsellor id; the present one when absent.
 */
counsellor: string | null, 
/**
 * Id of the second counsellor; the present one when absent, nobody when empty.
 */
second: string | null, 
/**
 * Site id; as for a booking.
 */
site: string | null, 
/**
 * Room id; its own when it is free there, else the first free one of its kind, when absent.
 */
room: string | null, 
/**
 * Minutes; its own when absent.
 */
minutes: number | null, 
/**
 * Seen warnings.
 */
seen_warnings: Array<string>, 
/**
 * Reason for setting a rule aside.
 */
override_reason: string | null, };
export type UndoItem = { 
/**
 * Id of the step.
 */
id: string, 
/**
 * Kind of its main command.
 */
kind: string, 
/**
 * When.
 */
at: string, 
/**
 * By whom, as shown.
 */
by: string | null, 
/**
 * The one at the desk did it.
 */
mine: boolean, 
/**
 * About whom.
 */
about: string | null, 
/**
 * The other one, of a merge.
 */
other: string | null, 
/**
 * Start of the meeting.
 */
start: string | null, 
/**
 * Zone of its site.
 */
zone: string | null, 
/**
 * With whom it is.
 */
counsellor: string | null, 
/**
 * The state that was noted ("arrived", …).
 */
status: string | null, 
/**
 * "ready", "undone", "void" (central refused it) or "blocked" (something later stands in the way).
 */
state: string, 
/**
 * Why it is blocked: the code of the refusal.
 */
why: string | null, };
export type ClientDraft = { 
/**
 * Id, when an existing one is changed.
 */
id: string | null, 
/**
 * Family name.
 */
family_name: string, 
/**
 * Given name.
 */
given_name: string, 
/**
 * Birth date, `YYYY-MM-DD` or as typed `31/02/2010`.
 */
birth_date: string | null, 
/**
 * Public.
 */
category: ClientCategory | null, 
/**
 * Class.
 */
class_level: string | null, 
/**
 * School.
 */
school: string | null, 
/**
 * Postal code.
 */
postal_code: string | null, 
/**
 * Phone.
 */
phone: string | null, 
/**
 * Mail.
 */
mail: string | null, 
/**
 * Guardians.
 */
guardians: Array<GuardianDraft>, 
/**
 * Id of the counsellor who follows this person; empty for nobody, absent to leave it as it is.
 */
referent: string | null, };
export type GuardianDraft = { 
/**
 * Id, when an existing one is changed.
 */
id: string | null, 
/**
 * Relation.
 */
relation: Relation | null, 
/**
 * Given name.
 */
given_name: string, 
/**
 * Family name.
 */
family_name: string, 
/**
 * Phone.
 */
phone: string | null, 
/**
 * Mail.
 */
mail: string | null, };
export type ClientView = { 
/**
 * Id.
 */
id: string, 
/**
 * Family name.
 */
family_name: string, 
/**
 * Given name.
 */
given_name: string, 
/**
 * Birth date.
 */
birth_date: string | null, 
/**
 * Age in years today.
 */
age: number | null, 
/**
 * Public.
 */
category: ClientCategory | null, 
/**
 * Class.
 */
class_level: string | null, 
/**
 * School.
 */
school: string | null, 
/**
 * Postal code.
 */
postal_code: string | null, 
/**
 * Phone.
 */
phone: string | null, 
/**
 * Mail.
 */
mail: string | null, 
/**
 * Guardians.
 */
guardians: Array<GuardianView>, 
/**
 * The counsellor who follows this person.
 */
referent: PersonRef | null, 
/**
 * Past and coming meetings, newest first.
 */
appointments: Array<AppointmentView>, 
/**
 * Enquiries, newest first.
 */
enquiries: Array<EnquiryRow>, 
/**
 * Records that look like the same person.
 */
duplicates: Array<ClientMatch>, 
/**
 * What this person was called on records that were merged into this one.
 */
also_known: Array<AlsoKnownView>, 
/**
 * Not yet sent.
 */
pending: boolean, };
export type GuardianView = { 
/**
 * Id.
 */
id: string, 
/**
 * Relation.
 */
relation: Relation, 
/**
 * Given name.
 */
given_name: string, 
/**
 * Family name.
 */
family_name: string, 
/**
 * Phone.
 */
phone: string | null, 
/**
 * Mail.
 */
mail: string | null, };
export type AlsoKnownView = { 
/**
 * The merged record, if it can be taken apart again; none for what this record itself once said.
 */
record: string | null, 
/**
 * "Inès Ben Chekroune"; none when the name is the same.
 */
name: string | null, 
/**
 * Birth date.
 */
birth_date: string | null, 
/**
 * Numbers.
 */
phones: Array<string>, 
/**
 * Mail addresses.
 */
mails: Array<string>, };
export type ClientComparison = { 
/**
 * The record that would end.
 */
ended: ClientView, 
/**
 * The one that would go on.
 */
target: ClientView, 
/**
 * Its guardians afterwards.
 */
guardians: Array<GuardianView>, 
/**
 * Meetings that would go over…
 */
appointments: number, 
/**
 * …of which so many are still to come.
 */
upcoming: number, 
/**
 * Enquiries that would go over.
 */
enquiries: number, 
/**
 * Why it cannot be done, with the meeting in the way.
 */
refusal: RefusalView | null, };
export type ClientMatch = { 
/**
 * Id.
 */
id: string, 
/**
 * Family name.
 */
family_name: string, 
/**
 * Given name.
 */
given_name: string, 
/**
 * Birth date.
 */
birth_date: string | null, 
/**
 * Class.
 */
class_level: string | null, 
/**
 * School.
 */
school: string | null, 
/**
 * Whom to call ("mère 06 39 98 18 55").
 */
contact: ContactView | null, 
/**
 * Parts of the shown name that matched, as character ranges `[from, to)` of "Family, Given".
 */
matched: Array<[number, number]>, 
/**
 * The name of a merged record that what was typed answers, when the shown one does not.
 */
also: string | null, 
/**
 * Why it may be a duplicate: "same_birth_date", "same_phone", "same_mail", "same_guardian", "same_name".
 */
duplicate: Array<string>, 
/**
 * Next meeting.
 */
next: string | null, 
/**
 * The counsellor who follows this person.
 */
referent: PersonRef | null, 
/**
 * Postal code of the home.
 */
postal_code: string | null, };
export type ContactView = { 
/**
 * Whose.
 */
relation: Relation, 
/**
 * Number.
 */
phone: string, };
export type ConflictView = { 
/**
 * Id.
 */
id: string, 
/**
 * Code of the refusal.
 */
code: string, 
/**
 * "open" or "settled".
 */
state: string, 
/**
 * When it appeared.
 */
at: string, 
/**
 * Kind of the refused command.
 */
kind: string, 
/**
 * What was done here.
 */
mine: ConflictSide | null, 
/**
 * What central has instead.
 */
theirs: ConflictSide | null, 
/**
 * Three nearest free slots with the same person.
 */
same_person: Array<SlotView>, 
/**
 * Three with colleagues.
 */
colleagues: Array<SlotView>, 
/**
 * The client to call.
 */
phone: string | null, 
/**
 * How it was settled.
 */
settled: string | null, };
export type ConflictSide = { 
/**
 * The meeting.
 */
appointment: AppointmentView | null, 
/**
 * By whom.
 */
by: string | null, 
/**
 * When.
 */
at: string | null, 
/**
 * It was done without the network.
 */
offline: boolean, };
export type ConflictChoice = { 
/**
 * Conflict id.
 */
id: string, 
/**
 * "theirs" (give mine up), "mine" (book mine anyway, with a reason), "slot" (book mine there).
 */
take: string, 
/**
 * For "slot".
 */
slot: SlotChoice | null, 
/**
 * For "mine".
 */
reason: string | null, };
export type SlotChoice = { 
/**
 * Civil start at the site.
 */
local: string, 
/**
 * Counsellor id.
 */
counsellor: string, 
/**
 * Site id.
 */
site: string, };
export type PaletteItem = { 
/**
 * "slot", "day", "next", "client", "person", "enquiry", "catalogue".
 */
kind: string, 
/**
 * Id, when it has one.
 */
id: string | null, 
/**
 * What is shown, in words, for clients and enquiries; other kinds are worded on the screen from the fields.
 */
title: string, 
/**
 * Second text.
 */
detail: string | null, 
/**
 * A day.
 */
date: string | null, 
/**
 * A slot.
 */
slot: SlotView | null, 
/**
 * How many meetings (of a day).
 */
count: number | null, 
/**
 * Matched character ranges of the title.
 */
matched: Array<[number, number]>, };
export type CalendarRequest = { 
/**
 * One appointment, or…
 */
appointment: string | null, 
/**
 * …an agenda: from this day…
 */
from: string | null, 
/**
 * …to this one, included…
 */
to: string | null, 
/**
 * …of one counsellor.
 */
counsellor: string | null, 
/**
 * Names and kinds in the text; otherwise "Rendez-vous CIO".
 */
with_names: boolean, 
/**
 * File to write; a name in the downloads folder is made when absent.
 */
out: string | null, };
export type CalendarFile = { 
/**
 * How many events.
 */
events: number, 
/**
 * Where it was written.
 */
file: string, };
export type SettingsView = { 
/**
 * What may be changed: "all" (the director) or "own_absences" (a counsellor, who sees only their own absences and
 * openings).
 */
may: string, 
/**
 * The office with its travel times.
 */
office: OfficeDoc, 
/**
 * Sites: the main one first, then by name.
 */
sites: Array<SiteDoc>, 
/**
 * Rooms, by site, rank and name.
 */
rooms: Array<RoomDoc>, 
/**
 * Kinds of appointment, also those no longer offered, by rank.
 */
kinds: Array<KindDoc>, 
/**
 * Openings and permanences.
 */
openings: Array<OpeningDoc>, 
/**
 * Absences.
 */
absences: Array<AbsenceDoc>, 
/**
 * Those who receive, in the order of the agenda's columns.
 */
staff: Array<PersonRef>, 
/**
 * The zone of school holidays that holds: the chosen one, else that of the department.
 */
school_zone: SchoolZone | null, 
/**
 * Ids of the documents above (the office's is its UAI) that central has not confirmed yet.
 */
pending: Array<string>, 
/**
 * Today at the office.
 */
today: string, };
export type SettingsUsage = { 
/**
 * By kind id.
 */
kinds: { [key in string]: number }, 
/**
 * By room id.
 */
rooms: { [key in string]: number }, 
/**
 * By site id.
 */
sites: { [key in string]: number }, };
export type SettingsChanges = { 
/**
 * Each with the document as it was read (absent for a new one, whose id the screen makes).
 */
changes: Array<SettingChange>, 
/**
 * The person has seen which meetings fall outside the openings: they stay as they are. Meetings under an absence
 * or on a closed day are never passed over like that: `settings.replan`.
 */
accept_hits: boolean, };
export type SettingsPreview = { 
/**
 * Wrong fields, by place in the list: "0.blocks.1.to", "kinds".
 */
fields: Array<FieldError>, 
/**
 * One of the documents has changed since it was read.
 */
stale: boolean, 
/**
 * For each opening or absence among the changes, its next five days from today.
 */
next: Array<NextDates>, 
/**
 * The meetings to come that it hits, in order of start.
 */
hits: Array<HitView>, };
export type NextDates = { 
/**
 * Id of the document.
 */
id: string, 
/**
 * Five at most, those suppressed among them; fewer when it ends.
 */
dates: Array<OccurrenceView>, 
/**
 * Nothing comes after them.
 */
ends: boolean, };
export type OccurrenceView = { 
/**
 * "opening" or "absence".
 */
entity: string, 
/**
 * Id of its document.
 */
id: string, 
/**
 * Whose.
 */
counsellor: PersonRef, 
/**
 * The day; of an absence, its first.
 */
date: string, 
/**
 * The last day of an absence that lasts several; else the same day.
 */
last_date: string, 
/**
 * Stretches of the day, minutes since midnight at the site. Of an absence: one stretch, from the minute on the
 * first day to the minute on the last.
 */
blocks: Array<BlockView>, 
/**
 * Site id; none for an absence.
 */
site: string | null, 
/**
 * Name of the site, even of the main one.
 */
site_name: string | null, 
/**
 * Label of the document ("Permanence", "Formation").
 */
label: string | null, 
/**
 * A permanence.
 */
duty: boolean, 
/**
 * It comes back: the whole series can be meant.
 */
repeats: boolean, 
/**
 * It differs from the rule.
 */
changed: boolean, 
/**
 * Why it does not take place: "closure", "public_holiday", "school_holiday".
 */
suppressed: string | null, 
/**
 * Name of that holiday.
 */
suppressed_name: string | null, };
export type BlockView = { 
/**
 * Minutes since midnight.
 */
from: number, 
/**
 * Excluded.
 */
to: number, };
export type HitView = { 
/**
 * The meeting.
 */
appointment: AppointmentView, 
/**
 * Whom to call.
 */
contact: ContactView | null, 
/**
 * "absence", "closure", "holiday", "outside_opening", "duty".
 */
why: Array<string>, 
/**
 * It cannot be passed over: an absence or a closed day.
 */
must_decide: boolean, 
/**
 * The three nearest free places with the same person, once the change is made.
 */
same_person: Array<SlotView>, 
/**
 * The three nearest with colleagues.
 */
colleagues: Array<SlotView>, };
export type Replan = { 
/**
 * The change itself: absences, closures, openings.
 */
changes: Array<SettingChange>, 
/**
 * What becomes of each meeting that it hits.
 */
decisions: Array<ReplanDecision>, };
export type ReplanDecision = { 
/**
 * Appointment id.
 */
appointment: string, 
/**
 * "move", "cancel" or "keep".
 */
take: string, 
/**
 * Where to, for "move".
 */
slot: SlotChoice | null, 
/**
 * Why, for "cancel" and "keep".
 */
reason: string | null, };
export type OccurrenceDraft = { 
/**
 * Opening id.
 */
opening: string, 
/**
 * The day as it is now.
 */
date: string, 
/**
 * What it becomes; none removes it.
 */
to: OccurrenceTarget | null, 
/**
 * "one": that day alone. "following": the series from that day on.
 */
scope: string, };
export type OccurrenceTarget = { 
/**
 * The day.
 */
date: string, 
/**
 * Its stretches.
 */
blocks: Array<BlockView>, 
/**
 * Site id; the opening's own when absent.
 */
site: string | null, };
export type OccurrencePlan = { 
/**
 * For `settings.save` or `settings.replan`.
 */
changes: Array<SettingChange>, 
/**
 * As `settings.preview` says it.
 */
preview: SettingsPreview, };
export type OccurrencesView = { 
/**
 * What is to be known of each day, in order.
 */
days: Array<DayNote>, 
/**
 * Openings, permanences and absences that touch those days, in order of day and hour.
 */
occurrences: Array<OccurrenceView>, };
export type DayNote = { 
/**
 * The day.
 */
date: string, 
/**
 * The main site is closed ("Armistice de 1918", "Fermeture").
 */
closed: string | null, 
/**
 * "Vacances d’hiver · zone B".
 */
holiday: string | null, };
export type HolidaysView = { 
/**
 * Public holidays, computed, of the zones that the office's sites keep.
 */
public: Array<PublicHolidayView>, 
/**
 * School holidays of the office's zone that touch the year.
 */
school: Array<SchoolHolidayView>, 
/**
 * "zone B"; none when nothing is known of the academy's calendar.
 */
school_zone: string | null, 
/**
 * The last day of which school holidays are known.
 */
known_until: string | null, };
export type PublicHolidayView = { 
/**
 * The day.
 */
date: string, 
/**
 * "Ascension".
 */
name: string, 
/**
 * Only in Alsace-Moselle.
 */
alsace_moselle: boolean, };
export type SchoolHolidayView = { 
/**
 * "Vacances d’hiver".
 */
name: string, 
/**
 * First day without school.
 */
first: string, 
/**
 * Last day without school.
 */
last: string, };
export type DaySheetRequest = { 
/**
 * The day; the next working day when absent.
 */
date: string | null, 
/**
 * Only this counsellor; else everybody who sees somebody.
 */
counsellor: string | null, 
/**
 * One list of everybody in the order of time, instead of a page a counsellor.
 */
desk: boolean, 
/**
 * File to write; one in the profile, for some days, when absent.
 */
out: string | null, };
export type PrintRequest = { 
/**
 * The appointment; for a group session, that of any participant.
 */
id: string, 
/**
 * File to write; one in the profile, for some days, when absent.
 */
out: string | null, };
export type PrintedFile = { 
/**
 * Where it is.
 */
file: string, 
/**
 * How many pages it has.
 */
pages: number, 
/**
 * The program that shows PDF was asked to open it.
 */
shown: boolean, 
/**
 * The day of the sheet, or of the meeting.
 */
date: string, };
export type WrittenFolder = "prints" | "calendars";
export type FolderRequest = { 
/**
 * Which.
 */
of: WrittenFolder, };
export type FolderShown = { 
/**
 * Where it is.
 */
folder: string, 
/**
 * The program that shows folders was asked to open it.
 */
shown: boolean, };
export type WaitingEntryView = { 
/**
 * Id.
 */
id: string, 
/**
 * Who waits.
 */
client: ClientMatch, 
/**
 * Whom to call, in that order.
 */
contacts: Array<ContactView>, 
/**
 * Motif.
 */
kind: KindView, 
/**
 * Only with this counsellor.
 */
counsellor: PersonRef | null, 
/**
 * Only at this site (id).
 */
site: string | null, 
/**
 * Its name.
 */
site_name: string | null, 
/**
 * Only on these weekdays (0 = Monday); none means any.
 */
weekdays: Array<number>, 
/**
 * Not before this minute of the day.
 */
after_min: number | null, 
/**
 * Over by this minute of the day.
 */
before_min: number | null, 
/**
 * Of no use after this day.
 */
until: string | null, 
/**
 * To be called first.
 */
urgent: boolean, 
/**
 * For whoever calls.
 */
note: string, 
/**
 * Since when.
 */
since: string, 
/**
 * Attempts to reach them, newest first.
 */
calls: Array<CallView>, 
/**
 * "waiting", "booked" or "closed".
 */
state: string, 
/**
 * The meeting that it became.
 */
appointment: string | null, 
/**
 * Why it was closed: "no_longer_wanted", "elsewhere", "unreachable", "mistake".
 */
reason: string | null, 
/**
 * Not yet sent to central.
 */
pending: boolean, };
export type CallView = { 
/**
 * UTC.
 */
at: string, 
/**
 * By whom.
 */
by: string | null, 
/**
 * "no_answer", "declined" or "left_message".
 */
outcome: string, };
export type WaitingQuery = { 
/**
 * All entries of this person (client id), ended ones too; everybody who waits when absent.
 */
client: string | null, };
export type WaitingListView = { 
/**
 * Longest wait first; of one person, newest first.
 */
entries: Array<WaitingEntryView>, };
export type FreedList = { 
/**
 * In order of time.
 */
places: Array<FreedPlaceView>, 
/**
 * How many wait in all.
 */
waiting: number, };
export type FreedPlaceView = { 
/**
 * Where and when.
 */
slot: SlotView, 
/**
 * Minutes.
 */
minutes: number, 
/**
 * The kind of the meeting that stood there.
 */
kind: KindView, 
/**
 * When it became free.
 */
freed_at: string, 
/**
 * How many can be called for it.
 */
count: number, 
/**
 * Who is to be called first.
 */
first: string, };
export type PlaceQuery = { 
/**
 * Kind id of the meeting that stood there.
 */
kind: string, 
/**
 * Counsellor id.
 */
counsellor: string, 
/**
 * Civil start at the site, `YYYY-MM-DDTHH:MM`.
 */
start: string, 
/**
 * Site id; where the counsellor is at that time when absent.
 */
site: string | null, 
/**
 * Minutes; the kind's when absent.
 */
minutes: number | null, };
export type CallList = { 
/**
 * The place.
 */
slot: SlotView, 
/**
 * Minutes.
 */
minutes: number, 
/**
 * The kind that stood there.
 */
kind: KindView, 
/**
 * It can still be given away: ahead, inside an opening, and nobody has it.
 */
free: boolean, 
/**
 * Those whom it fits, in the order in which to call them.
 */
lines: Array<CallLine>, };
export type CallLine = { 
/**
 * Who.
 */
entry: WaitingEntryView, 
/**
 * Why here: "urgent", "wanted_counsellor", "referent", "exact_kind", "other_kind", "called_recently",
 * "declined_this", "busy".
 */
reasons: Array<string>, 
/**
 * They can be called: not busy, and have not said no to this place.
 */
callable: boolean, };
export type WaitingDraft = { 
/**
 * Id, when an entry is changed.
 */
id: string | null, 
/**
 * Client id, for a new entry.
 */
client: string | null, 
/**
 * A new client, created in the same transaction.
 */
new_client: ClientDraft | null, 
/**
 * Kind id.
 */
kind: string, 
/**
 * Counsellor id.
 */
counsellor: string | null, 
/**
 * Site id.
 */
site: string | null, 
/**
 * Only on these weekdays (0 = Monday).
 */
weekdays: Array<number>, 
/**
 * Not before this minute of the day.
 */
after_min: number | null, 
/**
 * Over by this minute of the day.
 */
before_min: number | null, 
/**
 * Of no use after this day.
 */
until: string | null, 
/**
 * To be called first.
 */
urgent: boolean, 
/**
 * For whoever calls.
 */
note: string, };
export type WalkInView = { 
/**
 * The enquiry that was noted.
 */
enquiry: string, 
/**
 * Who.
 */
name: string, 
/**
 * Since.
 */
since: string, 
/**
 * What about; empty when hidden from this reader.
 */
subject: string, 
/**
 * Hidden from this reader.
 */
hidden: boolean, 
/**
 * The person's record, when known.
 */
client: ClientMatch | null, 
/**
 * Not yet sent to central.
 */
pending: boolean, };
export type ArrivalView = { 
/**
 * The appointment.
 */
appointment: string, 
/**
 * "Inès M.": no more than is needed to know who.
 */
name: string, 
/**
 * Start of the meeting.
 */
start: string, 
/**
 * Since when they are here.
 */
since: string, };
export type NearestQuery = { 
/**
 * Postal code of the home; the client's, else the office's own, when absent.
 */
postal_code: string | null, 
/**
 * Client id.
 */
client: string | null, 
/**
 * Kind id, for this office's own slots; the first kind when absent.
 */
kind: string | null, 
/**
 * At most so many (default 20).
 */
limit: number | null, };
export type NearestView = { 
/**
 * The postal code that distances are from.
 */
postal_code: string, 
/**
 * Its communes; none when it is not one.
 */
communes: Array<string>, 
/**
 * The offices, nearest first; this desk's own is among them.
 */
centres: Array<CentreView>, 
/**
 * What is said of the others is as of then; `None`: never heard from central.
 */
as_of: string | null, 
/**
 * The last exchange with central succeeded.
 */
online: boolean | null, };
export type CatalogueQuery = { 
/**
 * What was typed so far: words, a whole question, an identifier, a UAI, a ROME code. Nothing: everything.
 */
text: string, 
/**
 * "programme", "offering", "institution", "occupation", "faq". None: all but the offerings, which come in only
 * where a place is part of the question.
 */
kinds: Array<string>, 
/**
 * Codes of levels.
 */
levels: Array<string>, 
/**
 * Domains, or "domaine/sous-domaine".
 */
domains: Array<string>, 
/**
 * Types of school and of diploma.
 */
categories: Array<string>, 
/**
 * "public", "privé"…
 */
statuses: Array<string>, 
/**
 * Codes of départements.
 */
departments: Array<string>, 
/**
 * Académies.
 */
academies: Array<string>, 
/**
 * From where distances are said: a postal code, a commune, or both ("80090 Amiens").
 */
near: string | null, 
/**
 * Only what is given, or stands, within so many kilometres of there.
 */
within_km: number | null, 
/**
 * "relevance" (unless said) or "distance".
 */
order: string | null, 
/**
 * All kinds in one group, best first, instead of a group each.
 */
together: boolean, 
/**
 * Of one kind: how many hits to pass over.
 */
offset: number, 
/**
 * How many hits to give: of one kind when one is asked for, else of each kind. At most 200.
 */
limit: number | null, };
export type CatalogueAnswer = { 
/**
 * How many records answer, of all kinds.
 */
total: number, 
/**
 * The kinds that have any, in the order in which they are shown.
 */
groups: Array<CatalogueGroup>, 
/**
 * What the search can be narrowed by.
 */
facets: Array<CatalogueFacet>, 
/**
 * Words of the question that nothing is known for.
 */
unknown: Array<string>, 
/**
 * Nothing has all the words: what has most of them is given.
 */
relaxed: boolean, 
/**
 * The place that distances are said from, as it was understood; none when none was said or it is unknown.
 */
near: string | null, 
/**
 * The release that was searched.
 */
release: string, 
/**
 * How long it took at the desk, in microseconds.
 */
took_us: number, };
export type CatalogueGroup = { 
/**
 * "programme", "occupation", "institution", "faq", "offering"; "all" when they were asked for together.
 */
kind: string, 
/**
 * How many there are.
 */
total: number, 
/**
 * Those that are shown.
 */
hits: Array<CatalogueHit>, };
export type CatalogueHit = { 
/**
 * Its identifier.
 */
id: string, 
/**
 * "programme", "occupation", "institution", "faq", "offering".
 */
kind: string, 
/**
 * Its name, in pieces.
 */
title: Array<TextPiece>, 
/**
 * What stands under it: type and length, type and commune; of an offering, where.
 */
subtitle: string, 
/**
 * A piece of what it says, where it says something.
 */
snippet: Array<TextPiece>, 
/**
 * How far its nearest place is, in kilometres as the crow flies.
 */
distance_km: number | null, 
/**
 * At how many places a programme is given; how many programmes an institution gives.
 */
places: number, 
/**
 * Which words led there.
 */
why: Array<CatalogueReason>, };
export type TextPiece = { 
/**
 * The text.
 */
text: string, 
/**
 * Whether it is a word of the question.
 */
hit: boolean, };
export type CatalogueReason = { 
/**
 * The words of the question, as typed.
 */
asked: string, 
/**
 * "code", "exact", "form", "beginning", "synonym", "repaired", "alike".
 */
how: string, 
/**
 * What was found for them, where that is something else.
 */
found: string | null, };
export type CatalogueFacet = { 
/**
 * "kinds", "levels", "domains", "categories", "statuses", "departments", "academies": a list of
 * [`CatalogueQuery`].
 */
property: string, 
/**
 * Its values: levels in their order, others most hits first.
 */
values: Array<CatalogueCount>, };
export type CatalogueCount = { 
/**
 * The value, as [`CatalogueQuery`] takes it.
 */
value: string, 
/**
 * What it is called ("Somme (80)"); kinds are worded on the screen.
 */
label: string, 
/**
 * How many hits choosing it would give.
 */
hits: number, };
export type CatalogueRequest = { 
/**
 * An identifier, or a UAI.
 */
id: string, 
/**
 * From where distances are said, as in [`CatalogueQuery::near`].
 */
near: string | null, 
/**
 * How many places to list, the nearest first: 12 unless said, at most 500.
 */
places: number | null, };
export type OpenPageRequest = { 
/**
 * The record whose official page is wanted.
 */
id: string, };
export type PageOpened = { 
/**
 * Its address.
 */
url: string, 
/**
 * Whether the browser of the computer was asked to show it; else the address is to be copied.
 */
opened: boolean, };
export type CatalogueRecord = { 
/**
 * Its identifier.
 */
id: string, 
/**
 * "programme", "occupation", "institution", "faq", "offering".
 */
kind: string, 
/**
 * Its name.
 */
title: string, 
/**
 * What stands under it.
 */
subtitle: string, 
/**
 * Short facts, in the order in which they are shown.
 */
facts: Array<CatalogueFact>, 
/**
 * What it says, in the order in which it is shown.
 */
texts: Array<CatalogueText>, 
/**
 * Programmes: of an occupation those that lead there, of a question those that it is about.
 */
programmes: Array<CatalogueLink>, 
/**
 * Occupations: of a programme those that it leads to, of an occupation those beside it.
 */
occupations: Array<CatalogueLink>, 
/**
 * Institutions that it is tied to.
 */
institutions: Array<CatalogueLink>, 
/**
 * Questions about it.
 */
questions: Array<CatalogueLink>, 
/**
 * Where a programme is given, nearest first when a place was said; what an institution gives, by name.
 */
places: Array<CataloguePlace>, 
/**
 * How many there are.
 */
places_total: number, 
/**
 * Open days to come of an institution, and of the places that are listed; soonest first.
 */
open_days: Array<CatalogueOpenDay>, 
/**
 * The place that distances are said from, as it was understood.
 */
near: string | null, 
/**
 * How far an institution is.
 */
distance_km: number | null, 
/**
 * Its official page.
 */
url: string | null, 
/**
 * The Markdown of an answer, to be put into a reply.
 */
answer: string | null, 
/**
 * Release since which no dataset has it; it stays readable for whoever refers to it.
 */
gone_since: string | null, 
/**
 * Only its name is known: something else names it and no file describes it.
 */
named_only: boolean, 
/**
 * Who told of it.
 */
sources: Array<CatalogueSource>, };
export type CatalogueFact = { 
/**
 * "type", "level", "duration", "certification", "domains", "subjects", "authority", "rncp", "status", "address",
 * "department", "academy", "phone", "mail", "website", "boarding", "accessibility", "languages", "pupils", "state",
 * "uai", "annexes", "field", "also", "sectors", "statuses", "interests", "rome", "attendance", "elements", "cost",
 * "welcome".
 */
key: string, 
/**
 * Its value, as it is shown. Several are several facts with the same key.
 */
value: string, };
export type CatalogueText = { 
/**
 * "description", "access", "expectations", "further", "hook", "summary", "work", "conditions", "skills", "career",
 * "answer".
 */
key: string, 
/**
 * Its blocks.
 */
blocks: Array<CatalogueBlock>, };
export type CatalogueBlock = { "type": "heading", 
/**
 * Its words.
 */
text: string, } | { "type": "paragraph", 
/**
 * Its words.
 */
text: string, } | { "type": "list", 
/**
 * The words of each item.
 */
items: Array<string>, };
export type CatalogueLink = { 
/**
 * Its identifier.
 */
id: string, 
/**
 * Its name.
 */
label: string, 
/**
 * Whether the catalogue holds it; else only its name is known.
 */
known: boolean, };
export type CataloguePlace = { 
/**
 * `AF.n`.
 */
id: string, 
/**
 * The programme.
 */
programme: CatalogueLink, 
/**
 * The institution.
 */
institution: CatalogueLink, 
/**
 * Type and commune of the institution.
 */
place: string, 
/**
 * "temps plein", "apprentissage"…
 */
attendance: Array<string>, 
/**
 * "2 ans".
 */
duration: string, 
/**
 * Kilometres as the crow flies.
 */
distance_km: number | null, 
/**
 * From the place that was said: kilometres to the east and to the north, for the little map.
 */
offset_km: [number, number] | null, 
/**
 * Its official page.
 */
url: string | null, 
/**
 * Release since which it is not given any more.
 */
gone_since: string | null, };
export type CatalogueOpenDay = { 
/**
 * The institution.
 */
institution: CatalogueLink, 
/**
 * First day; none where the text says no date that can be read.
 */
from: string | null, 
/**
 * Last day, when there are several.
 */
to: string | null, 
/**
 * On the clock of the place.
 */
opens: string | null, 
/**
 * On the clock of the place.
 */
closes: string | null, 
/**
 * It is held online.
 */
online: boolean, 
/**
 * As it was published.
 */
written: string, 
/**
 * Where one says that one comes.
 */
url: string | null, };
export type CatalogueSource = { 
/**
 * Its name.
 */
title: string, 
/**
 * Who publishes it.
 */
publisher: string, 
/**
 * Under which licence.
 */
licence: string, 
/**
 * Day of its release.
 */
published: string | null, };
export type PinTo = { "enquiry": string } | { "appointment": string };
export type PinRequest = { 
/**
 * To what.
 */
to: PinTo, 
/**
 * Id of the record, as `catalogue.get` takes it.
 */
record: string, 
/**
 * Why: "à voir avec la mère".
 */
note: string | null, };
export type UnpinRequest = { 
/**
 * From what.
 */
to: PinTo, 
/**
 * Id of the record, as its pin says it.
 */
record: string, };
export type PinsRequest = { 
/**
 * Of what.
 */
to: PinTo, };
export type Pins = { 
/**
 * Whose it is: the client, else who asks, else the reference of the enquiry; empty for a meeting without anybody.
 */
for: string, 
/**
 * Pinned there, in the order of pinning.
 */
pins: Array<Pin>, 
/**
 * Of a meeting: what is pinned to the enquiry that it came from and not to the meeting itself.
 */
of_enquiry: Array<Pin>, 
/**
 * Whether the reader may pin and take off.
 */
may_pin: boolean, 
/**
 * How many records a place takes.
 */
most: number, };
export type Pin = { 
/**
 * Id of the record.
 */
record: string, 
/**
 * "programme", "occupation", "institution", "faq", "offering", or "other": a sort that a newer desk knows.
 */
kind: string, 
/**
 * Its title then.
 */
title: string, 
/**
 * What stood under it then; may be empty.
 */
subtitle: string, 
/**
 * Why it was pinned; what several people said stands on a line each.
 */
note: string | null, 
/**
 * By whom, as shown.
 */
by: string, 
/**
 * When.
 */
at: string, 
/**
 * What the catalogue of this desk says of it: "known", "gone" (it left a release, and still opens) or "absent" (it
 * opens here no more than the catalogue that had it). While the catalogue is being opened: "known".
 */
state: string, 
/**
 * Release since which it is gone.
 */
gone_since: string | null, };
export type PinPlacesQuery = { 
/**
 * Part of a name. Empty: the reader's own meetings and enquiries.
 */
text: string, };
export type PinPlace = { 
/**
 * It.
 */
to: PinTo, 
/**
 * Whose it is.
 */
label: string, 
/**
 * Of a meeting: its start.
 */
start: string | null, 
/**
 * Of a meeting: the zone of its site.
 */
zone: string | null, 
/**
 * Of a meeting: with whom.
 */
counsellor: string | null, 
/**
 * Of an enquiry: how it came.
 */
channel: Channel | null, 
/**
 * Of an enquiry: when it came.
 */
received_at: string | null, };
export type CatalogueStatus = { 
/**
 * "none", "loading" (its index is being read or made), "ready", "damaged" (it has to be imported again).
 */
state: string, 
/**
 * The release in service.
 */
release: string | null, 
/**
 * Records that can be found.
 */
records: number, 
/**
 * What it was made of.
 */
sources: Array<CatalogueSource>, 
/**
 * The import that is at work.
 */
import: CatalogueImport | null, 
/**
 * What became of the last import of this start of the program.
 */
last: CatalogueImported | null, };
export type CatalogueImport = { 
/**
 * "downloading", "reading", "keeping", "checking", "indexing".
 */
stage: string, 
/**
 * The file that is read.
 */
file: string, 
/**
 * Bytes read; while indexing, records.
 */
done: number, 
/**
 * Bytes of all files, as far as they are known; while indexing, records.
 */
total: number, 
/**
 * Rows read.
 */
rows: number, 
/**
 * Seconds since it began.
 */
seconds: number, 
/**
 * Seconds left, as far as can be said.
 */
left_s: number | null, };
export type CatalogueImported = { 
/**
 * Why nothing was imported; the catalogue in service is as it was.
 */
failed: ApiError | null, 
/**
 * Rows read.
 */
read: number, 
/**
 * Rows kept.
 */
kept: number, 
/**
 * Rows that could not be kept.
 */
rejected: number, 
/**
 * Those of them that are told, at most two hundred.
 */
rejects: Array<CatalogueReject>, 
/**
 * Files that are none of a catalogue, and why.
 */
ignored: Array<CatalogueReject>, 
/**
 * Records by kind.
 */
by_kind: Array<CatalogueCount>, 
/**
 * How long it took, in seconds.
 */
seconds: number, };
export type CatalogueReject = { 
/**
 * The file.
 */
file: string, 
/**
 * The line, where it is known.
 */
line: number | null, 
/**
 * Why, in words of the screen.
 */
reason: string, };
export type CatalogueImportRequest = { 
/**
 * Files, archives and folders.
 */
paths: Array<string>, };
export type SuggestRequest = { 
/**
 * The enquiry.
 */
enquiry: string, 
/**
 * How many of each kind: 4 unless said.
 */
limit: number | null, };
export type ChooseRequest = { 
/**
 * Folders instead of files.
 */
folders: boolean, };
export type ChosenFiles = { 
/**
 * What was chosen; nothing when the person changed their mind.
 */
paths: Array<string>, };
export type ApiError = { 
/**
 * Stable code.
 */
code: string, 
/**
 * What the text needs.
 */
params: unknown, 
/**
 * Trying again may help.
 */
retry: boolean, 
/**
 * For the log and for support; in English, never shown as the message.
 */
detail: string | null, };
