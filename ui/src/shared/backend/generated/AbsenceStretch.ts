export type AbsenceStretch = { from_min: number, to_min: number, label: string, detail: string | null, };
