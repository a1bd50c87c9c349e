import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { DayNote, OccurrenceView, SettingsView } from "~/shared/backend";
import { addDays, dayName, type Day, weekdayOf } from "~/shared/format/dates";
import { cx, french } from "~/shared/format/text";
import { Icon } from "~/shared/ui/Icon";
import { everyWords, oddTimes, type DutyRow, type Half } from "./duty";
import styles from "./DutyWeek.module.css";

const HALF_WORDS: Record<Half, string> = { am: "matin", pm: "après-midi" };
const HALVES: readonly Half[] = ["am", "pm"];
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
  const lines = rows.flatMap((row) => HALVES.map((half) => ({ row, half })));

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
      row: Math.min(lines.length - 1, Math.max(0, at.row + down)),
      column: Math.min(shown.length - 1, Math.max(0, at.column + right)),
    };
    setAt(next);
    table.current
      ?.querySelector<HTMLElement>(`[data-cell="${String(next.row)}-${String(next.column)}"]`)
      ?.focus();
  };
  const act = (row: DutyRow, day: Day, half: Half, which: string | undefined): void => {
    const here = row.cells.get(`${day} ${half}`) ?? [];
    const one = here.find((each) => each.id === which) ?? here[0];
    if (one !== undefined) onOpen(one);
    else onCreate({ site: row.site.id, day, half });
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
            <th scope="col" className={styles.corner}>
              Lieu
            </th>
            <th scope="col" className={styles.half}>
              <span className="vh">Demi-journée</span>
            </th>
            {shown.map((day) => (
              <th key={day.date} scope="col" className={cx(styles.day, day.date === today && styles.today)}>
                {dayName(day.date, "bare")}
                {(day.closed ?? day.holiday) !== null && (
                  <span>{french(day.closed ?? day.holiday ?? "")}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ row, half }, line) => (
            <tr key={`${row.site.id} ${half}`} className={half === "am" ? styles.opens : undefined}>
              {half === "am" && (
                <th scope="rowgroup" rowSpan={2} className={styles.place}>
                  <Icon name={row.site.school ? "school" : "home"} small />
                  {french(row.site.name)}
                </th>
              )}
              <th scope="row" className={styles.half}>
                {HALF_WORDS[half]}
              </th>
              {shown.map((day, column) => {
                const here = row.cells.get(`${day.date} ${half}`) ?? [];
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
                    // By its place: the cell that has the keyboard keeps it when the week is turned.
                    key={weekdayOf(day.date)}
                    role="gridcell"
                    tabIndex={at.row === line && at.column === column ? 0 : -1}
                    data-cell={`${String(line)}-${String(column)}`}
                    className={cx(styles.cell, day.closed !== null && styles.closed)}
                    onFocus={() => {
                      setAt({ row: line, column });
                    }}
                    onKeyDown={(event) => {
                      walk(event);
                      if (event.key !== "Enter") return;
                      event.preventDefault();
                      event.stopPropagation();
                      act(row, day.date, half, undefined);
                    }}
                    onClick={(event) => {
                      const chip = (event.target as HTMLElement).closest<HTMLElement>("[data-duty]");
                      act(row, day.date, half, chip?.dataset["duty"]);
                    }}
                  >
                    <span className="vh">
                      {`${row.site.name}, ${dayName(day.date)}, ${HALF_WORDS[half]} : ${said}`}
                    </span>
                    {here.map((one) => (
                      <span
                        key={one.id}
                        aria-hidden="true"
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
