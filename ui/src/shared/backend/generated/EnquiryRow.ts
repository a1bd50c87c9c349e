import type { Channel } from "./Channel";
import type { ClientCategory } from "./ClientCategory";
import type { PersonRef } from "./PersonRef";
import type { Relation } from "./Relation";

export type EnquiryRow = { id: string, reference: string, channel: Channel, name: string, relation: Relation, subject: string, class_level: string | null, category: ClientCategory | null, status: string, received_at: string, due_at: string, snoozed_until: string | null, owner: PersonRef | null, mine: boolean, pending: boolean, hidden: boolean, };
