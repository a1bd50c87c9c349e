import { memo, type KeyboardEvent, type ReactNode } from "react";
import type { SiteDoc } from "~/shared/backend";
import { addDays, dayName, weekdayOf, type Day } from "~/shared/format/dates";
import { cx } from "~/shared/format/text";
import styles from "./YearCalendar.module.css";
import { closuresOf, monthAway, monthsOf, schoolHolidayOn, weeksOf, type Known, type Range } from "./year";

const WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const monthName = new Intl.DateTimeFormat("fr-FR", { month: "long", year: "numeric", timeZone: "UTC" });

/** Twelve months with one tab stop. Arrows walk the days, Shift takes several, Enter goes to what can be done with them. */
export const YearCalendar = memo(function YearCalendar({
  year,
  today,
  sites,
  known,
  cursor,
  range,
  onMove,
  onEnter,
  onClear,
}: {
  year: number;
  today: Day;
  sites: readonly SiteDoc[];
  known: Known;
  /** The day that has the tab stop. */
  cursor: Day;
  range: Range | null;
  onMove: (to: Day, extend: boolean) => void;
  onEnter: () => void;
  onClear: () => void;
}): ReactNode {
  const closures = closuresOf(sites);
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const to = walk(event.key, cursor);
    if (to !== null) onMove(to, event.shiftKey);
    else if (event.key === " ") onMove(cursor, false);
    else if (event.key === "Enter") {
      if (range === null) onMove(cursor, false);
      else onEnter();
    } else if (event.key === "Escape" && range !== null) onClear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.year} onKeyDown={pressed}>
      {monthsOf(year).map((month) => (
        <table
          key={month}
          className={styles.month}
          role="grid"
          aria-label={monthName.format(Date.parse(month))}
          aria-multiselectable="true"
        >
          <caption aria-hidden="true">{monthName.format(Date.parse(month))}</caption>
          <thead>
            <tr>
              {WEEKDAYS.map((weekday) => (
                <th key={weekday} scope="col" abbr={weekday}>
                  <span aria-hidden="true">{weekday.charAt(0).toUpperCase()}</span>
                  <span className="vh">{weekday}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeksOf(month).map((week, at) => (
              <tr key={at}>
                {week.map((day, column) => {
                  if (day === null) return <td key={column} />;
                  const closed = closures.get(day) ?? [];
                  const holiday = known.holidays.get(day) ?? null;
                  const school = schoolHolidayOn(known, day);
                  const chosen = range !== null && range.first <= day && day <= range.last;
                  return (
                    <td
                      key={column}
                      role="gridcell"
                      tabIndex={day === cursor ? 0 : -1}
                      data-day={day}
                      aria-selected={chosen}
                      aria-current={day === today ? "date" : undefined}
                      title={
                        [holiday, closedWords(closed, sites.length), school].filter(Boolean).join(", ") ||
                        undefined
                      }
                      className={cx(
                        styles.day,
                        weekdayOf(day) > 5 && styles.weekend,
                        school !== null && styles.school,
                        closed.length > 0 && (closed.length === sites.length ? styles.closed : styles.partly),
                        holiday !== null && styles.holiday,
                        day === today && styles.today,
                      )}
                      onPointerDown={(event) => {
                        if (event.button === 0) onMove(day, event.shiftKey);
                      }}
                      onPointerEnter={(event) => {
                        if (event.buttons === 1 && event.pointerType === "mouse") onMove(day, true);
                      }}
                    >
                      <span aria-hidden="true">{Number(day.slice(8))}</span>
                      <span className="vh">{wordsOf(day, closed, sites.length, holiday, school)}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
});

function walk(key: string, from: Day): Day | null {
  switch (key) {
    case "ArrowLeft":
      return addDays(from, -1);
    case "ArrowRight":
      return addDays(from, 1);
    case "ArrowUp":
      return addDays(from, -7);
    case "ArrowDown":
      return addDays(from, 7);
    case "Home":
      return addDays(from, 1 - weekdayOf(from));
    case "End":
      return addDays(from, 7 - weekdayOf(from));
    case "PageUp":
      return monthAway(from, -1);
    case "PageDown":
      return monthAway(from, 1);
    default:
      return null;
  }
}

function closedWords(closed: readonly SiteDoc[], all: number): string | null {
  if (closed.length === 0) return null;
  return closed.length === all ? "fermé" : `fermé : ${closed.map((site) => site.name).join(", ")}`;
}

function wordsOf(
  day: Day,
  closed: readonly SiteDoc[],
  all: number,
  holiday: string | null,
  school: string | null,
): string {
  return [
    dayName(day, "year"),
    closedWords(closed, all),
    holiday === null ? null : `férié, ${holiday}`,
    school?.toLowerCase() ?? null,
  ]
    .filter(Boolean)
    .join(", ");
}
