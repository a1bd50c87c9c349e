import type { Relation } from "./Relation";

export type GuardianDraft = { id: string | null, relation: Relation | null, given_name: string, family_name: string, phone: string | null, mail: string | null, };
