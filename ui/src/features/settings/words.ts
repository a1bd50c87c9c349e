import type { Block, OccurrenceView, Recurrence, Weekday } from "~/shared/backend";
import { dayName, hourOf, type Day } from "~/shared/format/dates";

export const WEEKDAYS: readonly Weekday[] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

const WEEKDAY_NAMES: Record<Weekday, string> = {
  Mon: "lundi",
  Tue: "mardi",
  Wed: "mercredi",
  Thu: "jeudi",
  Fri: "vendredi",
  Sat: "samedi",
  Sun: "dimanche",
};

export function weekdayName(weekday: Weekday): string {
  return WEEKDAY_NAMES[weekday];
}

export function weekdayOfDay(day: Day): Weekday {
  const number = new Date(`${day}T12:00:00Z`).getUTCDay();
  return WEEKDAYS[(number + 6) % 7] ?? "Mon";
}

function listed(words: string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} et ${last}`;
}

/** `1er sur 9`: the place of one of a list. */
export function placeOf(ids: readonly string[], id: string): string {
  const place = ids.indexOf(id) + 1;
  return `${String(place)}${place === 1 ? "er" : "e"} sur ${String(ids.length)}`;
}

const RANKS: Record<number, string> = { 1: "1er", 2: "2e", 3: "3e", 4: "4e", 5: "5e", [-1]: "dernier" };

/** `chaque semaine, le lundi et le jeudi, jusqu’au 3 juillet 2027`. */
export function repeatText(rule: Recurrence | null | undefined, first: Day): string {
  if (rule === null || rule === undefined) return `le ${dayName(first, "year")} seulement`;
  const every = rule.interval;
  const days = rule.weekdays.map((one) => `le ${weekdayName(one)}`);
  let text: string;
  if (rule.frequency === "daily") text = every === 1 ? "chaque jour" : `tous les ${String(every)} jours`;
  else if (rule.frequency === "weekly") {
    text = every === 1 ? "chaque semaine" : `toutes les ${String(every)} semaines`;
    text += `, ${days.length === 0 ? `le ${weekdayName(weekdayOfDay(first))}` : listed(days)}`;
  } else {
    const months = every === 1 ? "de chaque mois" : `tous les ${String(every)} mois`;
    const nth = rule.nth_weekday;
    text =
      nth !== null
        ? `le ${RANKS[nth.nth] ?? `${String(nth.nth)}e`} ${weekdayName(nth.weekday)} ${months}`
        : days.length > 0
          ? `${listed(days)} ${months}`
          : `le ${String(Number(first.slice(8)))} ${months}`;
  }
  if (rule.until !== null) text += `, jusqu’au ${dayName(rule.until, "year")}`;
  return text;
}

/** `de 8 h 30 à 12 h 30 et de 13 h 30 à 17 h`. */
export function blocksText(blocks: readonly Block[]): string {
  return listed(blocks.map((block) => `de ${hourOf(block.from)} à ${hourOf(block.to % 1440)}`));
}

/** `lundi 23 novembre, de 8 h 30 à 12 h 30, Antenne d’Amiens-Nord`; an absence of several days says both ends. */
export function occurrenceText(occurrence: OccurrenceView): string {
  const [block] = occurrence.blocks;
  if (occurrence.last_date !== occurrence.date && block !== undefined)
    return block.from === 0 && block.to === 1440
      ? `du ${dayName(occurrence.date)} au ${dayName(occurrence.last_date)}`
      : `du ${dayName(occurrence.date)}, ${hourOf(block.from)}, au ${dayName(occurrence.last_date)}, ${hourOf(block.to % 1440)}`;
  const whole = block !== undefined && block.from === 0 && block.to === 1440;
  const hours = block === undefined ? "fermé" : whole ? "toute la journée" : blocksText(occurrence.blocks);
  return [dayName(occurrence.date), hours, occurrence.site_name].filter(Boolean).join(", ");
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Why a day does not take place. */
export function suppressedText(occurrence: OccurrenceView): string | null {
  switch (occurrence.suppressed) {
    case "closure":
      return "n’a pas lieu : le site est fermé";
    case "public_holiday":
      return `n’a pas lieu : ${occurrence.suppressed_name ?? "jour férié"}`;
    case "school_holiday":
      return `n’a pas lieu : ${lowered(occurrence.suppressed_name ?? "vacances")}`;
    default:
      return null;
  }
}
