import type { AppointmentView } from "./AppointmentView";
import type { ClientCategory } from "./ClientCategory";
import type { ClientMatch } from "./ClientMatch";
import type { EnquiryRow } from "./EnquiryRow";
import type { GuardianView } from "./GuardianView";

export type ClientView = { id: string, family_name: string, given_name: string, birth_date: string | null, age: number | null, category: ClientCategory | null, class_level: string | null, school: string | null, postal_code: string | null, phone: string | null, mail: string | null, guardians: Array<GuardianView>, appointments: Array<AppointmentView>, enquiries: Array<EnquiryRow>, duplicates: Array<ClientMatch>, pending: boolean, };
