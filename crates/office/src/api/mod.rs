//! The one list of commands. The window, the command line, the test bridge and the TypeScript types come from it.
//!
//! Arguments and results (types of [`dto`]; `?` is optional):
//! ```text
//! session.get {} -> SessionView
//! session.use {person} -> SessionView
//! status.get {} -> StatusView
//! outbox.list {} -> OutboxItem[]
//! sync.now {} -> StatusView ; sync.take_over {} -> StatusView   (what central has lost goes here too: the director says so)
//! leases.list {} -> LeasesView ; leases.revoke {leases} -> LeasesView   (half-days that a desk holds; the director takes them back)
//! quarantine.list {} -> QuarantineView ; quarantine.release {items} -> QuarantineDone ; quarantine.discard {items} -> QuarantineView   (what a desk had not sent when it was trusted no longer)
//! enquiries.list EnquiryFilter -> EnquiryList
//! enquiries.get {id} -> EnquiryView
//! enquiries.centres {id, kind?} -> CentreView[]
//! enquiries.claim {id, take_over?} -> Done
//! enquiries.release {id} -> Done
//! enquiries.answer {id, text, proposals: SlotChoice[], kind?} -> Done   (holds the slots and answers, one transaction)
//! enquiries.note {id, text} -> Done
//! enquiries.close {id, how?} -> Done ; enquiries.reopen {id} -> Done
//! enquiries.snooze {id, until} -> Done
//! enquiries.merge {id, into} -> Done
//! enquiries.identify {id, client} -> Done
//! enquiries.open {channel, subject, text, name, relation, postal_code, phone?, mail?, class_level?, client?, sensitive} -> Done
//! drafts.get {key} -> {text}|null ; drafts.set {key, text} -> null     (kept at every key, survives a crash)
//! agenda.day {date} -> DayView
//! agenda.week {date, counsellor} -> WeekView ; agenda.load {from, to} -> LoadView   (at most six weeks)
//! agenda.missing {} -> AppointmentView[]   (past, nobody said what became of them)
//! agenda.next NextQuery -> NextSlots
//! agenda.check BookingDraft -> CheckView ; agenda.check_move MoveDraft -> CheckView
//! appointments.book BookingDraft -> Done ; appointments.hold BookingDraft -> Done
//! appointments.move MoveDraft -> Done
//! appointments.set_status {id, status, reason?, client?} -> Done
//! sessions.move MoveDraft -> Done ; sessions.cancel {id, reason} -> Done   (everybody of a group session, or nobody)
//! appointments.get {id} -> AppointmentView (with history)
//! appointments.list {from?, to?, counsellor?, status?} -> AppointmentView[]
//! undo.last {} -> Done ; undo.step {id} -> Done ; undo.list {limit?} -> UndoItem[]   (of this desk, newest first)
//! clients.search {query, limit?} -> ClientMatch[]
//! clients.get {id} -> ClientView
//! clients.check ClientDraft -> {fields: FieldError[], duplicates: ClientMatch[]}
//! clients.save ClientDraft -> Done   (creates or updates)
//! clients.compare {id, into} -> ClientComparison   (what a merge would do; nothing is changed)
//! clients.merge {id, into, take: ClientField[]} -> Done ; clients.unmerge {id} -> Done
//! conflicts.list {state?} -> ConflictView[] ; conflicts.resolve ConflictChoice -> Done
//! waiting.list WaitingQuery -> WaitingListView ; waiting.freed {} -> FreedList ; waiting.calls PlaceQuery -> CallList
//! waiting.save WaitingDraft -> Done ; waiting.call {id, outcome, counsellor?, start?} -> Done
//! waiting.close {id, reason} -> Done ; waiting.reopen {id} -> Done
//! offices.nearest NearestQuery -> NearestView
//! palette.search {query} -> PaletteItem[]
//! calendar.export CalendarRequest -> CalendarFile
//! catalogue.status {} -> CatalogueStatus
//! catalogue.search CatalogueQuery -> CatalogueAnswer ; catalogue.get CatalogueRequest -> CatalogueRecord|null
//! catalogue.open_page {id} -> PageOpened|null   (the official page, in the browser of the computer)
//! catalogue.suggest SuggestRequest -> CatalogueAnswer   (what fits the question of an enquiry)
//! catalogue.pin PinRequest -> Done ; catalogue.unpin UnpinRequest -> Done   (a record for an enquiry, or for a meeting's preparation)
//! catalogue.pins PinsRequest -> Pins ; catalogue.pin_places PinPlacesQuery -> PinPlace[]
//! catalogue.choose ChooseRequest -> ChosenFiles|null   (the window's own dialog; null where there is none)
//! catalogue.import CatalogueImportRequest -> CatalogueStatus ; catalogue.stop {} -> CatalogueStatus
//! catalogue.update {} -> CatalogueStatus   (asks central for its newest release now)
//! settings.get {} -> SettingsView
//! settings.preview SettingsChanges -> SettingsPreview   (wrong fields, the next five days, the meetings hit)
//! settings.save SettingsChanges -> Done
//! settings.replan Replan -> Done   (the change and what becomes of each meeting, one step)
//! settings.occurrences {from, to} -> OccurrencesView
//! settings.plan_occurrence OccurrenceDraft -> OccurrencePlan   (its changes go to settings.save or settings.replan)
//! settings.holidays {year} -> HolidaysView
//! settings.usage {} -> SettingsUsage   (how many meetings to come lean on each kind, room and site)
//! print.day_sheet DaySheetRequest -> PrintedFile ; print.letter PrintRequest -> PrintedFile ; print.sign_in PrintRequest -> PrintedFile
//! files.show_folder FolderRequest -> FolderShown   (the folder of printed pages, or of calendar files)
//! places.communes {query} -> {postal_code, name}[]
//! Errors: ApiError {code, params, retry, detail}. A refusal by a rule has code = refusal code and params = RefusalView; unseen warnings: code "confirm_warnings", params = {warnings: WarningView[]}.
//! ```

