import type { ClientCategory } from "./ClientCategory";
import type { GuardianDraft } from "./GuardianDraft";

export type ClientDraft = { id: string | null, family_name: string, given_name: string, birth_date: string | null, category: ClientCategory | null, class_level: string | null, school: string | null, postal_code: string | null, phone: string | null, mail: string | null, guardians: Array<GuardianDraft>, };
