import type { BookingDraft, ClientDraft, ClientMatch, KindView, Relation, SlotView } from "~/shared/backend";

/** A new person as typed in the panel. */
export interface NewPerson {
  family_name: string;
  given_name: string;
  birth_date: string;
  phone: string;
  class_level: string;
  guardian: { relation: Relation; family_name: string; phone: string };
}

/** The booking being made: it lives with the agenda, so that the slot shows in the grid while the panel is filled in. */
export interface Draft {
  date: string;
  /** Minutes since midnight, civil. */
  minute: number;
  counsellor: string;
  kind: string;
  minutes: number;
  site: string | null;
  room: string | null;
  text: string;
  client: ClientMatch | null;
  newPerson: NewPerson | null;
  relations: Relation[];
  enquiry: string | null;
}

export function newDraft(start: { date: string; minute: number; counsellor: string }, kind: KindView): Draft {
  return {
    ...start,
    kind: kind.id,
    minutes: kind.duration_min,
    site: null,
    room: null,
    text: "",
    client: null,
    newPerson: null,
    relations: [],
    enquiry: null,
  };
}

/** `2026-11-23T14:30`. */
export function localTime(date: string, minute: number): string {
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${date}T${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

export function readLocal(local: string): { date: string; minute: number } {
  const [date = "", time = "0:0"] = local.split("T");
  const [hours = "0", minutes = "0"] = time.split(":");
  return { date, minute: Number(hours) * 60 + Number(minutes) };
}

export function atSlot(draft: Draft, slot: SlotView): Draft {
  return {
    ...draft,
    ...readLocal(slot.local),
    counsellor: slot.counsellor.id,
    site: slot.site,
    room: slot.room,
  };
}

/** Splits what was typed into a family and a given name: `Nom Prénom`, or `Nom, Prénom`; digits are left out. */
export function namesFrom(typed: string): { family_name: string; given_name: string } {
  const clean = typed.replace(/[\d/+.]+/g, " ").trim();
  const [family = "", ...given] = clean.includes(",") ? clean.split(",") : clean.split(/\s+/);
  return { family_name: capital(family.trim()), given_name: capital(given.join(" ").trim()) };
}

function capital(name: string): string {
  return name === name.toLowerCase()
    ? name.replace(/(^|[\s'’-])\p{L}/gu, (letter) => letter.toUpperCase())
    : name;
}

export function newPersonFrom(typed: string): NewPerson {
  const digits = typed.replace(/\D/g, "");
  const birth = /\d{1,2}\/\d{1,2}\/\d{4}/.exec(typed)?.[0] ?? "";
  return {
    ...namesFrom(typed),
    birth_date: birth,
    phone: birth === "" && digits.length >= 6 ? digits : "",
    class_level: "",
    guardian: { relation: "mother", family_name: "", phone: "" },
  };
}

function clientDraft(person: NewPerson): Partial<ClientDraft> {
  const { guardian } = person;
  const withGuardian = guardian.family_name.trim() !== "" || guardian.phone.trim() !== "";
  return {
    family_name: person.family_name.trim(),
    given_name: person.given_name.trim(),
    birth_date: person.birth_date.trim() || null,
    phone: person.phone.trim() || null,
    class_level: person.class_level.trim() || null,
    guardians: withGuardian
      ? [
          {
            id: null,
            relation: guardian.relation,
            given_name: "",
            family_name: guardian.family_name.trim() || person.family_name.trim(),
            phone: guardian.phone.trim() || null,
            mail: null,
          },
        ]
      : [],
  };
}

/** The draft as the desk takes it. Without the person it is what is checked while nobody is chosen yet. */
export function bookingOf(draft: Draft, withPerson: boolean): Partial<BookingDraft> {
  const booking: Partial<BookingDraft> = {
    kind: draft.kind,
    counsellor: draft.counsellor,
    start: localTime(draft.date, draft.minute),
    minutes: draft.minutes,
    site: draft.site,
    room: draft.room,
    client: draft.client?.id ?? null,
    companions: draft.relations.map((relation) => ({ relation, guardian: null, came: null })),
    enquiry: draft.enquiry,
  };
  if (withPerson && draft.newPerson !== null)
    booking.new_client = clientDraft(draft.newPerson) as ClientDraft;
  return booking;
}
