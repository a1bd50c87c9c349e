import type { ClientMatch } from "~/shared/backend";

const REASONS: Record<string, string> = {
  same_birth_date: "même date",
  same_phone: "même téléphone",
  same_mail: "même mél",
  same_guardian: "même responsable",
  same_name: "même nom",
};

/** Why a record may be somebody who is there already, or null when nothing says so. */
export function duplicateText(match: Pick<ClientMatch, "duplicate">): string | null {
  const reasons = match.duplicate.flatMap((code) => REASONS[code] ?? []);
  if (reasons.length === 0) return null;
  const text = reasons.join(", ");
  // Twins share a birth date and a parent; a double shares the name.
  const twins = match.duplicate.includes("same_birth_date") && !match.duplicate.includes("same_name");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}\u00a0: ${twins ? "jumeaux ou doublon" : "doublon"}\u202f?`;
}
