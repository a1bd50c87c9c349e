import type { AbsenceStretch } from "./AbsenceStretch";
import type { OpenStretch } from "./OpenStretch";

export type DayColumn = { id: string, kind: string, name: string, place: string | null, free: number, open: Array<OpenStretch>, absences: Array<AbsenceStretch>, };
