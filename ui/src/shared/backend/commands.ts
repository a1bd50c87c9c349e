import type * as T from "./generated/types";

/** Arguments whose missing fields take their default on the other side. */
type Draft<A> = Partial<A>;
type Nothing = Record<string, never>;
interface Id {
  id: string;
}

/** Every command: its arguments and its answer. The names are held against the desk's own list, below. */
export interface Commands {
  "agenda.check": { args: Draft<T.BookingDraft>; result: T.CheckView };
  "agenda.check_move": { args: Draft<T.MoveDraft>; result: T.CheckView };
  "agenda.day": { args: { date: string }; result: T.DayView };
  "agenda.load": { args: { from: string; to: string }; result: T.LoadView };
  "agenda.missing": { args: Nothing; result: T.AppointmentView[] };
  "agenda.next": { args: Draft<T.NextQuery>; result: T.NextSlots };
  "agenda.week": { args: { date: string; counsellor: string }; result: T.WeekView };
  "appointments.book": { args: Draft<T.BookingDraft>; result: T.Done };
  "appointments.get": { args: Id; result: T.AppointmentView };
  "appointments.hold": { args: Draft<T.BookingDraft>; result: T.Done };
  "appointments.list": {
    args: { from?: string; to?: string; counsellor?: string; status?: T.Status };
    result: T.AppointmentView[];
  };
  "appointments.move": { args: Draft<T.MoveDraft>; result: T.Done };
  "appointments.set_status": {
    args: { id: string; status: T.Status; reason?: string | null; client?: string | null };
    result: T.Done;
  };
  "calendar.export": { args: Draft<T.CalendarRequest>; result: T.CalendarFile };
  "catalogue.choose": { args: Draft<T.ChooseRequest>; result: T.ChosenFiles | null };
  "catalogue.get": { args: Draft<T.CatalogueRequest>; result: T.CatalogueRecord | null };
  "catalogue.import": { args: T.CatalogueImportRequest; result: T.CatalogueStatus };
  "catalogue.open_page": { args: T.OpenPageRequest; result: T.PageOpened | null };
  "catalogue.pin": { args: { to: T.PinTo; record: string; note?: string | null }; result: T.Done };
  "catalogue.pin_places": { args: Draft<T.PinPlacesQuery>; result: T.PinPlace[] };
  "catalogue.pins": { args: T.PinsRequest; result: T.Pins };
  "catalogue.search": { args: Draft<T.CatalogueQuery>; result: T.CatalogueAnswer };
  "catalogue.status": { args: Nothing; result: T.CatalogueStatus };
  "catalogue.stop": { args: Nothing; result: T.CatalogueStatus };
  "catalogue.suggest": { args: Draft<T.SuggestRequest>; result: T.CatalogueAnswer };
  "catalogue.unpin": { args: T.UnpinRequest; result: T.Done };
  "catalogue.update": { args: Nothing; result: T.CatalogueStatus };
  "clients.check": {
    args: Draft<T.ClientDraft>;
    result: { fields: T.FieldError[]; duplicates: T.ClientMatch[] };
  };
  "clients.compare": { args: { id: string; into: string }; result: T.ClientComparison };
  "clients.get": { args: Id; result: T.ClientView };
  "clients.merge": { args: { id: string; into: string; take?: T.ClientField[] }; result: T.Done };
  "clients.save": { args: Draft<T.ClientDraft>; result: T.Done };
  "clients.search": { args: { query: string; limit?: number }; result: T.ClientMatch[] };
  "clients.unmerge": { args: Id; result: T.Done };
  "conflicts.list": { args: { state?: string }; result: T.ConflictView[] };
  "conflicts.resolve": { args: T.ConflictChoice; result: T.Done };
  "drafts.get": { args: { key: string }; result: { text: string } | null };
  "drafts.set": { args: { key: string; text: string }; result: null };
  "enquiries.answer": {
    args: { id: string; text: string; proposals: T.SlotChoice[]; kind?: string };
    result: T.Done;
  };
  "enquiries.centres": { args: { id: string; kind?: string }; result: T.CentreView[] };
  "enquiries.claim": { args: { id: string; take_over?: boolean }; result: T.Done };
  "enquiries.close": { args: { id: string; how?: "received" | "left" }; result: T.Done };
  "enquiries.get": { args: Id; result: T.EnquiryView };
  "enquiries.identify": { args: { id: string; client: string }; result: T.Done };
  "enquiries.list": { args: Draft<T.EnquiryFilter>; result: T.EnquiryList };
  "enquiries.merge": { args: { id: string; into: string }; result: T.Done };
  "enquiries.note": { args: { id: string; text: string }; result: T.Done };
  "enquiries.open": {
    args: {
      channel: T.Channel;
      subject: string;
      text: string;
      name: string;
      relation: T.Relation;
      postal_code: string;
      phone?: string;
      mail?: string;
      class_level?: string;
      client?: string;
      sensitive: boolean;
    };
    result: T.Done;
  };
  "enquiries.release": { args: Id; result: T.Done };
  "enquiries.reopen": { args: Id; result: T.Done };
  "enquiries.snooze": { args: { id: string; until: string }; result: T.Done };
  "files.show_folder": { args: T.FolderRequest; result: T.FolderShown };
  "leases.list": { args: Nothing; result: T.LeasesView };
  "leases.revoke": { args: { leases: string[] }; result: T.LeasesView };
  "offices.nearest": { args: Draft<T.NearestQuery>; result: T.NearestView };
  "outbox.list": { args: Nothing; result: T.OutboxItem[] };
  "palette.search": { args: { query: string }; result: T.PaletteItem[] };
  "places.communes": { args: { query: string }; result: { postal_code: string; name: string }[] };
  "print.day_sheet": { args: Draft<T.DaySheetRequest>; result: T.PrintedFile };
  "print.letter": { args: Id; result: T.PrintedFile };
  "print.sign_in": { args: Id; result: T.PrintedFile };
  "quarantine.discard": { args: { items: string[] }; result: T.QuarantineView };
  "quarantine.list": { args: Nothing; result: T.QuarantineView };
  "quarantine.release": { args: { items: string[] }; result: T.QuarantineDone };
  "session.get": { args: Nothing; result: T.SessionView };
  "session.use": { args: { person: string }; result: T.SessionView };
  "sessions.cancel": { args: { id: string; reason: string }; result: T.Done };
  "sessions.move": { args: Draft<T.MoveDraft>; result: T.Done };
  "settings.get": { args: Nothing; result: T.SettingsView };
  "settings.holidays": { args: { year: number }; result: T.HolidaysView };
  "settings.occurrences": { args: { from: string; to: string }; result: T.OccurrencesView };
  "settings.plan_occurrence": { args: T.OccurrenceDraft; result: T.OccurrencePlan };
  "settings.preview": { args: Draft<T.SettingsChanges>; result: T.SettingsPreview };
  "settings.replan": { args: T.Replan; result: T.Done };
  "settings.save": { args: Draft<T.SettingsChanges>; result: T.Done };
  "settings.usage": { args: Nothing; result: T.SettingsUsage };
  "status.get": { args: Nothing; result: T.StatusView };
  "sync.now": { args: Nothing; result: T.StatusView };
  "sync.take_over": { args: Nothing; result: T.StatusView };
  "undo.last": { args: Nothing; result: T.Done };
  "undo.list": { args: { limit?: number }; result: T.UndoItem[] };
  "undo.step": { args: Id; result: T.Done };
  "waiting.call": {
    args: { id: string; outcome: T.CallView["outcome"]; counsellor?: string; start?: string };
    result: T.Done;
  };
  "waiting.calls": { args: Draft<T.PlaceQuery>; result: T.CallList };
  "waiting.close": { args: { id: string; reason: string }; result: T.Done };
  "waiting.freed": { args: Nothing; result: T.FreedList };
  "waiting.list": { args: Draft<T.WaitingQuery>; result: T.WaitingListView };
  "waiting.reopen": { args: Id; result: T.Done };
  "waiting.save": { args: Draft<T.WaitingDraft>; result: T.Done };
}

