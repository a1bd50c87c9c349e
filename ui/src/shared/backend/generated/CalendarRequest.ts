export type CalendarRequest = { appointment: string | null, from: string | null, to: string | null, counsellor: string | null, with_names: boolean, out: string | null, };
