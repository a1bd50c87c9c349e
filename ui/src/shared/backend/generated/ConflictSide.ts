import type { AppointmentView } from "./AppointmentView";

export type ConflictSide = { appointment: AppointmentView | null, by: string | null, at: string | null, offline: boolean, };
