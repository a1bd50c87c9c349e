import {
  addDays,
  dayName,
  mondayOf,
  monthAway,
  monthName,
  spanName,
  stepWorkday,
  type Day,
} from "~/shared/format/dates";

/** How the agenda is looked at. */
export type View = "day" | "week" | "month" | "list";

/** The days that a list goes over. */
export type ListSpan = "day" | "week" | "fortnight";

export function spanOf(span: ListSpan, date: Day): { from: Day; to: Day } {
  switch (span) {
    case "day":
      return { from: date, to: date };
    case "week":
      return { from: mondayOf(date), to: addDays(mondayOf(date), 6) };
    case "fortnight":
      return { from: date, to: addDays(date, 13) };
  }
}

/** The day that one step forward or back leads to. */
export function stepOf(view: View, span: ListSpan, date: Day, by: 1 | -1): Day {
  switch (view) {
    case "day":
      return stepWorkday(date, by);
    case "week":
      return addDays(date, 7 * by);
    case "month":
      return monthAway(date, by);
    case "list":
      if (span === "day") return stepWorkday(date, by);
      return addDays(date, (span === "week" ? 7 : 14) * by);
  }
}

/** What a step is called: on its buttons and in the list of keys. */
export const STEPS: Record<View, { before: string; after: string; group: string }> = {
  day: { before: "Jour précédent", after: "Jour suivant", group: "Changer de jour" },
  week: { before: "Semaine précédente", after: "Semaine suivante", group: "Changer de semaine" },
  month: { before: "Mois précédent", after: "Mois suivant", group: "Changer de mois" },
  list: { before: "Période précédente", after: "Période suivante", group: "Changer de période" },
};

/** The title of the screen; the year only when it is another than today's. */
export function titleOfView(view: View, span: ListSpan, date: Day, today: Day): string {
  if (view === "month") return monthName(date);
  const year = date.slice(0, 4) === today.slice(0, 4) ? "" : ` ${date.slice(0, 4)}`;
  if (view === "day" || (view === "list" && span === "day")) return `${dayName(date)}${year}`;
  if (view === "week") return `${spanName(mondayOf(date), addDays(mondayOf(date), 4))}${year}`;
  const { from, to } = spanOf(span, date);
  return `${spanName(from, to)}${year}`;
}
