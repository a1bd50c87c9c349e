export type MoveDraft = { id: string, start: string, counsellor: string | null, site: string | null, minutes: number | null, seen_warnings: Array<string>, override_reason: string | null, };
