import type { ClientDraft, Relation } from "~/shared/backend";

/** A new person as typed beside a booking. */
export interface NewPerson {
  family_name: string;
  given_name: string;
  birth_date: string;
  phone: string;
  class_level: string;
  guardian: { relation: Relation; family_name: string; phone: string };
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

/** The person as the desk takes it. */
export function clientDraft(person: NewPerson): Partial<ClientDraft> {
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
