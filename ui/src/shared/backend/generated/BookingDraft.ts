import type { ClientDraft } from "./ClientDraft";
import type { CompanionView } from "./CompanionView";

export type BookingDraft = { kind: string, counsellor: string, start: string, minutes: number | null, site: string | null, room: string | null, client: string | null, new_client: ClientDraft | null, companions: Array<CompanionView>, enquiry: string | null, seen_warnings: Array<string>, override_reason: string | null, held_until: string | null, };
