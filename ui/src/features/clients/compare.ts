import type { ClientComparison, ClientField, ClientView } from "~/shared/backend";
import { dayName } from "~/shared/format/dates";
import { phone, plural } from "~/shared/format/text";
import { CATEGORIES } from "~/shared/words";

export interface ComparedField {
  field: ClientField;
  label: string;
  /** As shown; null when not known. */
  ended: string | null;
  target: string | null;
  /** Both are known and differ: a person chooses. */
  differs: boolean;
}

const FIELDS: [ClientField, string, (client: ClientView) => string | null][] = [
  ["family_name", "Nom", (client) => client.family_name || null],
  ["given_name", "Prénom", (client) => client.given_name || null],
  [
    "birth_date",
    "Naissance",
    (client) => (client.birth_date === null ? null : dayName(client.birth_date, "digits")),
  ],
  ["category", "Public", (client) => (client.category === null ? null : CATEGORIES[client.category])],
  ["class_level", "Classe", (client) => client.class_level],
  ["school", "École", (client) => client.school],
  ["postal_code", "Code postal", (client) => client.postal_code],
  ["phone", "Téléphone", (client) => (client.phone === null ? null : phone(client.phone))],
  ["mail", "Mél", (client) => client.mail],
];

/** The fields side by side; what neither record knows is left out. */
export function comparedFields({
  ended,
  target,
}: Pick<ClientComparison, "ended" | "target">): ComparedField[] {
  return FIELDS.map(([field, label, shown]) => {
    const [from, to] = [shown(ended), shown(target)];
    return { field, label, ended: from, target: to, differs: from !== null && to !== null && from !== to };
  }).filter((one) => one.ended !== null || one.target !== null);
}

/** What goes over, in words: `3 rendez-vous, dont 1 à venir, et 2 demandes`. Null when nothing does. */
export function movingText(
  comparison: Pick<ClientComparison, "appointments" | "upcoming" | "enquiries">,
): string | null {
  const { appointments, upcoming, enquiries } = comparison;
  const meetings =
    appointments === 0
      ? null
      : `${plural(appointments, "rendez-vous", "rendez-vous")}${upcoming === 0 ? "" : `, dont ${String(upcoming)} à venir,`}`;
  const asked = enquiries === 0 ? null : plural(enquiries, "demande");
  const both = [meetings, asked].filter((part) => part !== null).join(" et ");
  return both === "" ? null : both.replace(/,$/, "");
}
