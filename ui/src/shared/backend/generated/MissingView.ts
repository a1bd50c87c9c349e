import type { PersonRef } from "./PersonRef";

export type MissingView = { appointment: string, name: string, start: string, counsellor: PersonRef, };