mod act;
pub mod agenda;
pub mod booking;
pub mod calendar;
pub mod catalogue;
pub mod client_acts;
pub mod client_merge;
pub mod clients;
pub mod conflicts;
mod day;
pub mod dto;
mod duplicates;
pub mod enquiries;
pub mod enquiry_acts;
mod error;
mod files;
pub mod group;
pub mod leases;
mod matching;
pub mod overview;
pub mod palette;
pub mod pins;
pub mod print;
pub mod quarantine;
mod search;
pub mod session;
pub mod settings;
pub mod typescript;
mod typescript_settings;
pub mod undo;
pub mod views;
pub mod waiting;
mod waiting_room;
mod when;

use passerelle_domain::people::Role;
use passerelle_domain::{Refusal, RefusalCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::desk::Desk;
use dto::ApiError;

/// Who may give a command. The function checks again what depends on the thing itself (own meetings, sensitive files).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Even before the desk belongs to an office.
    Anybody,
    /// Every member of the office's staff; not the academy's administrator.
    Staff,
}

/// One command: its name, who may give it, and which queries it makes stale.
#[derive(Debug, Clone, Copy)]
pub struct CommandSpec {
    /// `subject.verb`.
    pub name: &'static str,
    /// Who may.
    pub access: Access,
    /// Scopes that the screen reads again: "session", "status", "outbox", "enquiries", "agenda", "clients",
    /// "conflicts", "settings", "undo", "waiting", "directory", "catalogue", "pins", "leases", "quarantine".
    pub invalidates: &'static [&'static str],
}

/// Arguments of a command that takes none; whatever is sent is ignored.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct NoArgs {}

/// Arguments of a command about one thing.
#[derive(Debug, Clone, Deserialize)]
pub struct IdArgs {
    /// Which.
    pub id: String,
}

macro_rules! commands {
    ($($name:literal $access:ident [$($scope:literal)*] $function:path;)*) => {
        /// Every command, in alphabetical order of subject.
        pub const COMMANDS: &[CommandSpec] = &[$(CommandSpec {
            name: $name, access: Access::$access, invalidates: &[$($scope),*],
        }),*];

        async fn dispatch(desk: &Desk, name: &str, args: Value) -> Result<Value, ApiError> {
            match name {
                $($name => {
                    let args = serde_json::from_value(args).map_err(ApiError::bad_arguments)?;
                    let out = $function(desk, args).await?;
                    serde_json::to_value(out).map_err(ApiError::bad_arguments)
                })*
                _ => Err(ApiError::new("unknown_command").with(json!({ "name": name }))),
            }
        }
    };
}

