import type * as T from "./types";

/** Arguments whose missing fields take their default on the other side. */
type Draft<A> = Partial<A>;

/** Every command that the interface sends: its arguments and its answer. A test compares the names with the desk's list. */
export interface Commands {
  "session.get": { args: Record<string, never>; result: T.SessionView };
  "session.switch": { args: { person: string }; result: T.SessionView };
  "status.get": { args: Record<string, never>; result: T.StatusView };
  "sync.now": { args: Record<string, never>; result: unknown };
  "outbox.list": { args: Record<string, never>; result: T.OutboxItem[] };

  "agenda.day": { args: { date: string | null }; result: T.DayView };
  "agenda.next": { args: Draft<T.NextQuery>; result: T.NextSlots };
  "agenda.check": { args: Draft<T.BookingDraft>; result: T.CheckView };
  "appointments.get": { args: { id: string }; result: T.AppointmentView };
  "appointments.book": { args: Draft<T.BookingDraft>; result: T.Done };
  "appointments.hold": { args: Draft<T.BookingDraft>; result: T.Done };
  "appointments.move": { args: Draft<T.MoveDraft>; result: T.Done };
  "appointments.set": { args: { id: string; status: T.Status; reason: string | null }; result: T.Done };
  "undo.last": { args: Record<string, never>; result: T.Done };
  "undo.list": { args: Record<string, never>; result: T.UndoItem[] };

  "clients.search": { args: { query: string; limit: number | null }; result: T.ClientMatch[] };
  "clients.get": { args: { id: string }; result: T.ClientView };
  "clients.save": { args: Draft<T.ClientDraft>; result: T.Done };

  "enquiries.list": { args: Draft<T.EnquiryFilter>; result: T.EnquiryList };
  "enquiries.get": { args: { id: string }; result: T.EnquiryView };

  "conflicts.list": { args: Record<string, never>; result: T.ConflictView[] };
  "conflicts.resolve": { args: T.ConflictChoice; result: T.Done };

  "palette.search": { args: { query: string }; result: T.PaletteItem[] };
  "calendar.export": { args: Draft<T.CalendarRequest>; result: T.CalendarFile };
}

export type CommandName = keyof Commands;
export type Args<N extends CommandName> = Commands[N]["args"];
export type Result<N extends CommandName> = Commands[N]["result"];
