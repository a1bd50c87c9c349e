import { useMemo } from "react";
import type { SlotView } from "~/shared/backend";
import { useSession } from "~/shared/session/session";
import { useDraft, type Kept } from "~/shared/drafts/useDraft";

/** More than these would make the family's choice harder, not easier. */
export const MOST_SLOTS = 6;

export interface AnswerDraft {
  text: Kept;
  kind: string;
  setKind: (kind: string) => void;
  slots: readonly SlotView[];
  setSlots: (slots: readonly SlotView[]) => void;
  has: (slot: SlotView) => boolean;
  /** Puts the slot into the answer, or takes it out again. */
  toggle: (slot: SlotView) => void;
  clear: () => void;
}

interface Proposed {
  kind: string;
  slots: SlotView[];
}

export function sameSlot(a: SlotView, b: SlotView): boolean {
  return a.start === b.start && a.counsellor.id === b.counsellor.id;
}

function read(text: string, kind: string): Proposed {
  if (text === "") return { kind, slots: [] };
  try {
    const kept = JSON.parse(text) as Partial<Proposed>;
    return { kind: kept.kind ?? kind, slots: Array.isArray(kept.slots) ? kept.slots : [] };
  } catch {
    return { kind, slots: [] };
  }
}

/** The answer being written: words and proposed slots, both kept by the desk. */
export function useAnswer(id: string): AnswerDraft {
  const { office } = useSession();
  const text = useDraft(`answer:${id}`);
  const kept = useDraft(`slots:${id}`);
  const first = office.kinds.find((kind) => kind.capacity === 1)?.id ?? office.kinds[0]?.id ?? "";
  const { kind, slots } = useMemo(() => read(kept.text, first), [kept.text, first]);
  const write = (next: Proposed): void => {
    kept.set(JSON.stringify(next));
  };
  return {
    text,
    kind,
    slots,
    setKind: (chosen) => {
      // Another kind lasts another time: the slots chosen for the first are no longer what is free.
      write({ kind: chosen, slots: [] });
    },
    setSlots: (next) => {
      write({ kind, slots: [...next] });
    },
    has: (slot) => slots.some((one) => sameSlot(one, slot)),
    toggle: (slot) => {
      const without = slots.filter((one) => !sameSlot(one, slot));
      const next = without.length < slots.length ? without : [...slots, slot].slice(0, MOST_SLOTS);
      write({ kind, slots: next.sort((a, b) => a.start.localeCompare(b.start)) });
    },
    clear: () => {
      text.set("");
      kept.set("");
    },
  };
}
