import type { ClientRef } from "./ClientRef";
import type { CompanionView } from "./CompanionView";
import type { HistoryView } from "./HistoryView";
import type { KindView } from "./KindView";
import type { PersonRef } from "./PersonRef";
import type { Status } from "./Status";

export type AppointmentView = { id: string, start: string, end: string, zone: string, date: string, from_min: number, to_min: number, kind: KindView, counsellor: PersonRef, site: string, site_name: string | null, room: string | null, room_name: string | null, status: Status, held_until: string | null, client: ClientRef | null, companions: Array<CompanionView>, enquiry: string | null, arrived_at: string | null, override_reason: string | null, version: number, sync: string, status_missing: boolean, conflict: string | null, history: Array<HistoryView>, };
