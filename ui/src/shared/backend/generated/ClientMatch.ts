import type { ContactView } from "./ContactView";

export type ClientMatch = { id: string, family_name: string, given_name: string, birth_date: string | null, class_level: string | null, school: string | null, contact: ContactView | null, matched: Array<[number, number]>, duplicate: Array<string>, next: string | null, };
