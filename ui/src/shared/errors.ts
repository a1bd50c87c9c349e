import type { BackendFailure } from "~/shared/backend";
import { french } from "~/shared/format/text";

export interface ErrorText {
  severity: "warn" | "bad";
  /** What happened, in words; says nothing of the inside. */
  text: string;
  /** What the person can do next. */
  next: string;
}

type Params = Record<string, unknown>;
type Entry = Omit<ErrorText, "text"> & { text: string | ((params: Params) => string) };

function word(params: Params, name: string, otherwise: string): string {
  const value = params[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : otherwise;
}

/** One line a code. A code that is missing here gets the last resort, and the test that compares with the desk's list fails. */
const TEXTS: Record<string, Entry> = {
  unreachable: {
    severity: "bad",
    text: "Passerelle ne répond pas.",
    next: "Fermez puis rouvrez l'application ; rien de ce qui est enregistré n'est perdu.",
  },
};

const LAST_RESORT: Entry = {
  severity: "bad",
  text: "Cela n'a pas pu être fait. Rien n'a changé.",
  next: "Réessayez ; si cela se répète, prévenez l'assistance.",
};

export function errorText(failure: Pick<BackendFailure, "code" | "params">): ErrorText {
  const entry = TEXTS[failure.code] ?? LAST_RESORT;
  const text = typeof entry.text === "string" ? entry.text : entry.text(failure.params);
  return { severity: entry.severity, text: french(text), next: french(entry.next) };
}

export { word };

const FIELD_TEXTS: Record<string, string> = {
  required: "À remplir.",
  in_the_future: "Cette date est à venir.",
  too_old: "Cette date est trop ancienne.",
  too_long: "C'est trop long.",
  phone: "Ce numéro n'est pas complet.",
  mail: "Cette adresse n'est pas complète.",
  postal_code: "Un code postal a cinq chiffres.",
  no_such_day: "Ce jour n'existe pas.",
  date: "Écrivez jour/mois/année.",
};

/** What is wrong with a field, to stand under it. */
export function fieldErrorText(code: string): string {
  return french(FIELD_TEXTS[code] ?? "À corriger.");
}
