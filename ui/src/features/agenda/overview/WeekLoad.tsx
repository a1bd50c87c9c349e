import { useRef, type ReactNode } from "react";
import { useRead, type DayColumn, type LoadView } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { addDays, dayName, mondayOf, spanName, weekdayOf, type Day } from "~/shared/format/dates";
import { cx } from "~/shared/format/text";
import { useNow } from "~/shared/session/session";
import { Icon } from "~/shared/ui/Icon";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { loadOf, loadText } from "./load";
import { LoadCell } from "./LoadCell";
import styles from "./overview.module.css";
import { useTableWalk } from "./useTableWalk";

/** Where the keyboard goes in the week of the person that is opened. */
const HALVES = [
  { key: "morning", word: "matin", minute: 9 * 60 },
  { key: "afternoon", word: "après-midi", minute: 14 * 60 },
] as const;

/** The week of everybody, in counts for each half of a day: where there is room, and where nobody comes. */
export function WeekLoad({
  date,
  shown,
  onOpen,
}: {
  date: Day;
  /** The columns that are not hidden. */
  shown: readonly DayColumn[];
  onOpen: (person: string, date: Day, minute: number) => void;
}): ReactNode {
  const monday = mondayOf(date);
  const { data, error } = useRead(
    "agenda.load",
    { from: monday, to: addDays(monday, 6) },
    { keep: true, every: 5 * 60_000 },
  );
  if (data === undefined)
    return error === null ? (
      <Loading lines={8} />
    ) : (
      <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
    );
  return <LoadTable load={data} shown={shown} onOpen={onOpen} />;
}

function LoadTable({
  load,
  shown,
  onOpen,
}: {
  load: LoadView;
  shown: readonly DayColumn[];
  onOpen: (person: string, date: Day, minute: number) => void;
}): ReactNode {
  const { today, minute } = useNow();
  const people = load.people
    .map((person, place) => ({ ...person, place }))
    .filter((person) => shown.some((column) => column.id === person.id));
  const days = load.days.filter(
    (day) =>
      weekdayOf(day.date) <= 5 ||
      day.people.some(
        (one) =>
          one.morning.open_min + one.afternoon.open_min + one.morning.booked + one.afternoon.booked > 0,
      ),
  );
  const slots = days.flatMap((day) => HALVES.map((half) => ({ day, half })));
  const passed = (slot: (typeof slots)[number]): boolean =>
    slot.day.date < today ||
    (slot.day.date === today && minute >= (slot.half.key === "morning" ? 13 : 18) * 60);

  const table = useRef<HTMLTableElement>(null);
  const walk = useTableWalk(table, {
    rows: people.length,
    columns: slots.length,
    first: {
      row: 0,
      column: Math.max(
        0,
        slots.findIndex((slot) => slot.day.date === today),
      ),
    },
    say: ({ row, column }) => {
      const person = people[row];
      const slot = slots[column];
      const half = person && slot?.day.people[person.place]?.[slot.half.key];
      if (person === undefined || slot === undefined || half === undefined) return "";
      return `${dayName(slot.day.date)}, ${slot.half.word}, ${person.name}, ${loadText(loadOf(half), passed(slot))}`;
    },
    onEnter: ({ row, column }) => {
      const person = people[row];
      const slot = slots[column];
      if (person && slot) onOpen(person.id, slot.day.date, slot.half.minute);
    },
  });

  if (people.length === 0) return <EmptyState title="Personne n’est montré" />;
  const last = days.at(-1)?.date ?? today;
  return (
    <table
      ref={table}
      role="grid"
      className={cx(styles.table, styles.week)}
      aria-label={`Semaine ${spanName(days[0]?.date ?? last, last)}, tous les conseillers`}
      onKeyDown={walk.onKeyDown}
      onClick={walk.onClick}
    >
      <thead>
        <tr>
          <th scope="col" rowSpan={2}>
            <span className="vh">Conseiller</span>
          </th>
          {days.map((day) => (
            <th
              key={day.date}
              scope="colgroup"
              colSpan={2}
              className={cx(styles.day, day.date === today && styles.today)}
              aria-current={day.date === today ? "date" : undefined}
            >
              {dayName(day.date, "bare")}
              {day.closed !== null && (
                <span className={styles.why}>
                  <Icon name="slash" small /> {day.closed}
                </span>
              )}
            </th>
          ))}
        </tr>
        <tr>
          {slots.map(({ day, half }) => (
            <th key={`${day.date} ${half.key}`} scope="col" className={styles.half}>
              {half.word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {people.map((person, row) => (
          <tr key={person.id}>
            <th scope="row">{person.name}</th>
            {slots.map((slot, column) => {
              const half = slot.day.people[person.place]?.[slot.half.key];
              return (
                <td
                  key={`${slot.day.date} ${slot.half.key}`}
                  role="gridcell"
                  data-passed={passed(slot)}
                  {...walk.cell({ row, column })}
                >
                  {half && <LoadCell load={loadOf(half)} passed={passed(slot)} />}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
