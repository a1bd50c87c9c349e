export type DayTodo = { conflicts: number, calls_tomorrow: number, tomorrow: string | null, };
