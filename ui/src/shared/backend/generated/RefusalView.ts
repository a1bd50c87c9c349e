import type { AppointmentView } from "./AppointmentView";
import type { FieldError } from "./FieldError";
import type { PersonRef } from "./PersonRef";
import type { SlotView } from "./SlotView";

export type RefusalView = { code: string, with: AppointmentView | null, person: PersonRef | null, limit: string | null, fields: Array<FieldError>, alternatives: Array<SlotView>, };
