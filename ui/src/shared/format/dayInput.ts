import { addDays, weekdayOf, type Day } from "./dates";
import { fold } from "./text";

const WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS = [
  "janvier",
  "fevrier",
  "mars",
  "avril",
  "mai",
  "juin",
  "juillet",
  "aout",
  "septembre",
  "octobre",
  "novembre",
  "decembre",
];

export interface DayAndMinute {
  day: Day;
  /** Minutes since midnight, when an hour was typed. */
  minute?: number;
}

/** Understands what is said at a counter: `lun 14h`, `demain`, `24`, `24/11`, `mer 25 nov 9h30`, `+7`. Null when it is not a date. */
export function readDay(text: string, today: Day): DayAndMinute | null {
  let rest = ` ${fold(text).replace(/,/g, " ")} `;
  let minute: number | undefined;
  const time = /\s(?:a\s+)?(\d{1,2})\s*(?:h|:)\s*(\d{2})?\s/.exec(rest);
  if (time !== null) {
    const value = Number(time[1]) * 60 + Number(time[2] ?? 0);
    if (value >= 24 * 60 || Number(time[2] ?? 0) > 59) return null;
    minute = value;
    rest = rest.replace(time[0], " ");
  }
  const words = rest.trim().split(/\s+/).filter(Boolean);
  const day = words.length === 0 ? (minute === undefined ? null : today) : readDate(words, today);
  if (day === null) return null;
  return minute === undefined ? { day } : { day, minute };
}

function readDate(words: string[], today: Day): Day | null {
  const [first = "", ...others] = words;
  if (words.length === 1) {
    if (first === "aujourd'hui" || first === "auj" || first === "auj.") return today;
    if (first === "demain") return addDays(today, 1);
    if (first === "hier") return addDays(today, -1);
    const shift = /^([+-])(\d{1,3})$/.exec(first);
    if (shift !== null) return addDays(today, Number(shift[2]) * (shift[1] === "-" ? -1 : 1));
    const slashed = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?$/.exec(first);
    if (slashed !== null) {
      const year = slashed[3];
      return dateOf(
        Number(slashed[1]),
        Number(slashed[2]),
        year === undefined ? null : fullYear(year),
        today,
      );
    }
  }
  const weekday = /^[a-z]{3,}\.?$/.test(first) ? indexOf(WEEKDAYS, first) : -1;
  if (weekday >= 0) {
    if (others.length > 0) return readDate(others, today);
    const ahead = (weekday + 1 - weekdayOf(today) + 7) % 7;
    return addDays(today, ahead);
  }
  const number = /^(\d{1,2})(?:er)?$/.exec(first);
  if (number === null) return null;
  const dayOfMonth = Number(number[1]);
  if (others.length === 0) return nextDayNumbered(dayOfMonth, today);
  const month = indexOf(MONTHS, others[0] ?? "");
  if (month < 0 || others.length > 2) return null;
  const year = others[1];
  if (year !== undefined && !/^\d{4}$/.test(year)) return null;
  return dateOf(dayOfMonth, month + 1, year === undefined ? null : Number(year), today);
}

function indexOf(names: string[], word: string): number {
  const start = word.replace(/\.$/, "");
  return start.length < 3 ? -1 : names.findIndex((name) => name.startsWith(start));
}

function fullYear(text: string): number {
  return text.length === 2 ? 2000 + Number(text) : Number(text);
}

function dateOf(day: number, month: number, year: number | null, today: Day): Day | null {
  const thisYear = Number(today.slice(0, 4));
  const made = valid(year ?? thisYear, month, day);
  if (made === null || year !== null) return made;
  // A date without its year is the one nearest ahead, but somebody may look some weeks back.
  return made < addDays(today, -90) ? valid(thisYear + 1, month, day) : made;
}

function nextDayNumbered(day: number, today: Day): Day | null {
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7));
  const here = valid(year, month, day);
  if (here !== null && here >= today) return here;
  return month === 12 ? valid(year + 1, 1, day) : valid(year, month + 1, day);
}

function valid(year: number, month: number, day: number): Day | null {
  const text = `${String(year)}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  const date = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}
