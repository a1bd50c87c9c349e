import type { SlotView } from "./SlotView";

export type NextSlots = { slots: Array<SlotView>, };
