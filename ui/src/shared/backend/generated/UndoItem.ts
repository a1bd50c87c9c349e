export type UndoItem = { id: string, kind: string, at: string, about: string | null, };
