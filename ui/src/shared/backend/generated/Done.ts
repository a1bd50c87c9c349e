import type { AppointmentView } from "./AppointmentView";

export type Done = { commands: Array<string>, undoable: boolean, appointment: AppointmentView | null, id: string | null, };
