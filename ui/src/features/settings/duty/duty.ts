import type { OccurrenceView, OpeningDoc, Recurrence, SettingsView } from "~/shared/backend";
import { clockOf, dayName, hourOf, type Day } from "~/shared/format/dates";
import { french } from "~/shared/format/text";
import { weekdayName, weekdayOfDay } from "../words";

export const NEW_DUTY = "opening:new-duty";

export type Half = "am" | "pm";
export const NOON = 13 * 60;
export const HALVES: Record<Half, { from: number; to: number }> = {
  am: { from: 8 * 60 + 30, to: 12 * 60 + 30 },
  pm: { from: 13 * 60 + 30, to: 17 * 60 + 30 },
};

/** A permanence: a duty without appointments, or a half-day in a school. */
export function isDuty(opening: OpeningDoc, settings: SettingsView): boolean {
  const school = settings.sites.find((site) => site.id === opening.site)?.kind === "school";
  return opening.duty === true || school;
}

/** A rule with all its fields: a repetition that nobody typed is every week on that weekday. */
export function ruleOf(opening: OpeningDoc): Recurrence | null {
  return opening.rule ?? null;
}

/** Where a half-day is drawn: an opening over noon stands in both. */
export function halvesOf(blocks: readonly { from: number; to: number }[]): Half[] {
  const halves: Half[] = [];
  if (blocks.some((block) => block.from < NOON - 30)) halves.push("am");
  if (blocks.some((block) => block.to > NOON + 30)) halves.push("pm");
  return halves.length === 0 ? ["am"] : halves;
}

export interface DutyRow {
  site: { id: string; name: string; school: boolean };
  /** By day and half: `2026-11-24 am`. */
  cells: ReadonlyMap<string, readonly OccurrenceView[]>;
}

/** The week as a table: a row a place where a permanence is held, now or in another week. */
export function rowsOf(settings: SettingsView, occurrences: readonly OccurrenceView[]): DutyRow[] {
  const held = new Set(settings.openings.filter((one) => isDuty(one, settings)).map((one) => one.site));
  return settings.sites
    .filter((site) => site.kind === "main" || held.has(site.id))
    .map((site) => {
      const cells = new Map<string, OccurrenceView[]>();
      for (const one of occurrences) {
        if (one.entity !== "opening" || one.site !== site.id || !(one.duty || site.kind === "school"))
          continue;
        for (const half of halvesOf(one.blocks)) {
          const key = `${one.date} ${half}`;
          cells.set(key, [...(cells.get(key) ?? []), one]);
        }
      }
      return { site: { id: site.id, name: site.name, school: site.kind === "school" }, cells };
    });
}

export function blankDuty(
  settings: SettingsView,
  id: string,
  at: { site: string; day: Day; half: Half },
): OpeningDoc {
  const school = settings.sites.find((site) => site.id === at.site)?.kind === "school";
  return {
    id,
    counsellor: settings.staff[0]?.id ?? "",
    site: at.site,
    first_day: at.day,
    blocks: [HALVES[at.half]],
    rule: {
      frequency: "weekly",
      interval: 1,
      weekdays: [weekdayOfDay(at.day)],
      nth_weekday: null,
      until: null,
    },
    except: [],
    overrides: [],
    works_on_off_days: false,
    label: "Permanence",
    ...(school ? { term_only: true } : {}),
    duty: true,
  };
}

/** `chaque semaine`, `une semaine sur deux`, `le 1er mardi du mois`. */
export function everyWords(rule: Recurrence | null): string {
  if (rule === null) return "une seule fois";
  if (rule.nth_weekday !== null) {
    const { nth, weekday } = rule.nth_weekday;
    const rank = nth < 0 ? "dernier" : nth === 1 ? "1er" : `${String(nth)}e`;
    return `le ${rank} ${weekdayName(weekday)} du mois`;
  }
  if (rule.frequency === "monthly") return "chaque mois";
  if (rule.frequency === "daily")
    return rule.interval === 1 ? "chaque jour" : `un jour sur ${String(rule.interval)}`;
  const words = [
    "",
    "chaque semaine",
    "une semaine sur deux",
    "une semaine sur trois",
    "une semaine sur quatre",
  ];
  return words[rule.interval] ?? `une semaine sur ${String(rule.interval)}`;
}

export function blocksWords(blocks: readonly { from: number; to: number }[]): string {
  return blocks.map((block) => `${hourOf(block.from)} – ${hourOf(block.to)}`).join(", ");
}

/** The times of a chip in the table: left out where they are those of every half-day. */
export function oddTimes(blocks: readonly { from: number; to: number }[]): string {
  const usual = Object.values(HALVES);
  return blocks
    .filter((block) => !usual.some((one) => one.from === block.from && one.to === block.to))
    .map((block) => `${clockOf(block.from)}–${clockOf(block.to)}`)
    .join(", ");
}

/** One coming day in words, with why it does not take place. */
export function nextWords(one: OccurrenceView): string {
  const day = `${dayName(one.date, "year")}, ${blocksWords(one.blocks)}`;
  if (one.suppressed === null) return day;
  const why = one.suppressed === "closure" ? "fermeture" : (one.suppressed_name ?? "férié").toLowerCase();
  return french(`${day} : n’a pas lieu (${why})`);
}

/** A field of an opening in words; none for what nobody typed. */
export function dutyWords(
  settings: SettingsView,
): (field: string, value: unknown) => { label: string; value: string } | null {
  return (field, value) => {
    switch (field) {
      case "counsellor":
        return { label: "Qui", value: settings.staff.find((one) => one.id === value)?.name ?? "" };
      case "site":
        return { label: "Où", value: settings.sites.find((one) => one.id === value)?.name ?? "" };
      case "blocks":
        return { label: "Heures", value: blocksWords((value ?? []) as { from: number; to: number }[]) };
      case "rule":
        return { label: "Répétition", value: everyWords((value as Recurrence | undefined) ?? null) };
      case "first_day":
        return { label: "À partir du", value: typeof value === "string" ? dayName(value, "year") : "" };
      case "except":
        return { label: "Jours retirés", value: String(Array.isArray(value) ? value.length : 0) };
      case "overrides":
        return { label: "Jours changés", value: String(Array.isArray(value) ? value.length : 0) };
      case "term_only":
        return { label: "Pendant les vacances", value: value === true ? "non" : "oui" };
      case "duty":
        return { label: "Sans rendez-vous", value: value === true ? "oui" : "non" };
      default:
        return null;
    }
  };
}
