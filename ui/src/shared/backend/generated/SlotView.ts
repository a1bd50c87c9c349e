import type { PersonRef } from "./PersonRef";

export type SlotView = { start: string, end: string, zone: string, local: string, counsellor: PersonRef, site: string, site_name: string | null, room: string | null, };
