import type { BookingDraft, ClientDraft, ClientMatch, KindView, Relation, SlotView } from "~/shared/backend";
import type { WalkInView } from "~/shared/backend";
import { personName } from "~/shared/people/PersonField";
import { clientDraft, localTime, readLocal, type NewPerson } from "~/shared/booking/newPerson";

export { localTime, namesFrom, newPersonFrom, readLocal } from "~/shared/booking/newPerson";

/** The booking being made: it lives with the agenda, so that the slot shows in the grid while the panel is filled in. */
export interface Draft {
  date: string;
  /** Minutes since midnight, civil. */
  minute: number;
  counsellor: string;
  /** Who holds it too. */
  second: string | null;
  kind: string;
  minutes: number;
  site: string | null;
  room: string | null;
  text: string;
  client: ClientMatch | null;
  newPerson: NewPerson | null;
  relations: Relation[];
  enquiry: string | null;
  /** Until when a proposal is kept; null: as the office usually does. */
  heldUntil: string | null;
  /** The entry of the waiting list that it answers. */
  waiting?: string | null;
}

export function newDraft(start: { date: string; minute: number; counsellor: string }, kind: KindView): Draft {
  return {
    ...start,
    second: null,
    kind: kind.id,
    minutes: kind.duration_min,
    site: null,
    room: null,
    text: "",
    client: null,
    newPerson: null,
    relations: [],
    enquiry: null,
    heldUntil: null,
  };
}

export function atSlot(draft: Draft, slot: SlotView): Draft {
  return {
    ...draft,
    ...readLocal(slot.local),
    counsellor: slot.counsellor.id,
    // In a planned session, whoever holds it; else the second one that was chosen, unless it is now the first.
    second:
      slot.seats !== null
        ? (slot.second?.id ?? null)
        : draft.second === slot.counsellor.id
          ? null
          : (slot.second?.id ?? draft.second),
    minutes: slot.seats === null ? draft.minutes : minutesOf(slot),
    heldUntil: null,
    site: slot.site,
    room: slot.room,
  };
}

/** The draft as the desk takes it. Without the person it is what is checked while nobody is chosen yet. */
export function bookingOf(draft: Draft, withPerson: boolean): Partial<BookingDraft> {
  const booking: Partial<BookingDraft> = {
    kind: draft.kind,
    counsellor: draft.counsellor,
    second: draft.second,
    start: localTime(draft.date, draft.minute),
    minutes: draft.minutes,
    site: draft.site,
    room: draft.room,
    client: draft.client?.id ?? null,
    companions: draft.relations.map((relation) => ({ relation, guardian: null, came: null })),
    enquiry: draft.enquiry,
    waiting: draft.waiting ?? null,
  };
  if (withPerson && draft.newPerson !== null)
    booking.new_client = clientDraft(draft.newPerson) as ClientDraft;
  return booking;
}

function minutesOf(slot: SlotView): number {
  return Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000);
}

/** The booking of somebody who came without an appointment: it answers what they came for. */
export function forWalkIn(draft: Draft, walkIn: WalkInView): Draft {
  const { client, enquiry, name } = walkIn;
  return { ...draft, enquiry, client, text: client === null ? name : personName(client) };
}
