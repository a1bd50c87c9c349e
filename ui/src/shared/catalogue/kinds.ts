import { counted } from "~/shared/format/numbers";
import type { IconName } from "~/shared/ui/Icon";

interface KindWords {
  one: string;
  many: string;
  icon: IconName;
}

const KINDS: Record<string, KindWords> = {
  programme: { one: "formation", many: "formations", icon: "graduation" },
  occupation: { one: "métier", many: "métiers", icon: "briefcase" },
  institution: { one: "établissement", many: "établissements", icon: "school" },
  faq: { one: "question fréquente", many: "questions fréquentes", icon: "help" },
  offering: { one: "lieu de formation", many: "lieux de formation", icon: "graduation" },
};

const UNKNOWN: KindWords = { one: "fiche", many: "fiches", icon: "book" };

function wordsOf(kind: string): KindWords {
  return KINDS[kind] ?? UNKNOWN;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Formation`, above the name of a record. */
export function kindName(kind: string): string {
  return capital(wordsOf(kind).one);
}

/** `Formations`, above the hits of a kind. */
export function kindTitle(kind: string): string {
  return capital(wordsOf(kind).many);
}

/** `214 formations`. */
export function kindCount(kind: string, count: number): string {
  const { one, many } = wordsOf(kind);
  return counted(count, one, many);
}

export function kindIcon(kind: string): IconName {
  return wordsOf(kind).icon;
}

/** The place of a kind among the others, the same everywhere. */
export function kindRank(kind: string): number {
  const rank = Object.keys(KINDS).indexOf(kind);
  return rank < 0 ? Object.keys(KINDS).length : rank;
}
