export type EnquiryFilter = { view: string | null, status: string | null, mine: boolean, query: string | null, limit: number | null, };
