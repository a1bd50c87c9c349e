import type { PaletteItem, PersonView } from "~/shared/backend";
import { civil, clock, dayName, hourOf, type Day } from "~/shared/format/dates";
import { readDay } from "~/shared/format/dayInput";
import { fold, plural } from "~/shared/format/text";
import type { IconName } from "~/shared/ui/Icon";

/** Something that a person can ask for by its name, with its key, so that the palette teaches it. */
export interface Action {
  id: string;
  label: string;
  icon: IconName;
  keys?: string;
  run: () => void;
}

export interface Line {
  id: string;
  group: string;
  icon: IconName;
  /** Text with the parts that answer what was typed. */
  text: string;
  matched: readonly (readonly [number, number])[];
  detail: string;
  keys?: string;
  target: Target;
}

export type Target =
  | { type: "client"; id: string }
  | { type: "enquiry"; id: string }
  | { type: "catalogue"; id: string }
  | { type: "day"; date: Day }
  | { type: "slot"; start: string; counsellor: string }
  | { type: "action"; action: Action };

export type Scope = "all" | "people" | "actions" | "catalogue";

/** The prefix of what was typed: @ a person, > an action, # the catalogue. */
export function readScope(typed: string): { scope: Scope; query: string } {
  const text = typed.trimStart();
  if (text.startsWith("@")) return { scope: "people", query: text.slice(1).trim() };
  if (text.startsWith(">")) return { scope: "actions", query: text.slice(1).trim() };
  if (text.startsWith("#")) return { scope: "catalogue", query: text.slice(1).trim() };
  return { scope: "all", query: text.trim() };
}

/** Character ranges of `text` that begin with a typed word, accents ignored. */
export function rangesOf(text: string, query: string): [number, number][] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const letters = Array.from(text);
  const ranges: [number, number][] = [];
  for (let start = 0; start < letters.length; start++) {
    if (start > 0 && /[\p{L}\p{N}]/u.test(letters[start - 1] ?? "")) continue;
    let best = start;
    for (const word of words) {
      let end = start;
      let seen = "";
      while (end < letters.length && seen.length < word.length) seen += fold(letters[end++] ?? "");
      if (seen.startsWith(word)) best = Math.max(best, end);
    }
    if (best > start) {
      ranges.push([start, best]);
      start = best - 1;
    }
  }
  return ranges;
}

/** An action answers when each typed word begins one of its words. */
export function answers(label: string, query: string): boolean {
  const words = fold(label).split(/[^\p{L}\p{N}]+/u);
  return fold(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((typed) => words.some((word) => word.startsWith(typed)));
}

interface Context {
  today: Day;
  actions: readonly Action[];
  people: readonly PersonView[];
}

/** The lines to show, in their groups: what Enter does is the first. */
export function linesOf(typed: string, found: readonly PaletteItem[], context: Context): Line[] {
  const { scope, query } = readScope(typed);
  const lines: Line[] = [];
  if (scope === "all") lines.push(...dayLines(query, found, context.today));
  if (scope === "all" || scope === "people") lines.push(...peopleLines(found));
  if (scope === "all" || scope === "catalogue") lines.push(...catalogueLines(found));
  if (scope === "all" || scope === "actions")
    lines.push(
      ...context.actions
        .filter((action) => answers(action.label, query))
        .map((action): Line => ({
          id: `action-${action.id}`,
          group: "Actions",
          icon: action.icon,
          text: action.label,
          matched: rangesOf(action.label, query),
          detail: "",
          ...(action.keys === undefined ? {} : { keys: action.keys }),
          target: { type: "action", action },
        })),
    );
  return lines;
}

function dayLines(query: string, found: readonly PaletteItem[], today: Day): Line[] {
  const lines: Line[] = [];
  for (const item of found) {
    if ((item.kind === "slot" || item.kind === "next") && item.slot !== null) {
      const { start, zone, counsellor } = item.slot;
      const { day, minute } = civil(start, zone);
      const text =
        item.kind === "slot"
          ? `Poser un rendez-vous ${dayName(day)}, ${hourOf(minute)} avec ${counsellor.name}`
          : `Créneau suivant de ${counsellor.name}`;
      lines.push({
        id: `${item.kind}-${item.slot.local}-${counsellor.id}`,
        group: "Créneaux et jours",
        icon: item.kind === "slot" ? "plus" : "clock",
        text,
        matched: [],
        detail: item.kind === "slot" ? "libre" : `${dayName(day, "bare")}, ${clock(start, zone)}`,
        target: { type: "slot", start, counsellor: counsellor.id },
      });
    } else if (item.kind === "day" && item.date !== null) {
      lines.push(
        dayLine(item.date, item.count === null ? "" : plural(item.count, "rendez-vous", "rendez-vous")),
      );
    }
  }
  // The desk may not read every way of saying a day; the screen then does.
  const read = lines.some((line) => line.target.type === "day") ? null : readDay(query, today);
  if (read !== null) lines.push(dayLine(read.day, ""));
  return lines;
}

function dayLine(date: Day, detail: string): Line {
  return {
    id: `day-${date}`,
    group: "Créneaux et jours",
    icon: "calendar",
    text: `Aller au ${dayName(date)}`,
    matched: [],
    detail,
    keys: "g",
    target: { type: "day", date },
  };
}

function catalogueLines(found: readonly PaletteItem[]): Line[] {
  return found.flatMap((item): Line[] =>
    item.id === null || item.kind !== "catalogue"
      ? []
      : [
          {
            id: `catalogue-${item.id}`,
            group: "Catalogue",
            icon: "book",
            text: item.title,
            matched: item.matched,
            detail: item.detail ?? "",
            target: { type: "catalogue", id: item.id },
          },
        ],
  );
}

function peopleLines(found: readonly PaletteItem[]): Line[] {
  return found.flatMap((item): Line[] => {
    if (item.id === null || (item.kind !== "client" && item.kind !== "enquiry")) return [];
    return [
      {
        id: `${item.kind}-${item.id}`,
        group: item.kind === "client" ? "Personnes" : "Demandes",
        icon: item.kind === "client" ? "user" : "inbox",
        text: item.title,
        matched: item.matched,
        detail: item.detail ?? "",
        target: { type: item.kind, id: item.id },
      },
    ];
  });
}
