import type { Relation } from "./Relation";

export type ContactView = { relation: Relation, phone: string, };
