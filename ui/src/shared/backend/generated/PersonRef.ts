export type PersonRef = { id: string, name: string, };
