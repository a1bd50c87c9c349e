import type { SettingsView } from "~/shared/backend";
import { french } from "~/shared/format/text";
import type { Edited } from "./drafts";

/** A draft whose document is not used any more: somebody else took it out before it was saved. */
export interface LeftDraft {
  slot: string;
  /** What it was about: `la salle « Salle B »`. */
  about: string;
}

const WORDS: Record<string, string> = {
  kind: "le motif",
  site: "le lieu",
  room: "la salle",
  opening: "une permanence",
};

/** The drafts that no page shows any more. New documents are nobody's yet, and stay with their page. */
export function leftDrafts(slots: Readonly<Record<string, Edited>>, settings: SettingsView): LeftDraft[] {
  const known: Record<string, readonly { id: string }[]> = {
    kind: settings.kinds,
    site: settings.sites,
    room: settings.rooms,
    opening: settings.openings,
  };
  return Object.entries(slots).flatMap(([slot, { seen, doc }]) => {
    const [entity = "", id] = slot.split(":");
    const there = known[entity];
    if (seen === undefined || there === undefined || there.some((one) => one.id === id)) return [];
    const { name } = doc as { name?: string };
    const word = WORDS[entity] ?? "";
    return { slot, about: french(name === undefined || name === "" ? word : `${word} « ${name} »`) };
  });
}
