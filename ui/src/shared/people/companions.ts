import type { CompanionView } from "~/shared/backend";
import { RELATIONS } from "~/shared/words";

/** `avec sa mère`, `avec ses parents`, or null for somebody who comes alone. */
export function companionsText(companions: readonly CompanionView[]): string | null {
  const relations = companions.map((one) => one.relation).filter((relation) => relation !== "self");
  if (relations.length === 0) return null;
  if (relations.includes("mother") && relations.includes("father")) return "avec ses parents";
  return `avec ${relations.map((relation) => RELATIONS[relation].own).join(" et ")}`;
}
