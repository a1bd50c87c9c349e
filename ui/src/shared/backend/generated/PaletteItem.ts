import type { SlotView } from "./SlotView";

export type PaletteItem = { kind: string, id: string | null, title: string, detail: string | null, date: string | null, slot: SlotView | null, count: number | null, matched: Array<[number, number]>, };
