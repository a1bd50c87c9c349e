import type { Relation } from "./Relation";

export type CompanionView = { relation: Relation, guardian: string | null, came: boolean | null, };
