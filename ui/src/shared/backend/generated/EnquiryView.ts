import type { AppointmentView } from "./AppointmentView";
import type { ClientMatch } from "./ClientMatch";
import type { ClientView } from "./ClientView";
import type { EnquiryRow } from "./EnquiryRow";
import type { MessageView } from "./MessageView";
import type { RoutingReason } from "./RoutingReason";

export type EnquiryView = { thread: Array<MessageView>, mail: string | null, phone: string | null, about: string | null, school: string | null, postal_code: string, communes: Array<string>, routing: RoutingReason, distance_km: number | null, claimed_at: string | null, claim_provisional: boolean, client: ClientView | null, candidates: Array<ClientMatch>, appointment: AppointmentView | null, proposals: Array<AppointmentView>, } & EnquiryRow;
