export type KindView = { id: string, name: string, duration_min: number, capacity: number, };