commands! {
    "agenda.check" Staff [] booking::check;
    "agenda.check_move" Staff [] booking::check_move;
    "agenda.day" Staff [] agenda::day;
    "agenda.load" Staff [] overview::load;
    "agenda.missing" Staff [] overview::missing;
    "agenda.next" Staff [] agenda::next;
    "agenda.week" Staff [] overview::week;
    "appointments.book" Staff ["agenda" "enquiries" "clients" "status" "undo" "waiting"] booking::book;
    "appointments.get" Staff [] agenda::appointments_get;
    "appointments.hold" Staff ["agenda" "enquiries" "clients" "status" "undo" "waiting"] booking::hold;
    "appointments.list" Staff [] agenda::appointments_list;
    "appointments.move" Staff ["agenda" "enquiries" "status" "undo" "waiting"] booking::move_to;
    "appointments.set_status" Staff ["agenda" "enquiries" "status" "undo" "waiting"] booking::set_status;
    "calendar.export" Staff [] calendar::export;
    "catalogue.choose" Staff [] catalogue::choose;
    "catalogue.get" Staff [] catalogue::get;
    "catalogue.import" Staff ["catalogue"] catalogue::import;
    "catalogue.open_page" Staff [] catalogue::open_page;
    "catalogue.pin" Staff ["enquiries" "pins" "status" "undo"] pins::pin;
    "catalogue.pin_places" Staff [] pins::places;
    "catalogue.pins" Staff [] pins::pins;
    "catalogue.search" Staff [] catalogue::search;
    "catalogue.status" Staff [] catalogue::status;
    "catalogue.stop" Staff ["catalogue"] catalogue::stop;
    "catalogue.suggest" Staff [] catalogue::suggest;
    "catalogue.unpin" Staff ["enquiries" "pins" "status" "undo"] pins::unpin;
    "catalogue.update" Staff ["catalogue"] catalogue::update;
    "clients.check" Staff [] client_acts::check;
    "clients.compare" Staff [] client_merge::compare;
    "clients.get" Staff [] clients::get;
    "clients.merge" Staff ["clients" "agenda" "enquiries" "status" "undo" "waiting"] client_merge::merge;
    "clients.save" Staff ["clients" "agenda" "enquiries" "status" "undo" "waiting"] client_acts::save;
    "clients.search" Staff [] clients::search;
    "clients.unmerge" Staff ["clients" "agenda" "enquiries" "status" "undo"] client_merge::unmerge;
    "conflicts.list" Staff [] conflicts::list;
    "conflicts.resolve" Staff ["conflicts" "agenda" "enquiries" "status" "undo" "waiting"] booking::resolve;
    "drafts.get" Staff [] session::draft_get;
    "drafts.set" Staff [] session::draft_set;
    "enquiries.answer" Staff ["enquiries" "agenda" "status" "undo"] enquiry_acts::answer;
    "enquiries.centres" Staff [] enquiries::centres;
    "enquiries.claim" Staff ["enquiries" "status" "undo"] enquiry_acts::claim;
    "enquiries.close" Staff ["enquiries" "agenda" "status" "undo"] enquiry_acts::close;
    "enquiries.get" Staff [] enquiries::get;
    "enquiries.identify" Staff ["enquiries" "agenda" "status" "undo"] enquiry_acts::identify;
    "enquiries.list" Staff [] enquiries::list;
    "enquiries.merge" Staff ["enquiries" "status" "undo"] enquiry_acts::merge;
    "enquiries.note" Staff ["enquiries" "status" "undo"] enquiry_acts::note;
    "enquiries.open" Staff ["enquiries" "agenda" "status" "undo"] enquiry_acts::open;
    "enquiries.release" Staff ["enquiries" "status" "undo"] enquiry_acts::release;
    "enquiries.reopen" Staff ["enquiries" "agenda" "status" "undo"] enquiry_acts::reopen;
    "enquiries.snooze" Staff ["enquiries" "status" "undo"] enquiry_acts::snooze;
    "files.show_folder" Staff [] files::show_folder;
    "leases.list" Staff [] leases::list;
    "leases.revoke" Staff ["leases" "agenda" "status" "outbox"] leases::revoke;
    "offices.nearest" Staff [] enquiries::nearest_offices;
    "outbox.list" Staff [] session::outbox;
    "palette.search" Staff [] palette::search;
    "places.communes" Staff [] calendar::communes;
    "print.day_sheet" Staff [] print::day_sheet;
    "print.letter" Staff [] print::letter;
    "print.sign_in" Staff [] print::sign_in;
    "quarantine.discard" Staff ["quarantine" "status"] quarantine::discard;
    "quarantine.list" Staff [] quarantine::list;
    "quarantine.release" Staff ["quarantine" "agenda" "clients" "enquiries" "status"] quarantine::release;
    "session.get" Anybody [] session::get;
    "session.use" Anybody ["session" "enquiries" "agenda"] session::switch;
    "sessions.cancel" Staff ["agenda" "enquiries" "status" "undo"] group::cancel;
    "sessions.move" Staff ["agenda" "enquiries" "status" "undo"] group::move_to;
    "settings.get" Staff [] settings::get;
    "settings.holidays" Staff [] settings::holidays;
    "settings.occurrences" Staff [] settings::occurrences;
    "settings.plan_occurrence" Staff [] settings::plan_occurrence;
    "settings.preview" Staff [] settings::preview;
    "settings.replan" Staff ["settings" "agenda" "enquiries" "session" "status" "undo"] settings::replan;
    "settings.save" Staff ["settings" "agenda" "session" "status" "undo"] settings::save;
    "settings.usage" Staff [] settings::usage;
    "status.get" Anybody [] session::status;
    "sync.now" Staff ["status"] session::sync_now;
    "sync.take_over" Staff ["status" "outbox" "enquiries" "agenda" "clients" "conflicts" "settings" "waiting" "directory" "pins" "session"] session::take_over;
    "undo.last" Staff ["agenda" "enquiries" "clients" "settings" "session" "status" "undo" "waiting" "pins"] undo::last;
    "undo.list" Staff [] undo::list;
    "undo.step" Staff ["agenda" "enquiries" "clients" "settings" "session" "status" "undo" "waiting" "pins"] undo::one;
    "waiting.call" Staff ["waiting" "status" "undo"] waiting::call;
    "waiting.calls" Staff [] waiting::calls;
    "waiting.close" Staff ["waiting" "status" "undo"] waiting::close;
    "waiting.freed" Staff [] waiting::freed;
    "waiting.list" Staff [] waiting::list;
    "waiting.reopen" Staff ["waiting" "status" "undo"] waiting::reopen;
    "waiting.save" Staff ["waiting" "status" "undo"] waiting::save;
}

