import type { Status } from "./Status";

export type HistoryView = { at: string, by: string | null, what: string, status: Status | null, from_start: string | null, from_counsellor: string | null, reason: string | null, };
