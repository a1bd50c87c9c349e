import type { SlotChoice } from "./SlotChoice";

export type ConflictChoice = { id: string, take: string, slot: SlotChoice | null, reason: string | null, };
