import type { AppointmentView } from "./AppointmentView";
import type { DayColumn } from "./DayColumn";
import type { DayTodo } from "./DayTodo";
import type { MissingView } from "./MissingView";
import type { WaitingView } from "./WaitingView";

export type DayView = { date: string, zone: string, from_min: number, to_min: number, closed: string | null, columns: Array<DayColumn>, blocks: Array<AppointmentView>, waiting: Array<WaitingView>, missing: Array<MissingView>, todo: DayTodo, };
