export type Relation = "self" | "mother" | "father" | "other";
