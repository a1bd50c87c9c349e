import type { ConflictSide } from "./ConflictSide";
import type { SlotView } from "./SlotView";

export type ConflictView = { id: string, code: string, state: string, at: string, kind: string, mine: ConflictSide | null, theirs: ConflictSide | null, same_person: Array<SlotView>, colleagues: Array<SlotView>, phone: string | null, settled: string | null, };
