export type OutboxItem = { id: string, kind: string, at: string, by: string | null, about: string | null, start: string | null, counsellor: string | null, };
