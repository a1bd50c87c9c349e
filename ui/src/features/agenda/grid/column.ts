import type { DayColumn, DayView, WeekView } from "~/shared/backend";
import type { AppointmentView } from "~/shared/backend";
import { dayName, spanName, type Day } from "~/shared/format/dates";
import { columnNote } from "../dayModel";

/** A column of the grid: somebody (or a room) on a date. A day has one for each person, a week one for each day. */
export interface GridColumn {
  key: string;
  date: Day;
  of: DayColumn;
  /** What its head says: a name, or a day. */
  name: string;
  note: string;
  /** The key that shows and hides it. */
  digit: number | null;
  today: boolean;
  /** Closed all day: the head says why. */
  closed: boolean;
}

export function keyOf(date: Day, id: string): string {
  return `${date} ${id}`;
}

/** What the grid draws: the columns of one day, or of one person's week. */
export interface GridDays {
  /** Changes when another day or week is shown. */
  key: string;
  /** Its name, read aloud. */
  label: string;
  from: number;
  to: number;
  columns: GridColumn[];
  blocks: AppointmentView[];
}

export function gridOfDay(
  day: DayView,
  shown: readonly DayColumn[],
  digits: ReadonlyMap<string, number>,
  today: Day,
): GridDays {
  return {
    key: day.date,
    label: `Agenda du ${dayName(day.date)}, par conseiller`,
    from: day.from_min,
    to: day.to_min,
    blocks: day.blocks,
    columns: shown.map((of) => {
      const digit = digits.get(of.id) ?? 0;
      return {
        key: keyOf(day.date, of.id),
        date: day.date,
        of,
        name: of.name,
        note: columnNote(of),
        digit: digit >= 1 && digit <= 9 ? digit : null,
        today: day.date === today,
        closed: false,
      };
    }),
  };
}

export function gridOfWeek(week: WeekView, today: Day): GridDays {
  const first = week.days[0]?.date ?? today;
  const last = week.days.at(-1)?.date ?? today;
  return {
    key: `${first} ${week.counsellor.id}`,
    label: `Semaine ${spanName(first, last)}, ${week.counsellor.name}`,
    from: week.from_min,
    to: week.to_min,
    blocks: week.days.flatMap((day) => day.blocks),
    columns: week.days.map(({ date, closed, column }) => ({
      key: keyOf(date, column.id),
      date,
      of: column,
      name: dayName(date, "bare"),
      note: closed ?? columnNote(column),
      digit: null,
      today: date === today,
      closed: closed !== null,
    })),
  };
}
