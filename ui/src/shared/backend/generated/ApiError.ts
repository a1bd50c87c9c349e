export type ApiError = { code: string, params: unknown, retry: boolean, detail: string | null, };
