import type { RefusalView } from "./RefusalView";
import type { WarningView } from "./WarningView";

export type CheckView = { possible: boolean, warnings: Array<WarningView>, refusal: RefusalView | null, };
