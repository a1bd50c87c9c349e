export type SlotChoice = { local: string, counsellor: string, site: string, };