/** The scopes of data that a read shows: when one of them changes it is read again. A read without any is made once. */
export const PROVIDES: Partial<Record<keyof Commands, readonly string[]>> = {
  "agenda.check": ["agenda", "clients", "settings"],
  "agenda.check_move": ["agenda", "settings"],
  "agenda.day": ["agenda", "clients", "conflicts", "session", "settings"],
  "agenda.load": ["agenda", "conflicts", "session", "settings"],
  "agenda.missing": ["agenda", "clients"],
  "agenda.next": ["agenda", "clients", "settings"],
  "agenda.week": ["agenda", "clients", "conflicts", "session", "settings"],
  "appointments.get": ["agenda", "clients", "conflicts"],
  "appointments.list": ["agenda", "clients", "conflicts"],
  "catalogue.get": ["catalogue"],
  "catalogue.pin_places": ["agenda", "enquiries", "clients", "session"],
  "catalogue.pins": ["pins", "enquiries", "agenda", "clients", "catalogue", "session"],
  "catalogue.search": ["catalogue"],
  "catalogue.status": ["catalogue"],
  "catalogue.suggest": ["catalogue", "enquiries"],
  "clients.check": ["clients"],
  "clients.compare": ["clients", "agenda", "enquiries"],
  "clients.get": ["clients", "agenda", "enquiries", "waiting"],
  "clients.search": ["clients", "agenda"],
  "conflicts.list": ["conflicts", "agenda"],
  "enquiries.centres": ["enquiries", "agenda"],
  "enquiries.get": ["enquiries", "agenda", "clients", "session"],
  "enquiries.list": ["enquiries", "session"],
  "leases.list": ["leases", "session"],
  "offices.nearest": ["agenda", "directory", "status"],
  "outbox.list": ["outbox", "status"],
  "palette.search": ["agenda", "catalogue", "clients", "enquiries"],
  "quarantine.list": ["quarantine", "session", "leases"],
  "session.get": ["session", "settings"],
  "settings.get": ["settings", "session"],
  "settings.holidays": ["settings"],
  "settings.occurrences": ["settings", "session"],
  "settings.plan_occurrence": ["settings", "agenda", "clients"],
  "settings.preview": ["settings", "agenda", "clients"],
  "settings.usage": ["settings", "agenda"],
  "status.get": ["status", "outbox", "enquiries", "conflicts", "agenda", "session", "waiting"],
  "undo.list": ["undo", "agenda", "enquiries", "clients"],
  "waiting.calls": ["waiting", "agenda", "clients"],
  "waiting.freed": ["waiting", "agenda", "clients", "session"],
  "waiting.list": ["waiting", "clients", "session"],
};

/** True only while this list and the desk's hold the same names; otherwise it does not compile. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
export const NAMES_AGREE: Same<keyof Commands, T.CommandName> = true;

export type CommandName = keyof Commands;
export type Args<N extends CommandName> = Commands[N]["args"];
export type Result<N extends CommandName> = Commands[N]["result"];
