import type { ConflictView, SlotChoice, SlotView } from "~/shared/backend";

/** One way to settle a conflict, with its key. */
export interface Choice {
  key: string;
  take: "mine" | "theirs" | "slot";
  slot: SlotChoice | null;
  view: SlotView | null;
}

const SLOTS_EACH = 3;

/** 1 keeps mine too (with a reason), 2 keeps what central has, 3 to 5 the same person, 6 to 8 colleagues. A place that is not there leaves its key unused. */
export function choicesOf(conflict: ConflictView): Choice[] {
  const slots = (views: readonly SlotView[], first: number): Choice[] =>
    views.slice(0, SLOTS_EACH).map((view, index) => ({
      key: String(first + index),
      take: "slot",
      slot: { local: view.local, counsellor: view.counsellor.id, site: view.site },
      view,
    }));
  return [
    { key: "1", take: "mine", slot: null, view: null },
    { key: "2", take: "theirs", slot: null, view: null },
    ...slots(conflict.same_person, 3),
    ...slots(conflict.colleagues, 6),
  ];
}
