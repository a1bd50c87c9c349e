import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { DayNote, OccurrenceView, SettingsView } from "~/shared/backend";
import { addDays, dayName, type Day } from "~/shared/format/dates";
import { cx, french } from "~/shared/format/text";
import { Icon } from "~/shared/ui/Icon";
import { everyWords, oddTimes, type DutyRow, type Half } from "./duty";
import styles from "./DutyWeek.module.css";

const HALF_WORDS: Record<Half, string> = { am: "matin", pm: "après-midi" };
const SATURDAY = 5;

/** A week by half-days: a row a place, a chip a person. One tab stop; arrows walk; Enter changes what stands there or puts a permanence. */
export function DutyWeek({
  monday,
  today,
  days,
  rows,
  settings,
  chosen,
  onOpen,
  onCreate,
}: {
  monday: Day;
  today: Day;
  days: readonly DayNote[];
  rows: readonly DutyRow[];
  settings: SettingsView;
  /** Opening whose days are marked. */
  chosen: string | null;
  onOpen: (one: OccurrenceView) => void;
  onCreate: (at: { site: string; day: Day; half: Half }) => void;
}): ReactNode {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const weekend = rows.some((row) =>
    [...row.cells.keys()].some((key) => key.slice(0, 10) >= addDays(monday, SATURDAY)),
  );
  const shown = days.filter((_, index) => index < SATURDAY || (weekend && index === SATURDAY));
  const columns = shown.flatMap((day): { day: Day; half: Half }[] => [
    { day: day.date, half: "am" },
    { day: day.date, half: "pm" },
  ]);

  const walk = (event: KeyboardEvent): void => {
    const [down, right] =
      event.key === "ArrowDown"
        ? [1, 0]
        : event.key === "ArrowUp"
          ? [-1, 0]
          : event.key === "ArrowRight"
            ? [0, 1]
            : event.key === "ArrowLeft"
              ? [0, -1]
              : [0, 0];
    if ((down === 0 && right === 0) || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    const next = {
      row: Math.min(rows.length - 1, Math.max(0, at.row + down)),
      column: Math.min(columns.length - 1, Math.max(0, at.column + right)),
    };
    setAt(next);
    table.current
      ?.querySelector<HTMLElement>(`[data-cell="${String(next.row)}-${String(next.column)}"]`)
      ?.focus();
  };
  const act = (row: DutyRow, column: { day: Day; half: Half }, which: string | undefined): void => {
    const here = row.cells.get(`${column.day} ${column.half}`) ?? [];
    const one = here.find((each) => each.id === which) ?? here[0];
    if (one !== undefined) onOpen(one);
    else onCreate({ site: row.site.id, day: column.day, half: column.half });
  };
  const ruleOf = (one: OccurrenceView): string => {
    const rule = settings.openings.find((each) => each.id === one.id)?.rule ?? null;
    return rule !== null && rule.frequency === "weekly" && rule.interval === 1 ? "" : everyWords(rule);
  };
  return (
    <div className={styles.scroll}>
      <table
        ref={table}
        className={styles.table}
        role="grid"
        aria-label={`Permanences, semaine du ${dayName(monday)}`}
      >
        <thead>
          <tr>
            <th scope="col" rowSpan={2} className={styles.corner}>
              Lieu
            </th>
            {shown.map((day) => (
              <th
                key={day.date}
                scope="colgroup"
                colSpan={2}
                className={cx(styles.day, day.date === today && styles.today)}
              >
                {dayName(day.date, "bare")}
                {(day.closed ?? day.holiday) !== null && (
                  <span>{french(day.closed ?? day.holiday ?? "")}</span>
                )}
              </th>
            ))}
          </tr>
          <tr>
            {columns.map(({ day, half }) => (
              <th key={`${day} ${half}`} scope="col" className={styles.half}>
                {half === "am" ? "matin" : "ap.-midi"}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowAt) => (
            <tr key={row.site.id}>
              <th scope="row" className={styles.place}>
                <Icon name={row.site.school ? "school" : "home"} small />
                <span>{french(row.site.name)}</span>
              </th>
              {columns.map((column, columnAt) => {
                const here = row.cells.get(`${column.day} ${column.half}`) ?? [];
                const closed = days.find((day) => day.date === column.day)?.closed ?? null;
                const said =
                  here.length === 0
                    ? "personne"
                    : here
                        .map((one) =>
                          [
                            one.counsellor.name,
                            oddTimes(one.blocks),
                            ruleOf(one),
                            one.suppressed === null ? null : "n’a pas lieu",
                          ]
                            .filter(Boolean)
                            .join(", "),
                        )
                        .join(" ; ");
                return (
                  <td
                    key={`${column.day} ${column.half}`}
                    role="gridcell"
                    tabIndex={at.row === rowAt && at.column === columnAt ? 0 : -1}
                    data-cell={`${String(rowAt)}-${String(columnAt)}`}
                    aria-label={`${row.site.name}, ${dayName(column.day)}, ${HALF_WORDS[column.half]} : ${said}`}
                    className={cx(
                      styles.cell,
                      closed !== null && styles.closed,
                      column.half === "am" && styles.first,
                    )}
                    onFocus={() => {
                      setAt({ row: rowAt, column: columnAt });
                    }}
                    onKeyDown={(event) => {
                      walk(event);
                      if (event.key !== "Enter") return;
                      event.preventDefault();
                      event.stopPropagation();
                      act(row, column, undefined);
                    }}
                    onClick={(event) => {
                      act(
                        row,
                        column,
                        (event.target as HTMLElement).closest<HTMLElement>("[data-duty]")?.dataset["duty"],
                      );
                    }}
                  >
                    {here.map((one) => (
                      <span
                        key={one.id}
                        data-duty={one.id}
                        className={cx(
                          styles.chip,
                          one.duty ? styles.duty : styles.booked,
                          one.suppressed !== null && styles.off,
                          one.id === chosen && styles.chosen,
                        )}
                      >
                        <b>{one.counsellor.name}</b>
                        {oddTimes(one.blocks) !== "" && <span className="num">{oddTimes(one.blocks)}</span>}
                        {ruleOf(one) !== "" && <span>{ruleOf(one)}</span>}
                        {one.suppressed !== null && (
                          <span>
                            {one.suppressed === "closure" ? "fermé" : (one.suppressed_name ?? "férié")}
                          </span>
                        )}
                      </span>
                    ))}
                    {here.length === 0 && (
                      <span className={styles.add} aria-hidden="true">
                        <Icon name="plus" small />
                      </span>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
