export type WarningView = { code: string, about: string | null, from: string | null, to: string | null, };
