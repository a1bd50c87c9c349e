import type { ClientCategory, ClientDraft, ClientView, Relation } from "~/shared/backend";
import { newPersonFrom } from "~/shared/booking/newPerson";
import { dayName } from "~/shared/format/dates";

/** A guardian as typed. `key` tells the rows apart while they have no id yet. */
export interface GuardianTyped {
  key: string;
  id: string | null;
  relation: Relation;
  given_name: string;
  family_name: string;
  phone: string;
  mail: string;
}

/** The form as typed: all text, so that nothing is lost of what cannot be read yet. */
export interface ClientTyped {
  id: string | null;
  family_name: string;
  given_name: string;
  birth_date: string;
  category: ClientCategory | null;
  class_level: string;
  school: string;
  postal_code: string;
  phone: string;
  mail: string;
  /** Id of the counsellor who follows this person; empty for nobody. */
  referent: string;
  guardians: GuardianTyped[];
}

export type TextName = Exclude<keyof ClientTyped, "id" | "category" | "referent" | "guardians">;

let made = 0;

export function newGuardian(relation: Relation, family: string): GuardianTyped {
  made += 1;
  return {
    key: `new-${String(made)}`,
    id: null,
    relation,
    given_name: "",
    family_name: family,
    phone: "",
    mail: "",
  };
}

/** An empty form with what was typed in the search already in its place. */
export function blank(search: string): ClientTyped {
  const person = newPersonFrom(search);
  return {
    id: null,
    family_name: person.family_name,
    given_name: person.given_name,
    birth_date: person.birth_date,
    category: null,
    class_level: "",
    school: "",
    postal_code: "",
    phone: person.phone,
    mail: "",
    referent: "",
    guardians: [],
  };
}

export function typedOf(client: ClientView): ClientTyped {
  return {
    id: client.id,
    family_name: client.family_name,
    given_name: client.given_name,
    birth_date: client.birth_date === null ? "" : dayName(client.birth_date, "digits"),
    category: client.category,
    class_level: client.class_level ?? "",
    school: client.school ?? "",
    postal_code: client.postal_code ?? "",
    phone: client.phone ?? "",
    mail: client.mail ?? "",
    referent: client.referent?.id ?? "",
    guardians: client.guardians.map((guardian) => ({
      key: guardian.id,
      id: guardian.id,
      relation: guardian.relation,
      given_name: guardian.given_name,
      family_name: guardian.family_name,
      phone: guardian.phone ?? "",
      mail: guardian.mail ?? "",
    })),
  };
}

function some(text: string): string | null {
  return text.trim() || null;
}

function isBlank(guardian: GuardianTyped): boolean {
  return [guardian.given_name, guardian.phone, guardian.mail].every((text) => text.trim() === "");
}

/** The rows that are sent, in order: a row that says nothing but a family name says nothing. */
export function sentGuardians(typed: ClientTyped): GuardianTyped[] {
  return typed.guardians.filter(
    (guardian) => !(isBlank(guardian) && (guardian.id === null || guardian.family_name.trim() === "")),
  );
}

/** The form as the desk takes it. */
export function draftOf(typed: ClientTyped): Partial<ClientDraft> {
  return {
    id: typed.id,
    family_name: typed.family_name.trim(),
    given_name: typed.given_name.trim(),
    birth_date: some(typed.birth_date),
    category: typed.category,
    class_level: some(typed.class_level),
    school: some(typed.school),
    postal_code: some(typed.postal_code),
    phone: some(typed.phone),
    mail: some(typed.mail),
    referent: typed.referent,
    guardians: sentGuardians(typed).map((guardian) => ({
      id: guardian.id,
      relation: guardian.relation,
      given_name: guardian.given_name.trim(),
      family_name: guardian.family_name.trim() || typed.family_name.trim(),
      phone: some(guardian.phone),
      mail: some(guardian.mail),
    })),
  };
}
