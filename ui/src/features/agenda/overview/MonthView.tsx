import { useEffect, useRef, type ReactNode } from "react";
import { useRead, type DayColumn, type LoadView } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { addDays, dayName, mondayOf, monthAway, monthName, weekdayOf, type Day } from "~/shared/format/dates";
import { cx, french } from "~/shared/format/text";
import { useNow } from "~/shared/session/session";
import { Icon } from "~/shared/ui/Icon";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { loadText, ofDay, type Load } from "./load";
import { LoadCell } from "./LoadCell";
import styles from "./overview.module.css";
import { useTableWalk, type At } from "./useTableWalk";

/** The whole weeks that hold a month: six at most, as many as the desk gives in one read. */
function weeksOf(date: Day): { from: Day; to: Day } {
  const first = monthAway(date, 0);
  const last = addDays(monthAway(date, 1), -1);
  return { from: mondayOf(first), to: addDays(mondayOf(last), 6) };
}

/** A month of days with how full each is. Arrows walk days and weeks, Page turns the month, Enter opens the day. */
export function MonthView({
  date,
  shown,
  onDate,
  onOpen,
}: {
  date: Day;
  /** The columns that are not hidden. */
  shown: readonly DayColumn[];
  /** The keyboard went to another day: the month of it is shown. */
  onDate: (date: Day) => void;
  onOpen: (date: Day) => void;
}): ReactNode {
  const { data, error } = useRead("agenda.load", weeksOf(date), { keep: true, every: 5 * 60_000 });
  if (data === undefined)
    return error === null ? (
      <Loading lines={8} />
    ) : (
      <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
    );
  return <MonthTable load={data} date={date} shown={shown} onDate={onDate} onOpen={onOpen} />;
}

function MonthTable({
  load,
  date,
  shown,
  onDate,
  onOpen,
}: {
  load: LoadView;
  date: Day;
  shown: readonly DayColumn[];
  onDate: (date: Day) => void;
  onOpen: (date: Day) => void;
}): ReactNode {
  const { today, minute } = useNow();
  const kept = load.people.flatMap((person, place) =>
    shown.some((column) => column.id === person.id) ? [place] : [],
  );
  const loads = new Map(load.days.map((day) => [day.date, ofDay(day, kept)]));
  const works = (day: Day): boolean => {
    const of = loads.get(day);
    return of !== undefined && of.open + of.booked + of.absent > 0;
  };
  // Saturday and Sunday have columns of their own only where somebody receives on them.
  const wide = [6, 7].filter((weekday) =>
    load.days.some((day) => weekdayOf(day.date) === weekday && works(day.date)),
  );
  const weekdays = [1, 2, 3, 4, 5, ...wide];
  const weeks: Day[] = load.days.filter((day) => weekdayOf(day.date) === 1).map((day) => day.date);
  const dayAt = ({ row, column }: At): Day => addDays(weeks[row] ?? date, (weekdays[column] ?? 1) - 1);
  const placeOf = (day: Day): At => {
    const row = weeks.indexOf(mondayOf(day));
    const column = weekdays.indexOf(weekdayOf(day));
    return { row: Math.max(0, row), column: column < 0 ? weekdays.length - 1 : column };
  };
  const month = date.slice(0, 7);
  const passed = (day: Day): boolean => day < today || (day === today && minute >= 18 * 60);
  const noteOf = (day: Day): LoadView["days"][number] | undefined =>
    load.days.find((one) => one.date === day);
  const said = (day: Day): string => {
    const note = noteOf(day);
    const of = loads.get(day);
    const counts = of === undefined ? "" : loadText(of, passed(day));
    return [dayName(day), note?.closed ?? counts, note?.holiday].filter(Boolean).join(", ");
  };

  // The cell under the keyboard goes with its month: the next one takes the focus once it is there.
  const byKey = useRef(false);
  const turnTo = (day: Day): void => {
    byKey.current = true;
    onDate(day);
  };
  const turn = (chord: string, at: At): boolean => {
    const by = { PageUp: -1, PageDown: 1 }[chord];
    if (by === undefined) return false;
    const day = dayAt(at);
    const first = monthAway(day, by);
    const last = Number(addDays(monthAway(first, 1), -1).slice(8));
    turnTo(`${first.slice(0, 8)}${String(Math.min(Number(day.slice(8)), last)).padStart(2, "0")}`);
    return true;
  };

  const table = useRef<HTMLTableElement>(null);
  const walk = useTableWalk(table, {
    rows: weeks.length,
    columns: weekdays.length,
    first: placeOf(date),
    say: (at) => said(dayAt(at)),
    onEnter: (at) => {
      onOpen(dayAt(at));
    },
    onKey: turn,
    beyond: (chord, at) => {
      const by = { ArrowUp: -7, ArrowDown: 7, ArrowLeft: -1, ArrowRight: 1 }[chord];
      if (by === undefined) return false;
      let next = addDays(dayAt(at), by);
      while (!weekdays.includes(weekdayOf(next))) next = addDays(next, Math.sign(by));
      turnTo(next);
      return true;
    },
  });

  // The day may change from outside: a step of the bar, "Aujourd’hui", a date that was typed.
  const shownDate = useRef(date);
  const covers = weeks.includes(mondayOf(date));
  useEffect(() => {
    if (!covers || shownDate.current === date) return;
    shownDate.current = date;
    const inside = byKey.current || (table.current?.contains(document.activeElement) ?? false);
    byKey.current = false;
    walk.goTo(placeOf(date), inside);
  });

  return (
    <table
      ref={table}
      role="grid"
      className={cx(styles.table, styles.month)}
      aria-label={`Mois de ${monthName(date)}`}
      onKeyDown={walk.onKeyDown}
      onClick={walk.onClick}
    >
      <thead>
        <tr>
          {weekdays.map((weekday) => (
            <th key={weekday} scope="col">
              {dayName(addDays(weeks[0] ?? mondayOf(date), weekday - 1)).split(" ")[0]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, row) => (
          <tr key={week}>
            {weekdays.map((weekday, column) => {
              const day = addDays(week, weekday - 1);
              return (
                <td
                  key={day}
                  role="gridcell"
                  data-date={day}
                  data-passed={passed(day)}
                  data-outside={day.slice(0, 7) !== month}
                  aria-current={day === today ? "date" : undefined}
                  {...walk.cell({ row, column })}
                >
                  <MonthDay
                    day={day}
                    load={loads.get(day)}
                    closed={noteOf(day)?.closed ?? null}
                    holiday={noteOf(day)?.holiday ?? null}
                    passed={passed(day)}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** "Vac. Toussaint": fits in a cell. The cell's label has the whole name. */
function shortHoliday(holiday: string): string {
  const [name = holiday] = holiday.split(" · ");
  return french(name.replace(/^Vacances (?:de la |de l[’']|de |d[’']|du )/u, "Vac. "));
}

function MonthDay({
  day,
  load,
  closed,
  holiday,
  passed,
}: {
  day: Day;
  load: Load | undefined;
  closed: string | null;
  holiday: string | null;
  passed: boolean;
}): ReactNode {
  const number = Number(day.slice(8));
  return (
    <>
      <span className={styles.number}>
        {number === 1 ? dayName(day, "short").split(" ").slice(1).join(" ") : number}
        {holiday !== null && <span className={styles.why}>{shortHoliday(holiday)}</span>}
      </span>
      {closed !== null && (load?.booked ?? 0) === 0 ? (
        <span className={styles.closedDay}>
          <Icon name="slash" small /> {closed}
        </span>
      ) : (
        load && <LoadCell load={load} passed={passed} />
      )}
    </>
  );
}
