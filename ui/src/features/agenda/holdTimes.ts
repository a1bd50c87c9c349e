import { addDays, civil, dayNear, hour, instantOf, type Day, type Instant } from "~/shared/format/dates";
import { french } from "~/shared/format/text";

/** An hour until which a slot can be kept for a family; an empty value is the office's own rule. */
export interface HoldTime {
  value: Instant | "";
  label: string;
}

const NOON = 12 * 60;
const EVENING = 18 * 60;
const DAYS_AHEAD = [0, 1, 2, 3, 7];

/** The office's own limit first, then evenings and the next noon, in order; none after the meeting has begun. */
export function holdTimes(
  now: number,
  start: Instant,
  holdMin: number,
  zone: string,
): [HoldTime, ...HoldTime[]] {
  const today = civil(now, zone).day;
  const latest = Date.parse(start);
  const usual = Math.min(now + holdMin * 60_000, latest);
  const evenings = DAYS_AHEAD.map((days) => instantOf(addDays(today, days), EVENING, zone));
  const times = [instantOf(addDays(today, 1), NOON, zone), ...evenings]
    .filter((at) => Date.parse(at) > now + 30 * 60_000 && Date.parse(at) < latest)
    .sort();
  return [
    { value: "", label: label(usual, today, zone) },
    ...times.map((at) => ({ value: at, label: label(at, today, zone) })),
  ];
}

function label(at: Instant | number, today: Day, zone: string): string {
  return french(`${dayNear(civil(at, zone).day, today)}, ${hour(at, zone)}`);
}
