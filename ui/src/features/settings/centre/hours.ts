import type { OfficeDoc } from "~/shared/backend";
import { duration } from "~/shared/format/dates";
import { civilTime, minuteOf } from "../parts/clocks";

export type Hours = OfficeDoc["hours"];

export interface Stretch {
  /** Place in the document's own list: errors name it. */
  index: number;
  /** Minutes since midnight. */
  from: number;
  to: number;
}

/** The stretches of one weekday (0 Monday), in order. */
export function dayOf(hours: Hours, weekday: number): Stretch[] {
  return hours
    .map((one, index) => ({ index, weekday: one.weekday, from: minuteOf(one.from), to: minuteOf(one.to) }))
    .filter((one) => one.weekday === weekday)
    .sort((a, b) => a.from - b.from)
    .map(({ index, from, to }) => ({ index, from, to }));
}

export function changed(hours: Hours, index: number, part: Partial<{ from: number; to: number }>): Hours {
  return hours.map((one, at) =>
    at !== index
      ? one
      : {
          ...one,
          ...(part.from === undefined ? {} : { from: civilTime(part.from) }),
          ...(part.to === undefined ? {} : { to: civilTime(part.to) }),
        },
  );
}

const MORNING = { from: 8 * 60 + 30, to: 12 * 60 + 30 };
const AFTERNOON = { from: 13 * 60 + 30, to: 17 * 60 + 30 };
const LAST = 23 * 60;

/** Another stretch on a weekday: the morning, the afternoon, then two hours after the last. */
export function added(hours: Hours, weekday: number): Hours {
  const last = dayOf(hours, weekday).at(-1);
  const stretch =
    last === undefined
      ? MORNING
      : last.to <= AFTERNOON.from
        ? AFTERNOON
        : { from: Math.min(LAST, last.to + 30), to: Math.min(LAST + 30, last.to + 150) };
  const made = { weekday, from: civilTime(stretch.from), to: civilTime(stretch.to) };
  return [...hours, made].sort((a, b) => a.weekday - b.weekday || (a.from < b.from ? -1 : 1));
}

/** Monday's hours on the four days that follow. */
export function likeMonday(hours: Hours): Hours {
  const monday = hours.filter((one) => one.weekday === 0);
  const weekend = hours.filter((one) => one.weekday > 4);
  return [...[0, 1, 2, 3, 4].flatMap((weekday) => monday.map((one) => ({ ...one, weekday }))), ...weekend];
}

/** `39 h par semaine`. */
export function total(hours: Hours): string {
  const minutes = hours.reduce((sum, one) => sum + Math.max(0, minuteOf(one.to) - minuteOf(one.from)), 0);
  return `${duration(minutes)} par semaine`;
}
