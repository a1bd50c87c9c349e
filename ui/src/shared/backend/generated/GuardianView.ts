import type { Relation } from "./Relation";

export type GuardianView = { id: string, relation: Relation, given_name: string, family_name: string, phone: string | null, mail: string | null, };
