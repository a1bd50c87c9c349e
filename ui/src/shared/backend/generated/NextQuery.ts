export type NextQuery = { kind: string | null, counsellor: string | null, weekdays: Array<number>, after_min: number | null, from: string | null, days: number | null, limit: number | null, };
