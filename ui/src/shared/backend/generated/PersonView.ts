import type { Role } from "./Role";

export type PersonView = { id: string, login: string, name: string, role: Role, };