/// Gives a command. Whoever calls (window, command line, bridge) comes through here: the role is checked, listeners are
/// told what is stale, and the synchronisation is woken when there is something to send.
///
/// # Errors
/// [`ApiError`]: nothing was changed.
pub async fn call(desk: &Desk, name: &str, args: Value) -> Result<Value, ApiError> {
    let spec = COMMANDS
        .iter()
        .find(|c| c.name == name)
        .ok_or_else(|| ApiError::new("unknown_command").with(json!({ "name": name })))?;
    if spec.access == Access::Staff {
        let (_, person) = act::actor(desk).await?;
        // The academy's administrator enrols desks and sees no file of an office, not even to read.
        if person.role == Role::AcademyAdmin {
            return Err(Refusal::new(RefusalCode::NotAllowed).into());
        }
    }
    let out = dispatch(desk, name, args).await?;
    if !spec.invalidates.is_empty() {
        desk.tell(spec.invalidates.iter().copied());
        desk.wake();
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_types_of_the_screen_are_current() {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/shared/backend/generated/types.ts");
        let now = super::typescript::typescript();
        if std::env::var_os("PASSERELLE_WRITE_TYPES").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the types");
            std::fs::write(&path, &now).expect("the file of types");
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(there == now, "run this test with PASSERELLE_WRITE_TYPES=1 to write {}", path.display());
    }
}
