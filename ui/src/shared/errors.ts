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
