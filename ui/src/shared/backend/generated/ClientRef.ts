export type ClientRef = { id: string, name: string, given_name: string, family_name: string, class_level: string | null, phone: string | null, };
