import type { OccurrenceTarget, OccurrenceView, OpeningDoc } from "~/shared/backend";
import { addDays, weekdayOf, type Day } from "~/shared/format/dates";

/** Monday of the week of a day. */
export function mondayOf(day: Day): Day {
  return addDays(day, 1 - weekdayOf(day));
}

/** Where the focus is: a person's row, a day, and which of the plages of that cell. */
export interface Spot {
  row: number;
  column: number;
  item: number;
}

export interface WeekRow {
  id: string;
  name: string;
  /** By day, in order of hour. */
  cells: OccurrenceView[][];
}

/** A row for each person, a cell for each day; an absence of several days is in each of them. */
export function rowsOf(
  staff: readonly { id: string; name: string }[],
  days: readonly Day[],
  occurrences: readonly OccurrenceView[],
): WeekRow[] {
  return staff.map((person) => ({
    id: person.id,
    name: person.name,
    cells: days.map((day) =>
      occurrences.filter((one) => one.counsellor.id === person.id && one.date <= day && day <= one.last_date),
    ),
  }));
}

const at = (rows: readonly WeekRow[], row: number, column: number): OccurrenceView[] =>
  rows[row]?.cells[column] ?? [];

/** The next spot in a direction: first the other plages of the cell, then the cell beyond; at the edge it stays. */
export function walk(
  rows: readonly WeekRow[],
  spot: Spot,
  key: "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "End",
): Spot {
  const columns = rows[0]?.cells.length ?? 0;
  const count = at(rows, spot.row, spot.column).length;
  if (key === "Home") return { ...spot, column: 0, item: 0 };
  if (key === "End") return { ...spot, column: columns - 1, item: 0 };
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const column = spot.column + (key === "ArrowRight" ? 1 : -1);
    if (column < 0 || column >= columns) return spot;
    const most = Math.max(0, at(rows, spot.row, column).length - 1);
    return { row: spot.row, column, item: Math.min(spot.item, most) };
  }
  const step = key === "ArrowDown" ? 1 : -1;
  const item = spot.item + step;
  if (item >= 0 && item < count) return { ...spot, item };
  const row = spot.row + step;
  if (row < 0 || row >= rows.length) return spot;
  const there = at(rows, row, spot.column).length;
  return { row, column: spot.column, item: step > 0 ? 0 : Math.max(0, there - 1) };
}

/** The same plage on another day. */
export function movedTo(occurrence: OccurrenceView, date: Day): OccurrenceTarget {
  return { date, blocks: occurrence.blocks, site: occurrence.site };
}

/** The whole plage some minutes later, or only its end. */
export function shifted(occurrence: OccurrenceView, minutes: number, endOnly: boolean): OccurrenceTarget {
  const within = (minute: number): number => Math.min(1440, Math.max(0, minute));
  const last = occurrence.blocks.length - 1;
  const blocks = occurrence.blocks.map((block, index) => ({
    from: within(endOnly ? block.from : block.from + minutes),
    to: within(endOnly && index !== last ? block.to : block.to + minutes),
  }));
  return { date: occurrence.date, blocks, site: occurrence.site };
}

/** A first draft of an opening: every week on that weekday, the morning. */
export function draftOf(counsellor: string, site: string, day: Day): OpeningDoc {
  const weekday = (["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const)[weekdayOf(day) - 1] ?? "Mon";
  return {
    id: crypto.randomUUID(),
    counsellor,
    site,
    first_day: day,
    blocks: [{ from: 510, to: 750 }],
    rule: { frequency: "weekly", interval: 1, weekdays: [weekday], nth_weekday: null, until: null },
    except: [],
    overrides: [],
    works_on_off_days: false,
  };
}
