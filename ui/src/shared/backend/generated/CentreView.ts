import type { SlotView } from "./SlotView";

export type CentreView = { uai: string, name: string, distance_km: number | null, assigned: boolean, own: boolean, phone: string | null, slots: Array<SlotView>, };
