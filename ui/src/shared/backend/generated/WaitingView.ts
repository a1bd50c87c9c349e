import type { CompanionView } from "./CompanionView";
import type { PersonRef } from "./PersonRef";

export type WaitingView = { appointment: string, name: string, companions: Array<CompanionView>, since: string, counsellor: PersonRef, start: string, };
