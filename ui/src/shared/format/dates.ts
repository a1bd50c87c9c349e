/* Instants cross the boundary as RFC 3339 and days as YYYY-MM-DD. All that a person reads is civil time in the site's zone,
   which is passed in: the computer's own zone never matters. */

const NBSP = "\u00a0";
const MINUTE = 60_000;

/** A civil date, `YYYY-MM-DD`. */
export type Day = string;
/** An instant, RFC 3339. */
export type Instant = string;

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let made = formatters.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat("fr-FR", { timeZone: zone, ...options });
    formatters.set(key, made);
  }
  return made;
}

function part(parts: Intl.DateTimeFormatPart[], type: Intl.DateTimeFormatPartTypes): string {
  return parts.find((one) => one.type === type)?.value ?? "";
}

/** The civil date and the minutes since midnight of an instant. */
export function civil(instant: Instant | number, zone: string): { day: Day; minute: number } {
  const parts = formatter(zone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date(instant));
  return {
    day: `${part(parts, "year")}-${part(parts, "month")}-${part(parts, "day")}`,
    minute: Number(part(parts, "hour")) * 60 + Number(part(parts, "minute")),
  };
}

/** The instant of a civil time. A time that the clocks skip becomes the one an hour later, as everywhere in the product. */
export function instantOf(day: Day, minute: number, zone: string): Instant {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE;
  // Two passes: the offset at the guess, then the offset at the corrected guess, which differs only near a change of clocks.
  const first = asUtc - offsetAt(asUtc, zone);
  return new Date(asUtc - offsetAt(first, zone)).toISOString().replace(".000Z", "Z");
}

function offsetAt(instant: number, zone: string): number {
  const { day, minute } = civil(instant, zone);
  const shown = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE;
  return shown - Math.floor(instant / MINUTE) * MINUTE;
}

/** `14:30`, for grids and lists. */
export function clock(instant: Instant | number, zone: string): string {
  return clockOf(civil(instant, zone).minute);
}

/** `9:05` from minutes since midnight. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60))}:${String(minute % 60).padStart(2, "0")}`;
}

/** `14 h 30`, `9 h`, for sentences. */
export function hour(instant: Instant | number, zone: string): string {
  return hourOf(civil(instant, zone).minute);
}

export function hourOf(minute: number): string {
  const rest = minute % 60;
  const whole = `${String(Math.floor(minute / 60))}${NBSP}h`;
  return rest === 0 ? whole : `${whole}${NBSP}${String(rest).padStart(2, "0")}`;
}

type DayStyle = "long" | "short" | "bare" | "year" | "digits";

const DAY_STYLES: Record<Exclude<DayStyle, "bare">, Intl.DateTimeFormatOptions> = {
  long: { weekday: "long", day: "numeric", month: "long" },
  short: { weekday: "short", day: "numeric", month: "short" },
  year: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  digits: { day: "2-digit", month: "2-digit", year: "numeric" },
};

/** A civil date in words: long `lundi 23 novembre`, short `lun. 23 nov.`, bare `lun. 23`, digits `23/11/2026`. The first of a month is `1er`. */
export function dayName(day: Day, style: DayStyle = "long"): string {
  const date = Date.parse(`${day}T12:00:00Z`);
  if (Number.isNaN(date)) return day;
  if (style === "bare") {
    const weekday = formatter("UTC", { weekday: "short" }).format(date);
    return `${weekday}${NBSP}${dayNumber(day)}`;
  }
  const text = formatter("UTC", DAY_STYLES[style]).format(date);
  if (style === "digits") return text;
  return Number(day.slice(8)) === 1 ? text.replace(/(^|\s)1(\s)/, `$11er$2`) : text;
}

function dayNumber(day: Day): string {
  const number = Number(day.slice(8));
  return number === 1 ? "1er" : String(number);
}

/** `aujourd’hui`, `demain`, `hier`, else the bare day in the same month and the short one beyond. */
export function dayNear(day: Day, today: Day): string {
  if (day === today) return "aujourd’hui";
  if (day === addDays(today, 1)) return "demain";
  if (day === addDays(today, -1)) return "hier";
  return dayName(day, day.slice(0, 7) === today.slice(0, 7) ? "bare" : "short");
}

/** `lundi 23 novembre, 14 h 30`. */
export function dayAndHour(instant: Instant, zone: string, style: DayStyle = "long"): string {
  return `${dayName(civil(instant, zone).day, style)}, ${hour(instant, zone)}`;
}

export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T12:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: Day): number {
  const number = new Date(`${day}T12:00:00Z`).getUTCDay();
  return number === 0 ? 7 : number;
}

/** The Monday of a day's week. */
export function mondayOf(day: Day): Day {
  return addDays(day, 1 - weekdayOf(day));
}

/** The first day of the month so many months away. */
export function monthAway(day: Day, count: number): Day {
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + count;
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}-01`;
}

/** `novembre 2026`. */
export function monthName(day: Day): string {
  return formatter("UTC", { month: "long", year: "numeric" }).format(Date.parse(`${day}T12:00:00Z`));
}

/** `du 23 au 27 novembre`, `du 30 novembre au 4 décembre`. */
export function spanName(from: Day, to: Day): string {
  const whole = (day: Day): string => dayName(day).split(" ").slice(1).join(" ");
  const first = from.slice(0, 7) === to.slice(0, 7) ? dayNumber(from) : whole(from);
  return `du ${first} au ${whole(to)}`;
}

/** The next day that an office may be open: Saturday and Sunday are stepped over. */
export function stepWorkday(day: Day, step: 1 | -1): Day {
  let next = addDays(day, step);
  while (weekdayOf(next) > 5) next = addDays(next, step);
  return next;
}

/** `17 min`, `1 h 05`. */
export function duration(minutes: number): string {
  if (minutes < 60) return `${String(minutes)}${NBSP}min`;
  return hourOf(minutes);
}

/** Age in whole years on a day. */
export function ageOn(birth: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}
