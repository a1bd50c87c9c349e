//! The one list of commands. The window, the command line, the test bridge and the TypeScript types come from it.
//!
//! Arguments and results (types of [`dto`]; `?` is optional):
//! ```text
//! session.get {} -> SessionView
//! session.use {person} -> SessionView
//! status.get {} -> StatusView
//! outbox.list {} -> OutboxItem[]
//! sync.now {} -> StatusView
//! enquiries.list EnquiryFilter -> EnquiryList
//! enquiries.get {id} -> EnquiryView
//! enquiries.centres {id, kind?} -> CentreView[]
//! enquiries.claim {id, take_over?} -> Done
//! enquiries.release {id} -> Done
//! enquiries.answer {id, text, proposals: SlotChoice[], kind?} -> Done   (holds the slots and answers, one transaction)
//! enquiries.note {id, text} -> Done
//! enquiries.close {id} / enquiries.reopen {id} -> Done
//! enquiries.snooze {id, until} -> Done
//! enquiries.merge {id, into} -> Done
//! enquiries.identify {id, client} -> Done
//! enquiries.open {channel, subject, text, name, relation, postal_code, phone?, mail?, class_level?, client?, sensitive} -> Done
//! drafts.get {key} -> {text}|null ; drafts.set {key, text} -> null     (kept at every key, survives a crash)
//! agenda.day {date} -> DayView
//! agenda.next NextQuery -> NextSlots
//! agenda.check BookingDraft -> CheckView ; agenda.check_move MoveDraft -> CheckView
//! appointments.book BookingDraft -> Done ; appointments.hold BookingDraft -> Done
//! appointments.move MoveDraft -> Done
//! appointments.set_status {id, status, reason?, client?} -> Done
//! appointments.get {id} -> AppointmentView (with history)
//! appointments.list {from?, to?, counsellor?, status?} -> AppointmentView[]
//! undo.last {} -> Done ; undo.list {} -> UndoItem[]
//! clients.search {query, limit?} -> ClientMatch[]
//! clients.get {id} -> ClientView
//! clients.check ClientDraft -> {fields: FieldError[], duplicates: ClientMatch[]}
//! clients.save ClientDraft -> Done   (creates or updates)
//! conflicts.list {state?} -> ConflictView[] ; conflicts.resolve ConflictChoice -> Done
//! palette.search {query} -> PaletteItem[]
//! calendar.export CalendarRequest -> CalendarFile
//! places.communes {query} -> {postal_code, name}[]
//! Errors: ApiError {code, params, retry, detail}. A refusal by a rule has code = refusal code and params = RefusalView; unseen warnings: code "confirm_warnings", params = {warnings: WarningView[]}.
//! ```

pub mod dto;
mod error;
pub mod typescript;

/// Who may give a command. The function checks again what depends on the thing itself (own meetings, sensitive files).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Even before the desk belongs to an office.
    Anybody,
    /// Every member of the office's staff.
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
    /// "conflicts", "undo".
    pub invalidates: &'static [&'static str],
}

macro_rules! commands {
    ($($name:literal $access:ident [$($scope:literal)*];)*) => {
        /// Every command, in alphabetical order of subject.
        pub const COMMANDS: &[CommandSpec] = &[$(CommandSpec {
            name: $name, access: Access::$access, invalidates: &[$($scope),*],
        }),*];
    };
}

commands! {
    "agenda.check" Staff [];
    "agenda.check_move" Staff [];
    "agenda.day" Staff [];
    "agenda.next" Staff [];
    "appointments.book" Staff ["agenda" "enquiries" "clients" "status" "undo"];
    "appointments.get" Staff [];
    "appointments.hold" Staff ["agenda" "enquiries" "clients" "status" "undo"];
    "appointments.list" Staff [];
    "appointments.move" Staff ["agenda" "enquiries" "status" "undo"];
    "appointments.set_status" Staff ["agenda" "enquiries" "status" "undo"];
    "calendar.export" Staff [];
    "clients.check" Staff [];
    "clients.get" Staff [];
    "clients.save" Staff ["clients" "agenda" "enquiries" "status" "undo"];
    "clients.search" Staff [];
    "conflicts.list" Staff [];
    "conflicts.resolve" Staff ["conflicts" "agenda" "enquiries" "status" "undo"];
    "drafts.get" Staff [];
    "drafts.set" Staff [];
    "enquiries.answer" Staff ["enquiries" "agenda" "status" "undo"];
    "enquiries.centres" Staff [];
    "enquiries.claim" Staff ["enquiries" "status" "undo"];
    "enquiries.close" Staff ["enquiries" "status" "undo"];
    "enquiries.get" Staff [];
    "enquiries.identify" Staff ["enquiries" "status" "undo"];
    "enquiries.list" Staff [];
    "enquiries.merge" Staff ["enquiries" "status"];
    "enquiries.note" Staff ["enquiries" "status"];
    "enquiries.open" Staff ["enquiries" "status" "undo"];
    "enquiries.release" Staff ["enquiries" "status" "undo"];
    "enquiries.reopen" Staff ["enquiries" "status" "undo"];
    "enquiries.snooze" Staff ["enquiries" "status" "undo"];
    "outbox.list" Staff [];
    "palette.search" Staff [];
    "places.communes" Staff [];
    "session.get" Anybody [];
    "session.use" Anybody ["session" "enquiries" "agenda"];
    "status.get" Anybody [];
    "sync.now" Staff ["status"];
    "undo.last" Staff ["agenda" "enquiries" "clients" "status" "undo"];
    "undo.list" Staff [];
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
