import type { OfficeView } from "./OfficeView";
import type { PersonView } from "./PersonView";
import type { SessionState } from "./SessionState";

export type SessionView = { state: SessionState, office: OfficeView | null, user: PersonView | null, people: Array<PersonView>, now: string, demo: boolean, };
