import type { HolidaysView, SettingChange, SiteDoc } from "~/shared/backend";
import { addDays, dayName, weekdayOf, type Day } from "~/shared/format/dates";
import { settingOf } from "../documents/useDocument";

/** The school year of a day: it begins in September. */
export function schoolYearOf(day: Day): number {
  const year = Number(day.slice(0, 4));
  return Number(day.slice(5, 7)) >= 9 ? year : year - 1;
}

export const firstDayOf = (year: number): Day => `${String(year)}-09-01`;
export const lastDayOf = (year: number): Day => `${String(year + 1)}-08-31`;

/** The first days of the twelve months of a school year. */
export function monthsOf(year: number): Day[] {
  return Array.from({ length: 12 }, (_, at) => {
    const month = ((at + 8) % 12) + 1;
    return `${String(at < 4 ? year : year + 1)}-${String(month).padStart(2, "0")}-01`;
  });
}

/** The weeks of a month, Monday first; days of other months are null. */
export function weeksOf(first: Day): (Day | null)[][] {
  const month = first.slice(0, 7);
  const weeks: (Day | null)[][] = [];
  for (
    let monday = addDays(first, 1 - weekdayOf(first));
    monday.slice(0, 7) <= month;
    monday = addDays(monday, 7)
  ) {
    weeks.push(
      Array.from({ length: 7 }, (_, at) => {
        const day = addDays(monday, at);
        return day.startsWith(month) ? day : null;
      }),
    );
  }
  return weeks;
}

/** The same date a month away; the last of a shorter month. */
export function monthAway(day: Day, by: 1 | -1): Day {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + by, 1, 12));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0, 12)).getUTCDate();
  first.setUTCDate(Math.min(date, last));
  return first.toISOString().slice(0, 10);
}

export interface Range {
  first: Day;
  last: Day;
}

export function rangeOf(a: Day, b: Day): Range {
  return a <= b ? { first: a, last: b } : { first: b, last: a };
}

export function daysOf({ first, last }: Range): Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** `lundi 28 décembre 2026`, `du lundi 28 au jeudi 31 décembre 2026`. */
export function rangeWords({ first, last }: Range): string {
  if (first === last) return dayName(first, "year");
  const start = first.slice(0, 7) === last.slice(0, 7) ? dayName(first).replace(/ \S+$/, "") : dayName(first);
  return `du ${start} au ${dayName(last, "year")}`;
}

/** What is known of the days of a school year. */
export interface Known {
  holidays: ReadonlyMap<Day, string>;
  school: readonly { name: string; first: Day; last: Day }[];
}

export function knownOf(years: readonly HolidaysView[], year: number): Known {
  const [from, to] = [firstDayOf(year), lastDayOf(year)];
  const holidays = new Map<Day, string>();
  const school = new Map<string, { name: string; first: Day; last: Day }>();
  for (const view of years) {
    for (const one of view.public)
      if (one.date >= from && one.date <= to)
        holidays.set(one.date, one.alsace_moselle ? `${one.name} (Alsace-Moselle)` : one.name);
    for (const one of view.school) if (one.last >= from && one.first <= to) school.set(one.first, one);
  }
  return { holidays, school: [...school.values()].sort((a, b) => (a.first < b.first ? -1 : 1)) };
}

export function schoolHolidayOn(known: Known, day: Day): string | null {
  return known.school.find((one) => one.first <= day && day <= one.last)?.name ?? null;
}

/** Days on which somebody would work: neither Saturday, Sunday nor public holiday. */
export function workdays(days: readonly Day[], known: Known): Day[] {
  return days.filter((day) => weekdayOf(day) < 6 && !known.holidays.has(day));
}

/** Which sites are closed on which day. */
export function closuresOf(sites: readonly SiteDoc[]): ReadonlyMap<Day, readonly SiteDoc[]> {
  const found = new Map<Day, SiteDoc[]>();
  for (const site of sites) {
    for (const day of new Set(site.closures)) found.set(day, [...(found.get(day) ?? []), site]);
  }
  return found;
}

/** Closures of a school year as stretches: days in a row on which the same sites are closed. */
export function stretchesOf(
  sites: readonly SiteDoc[],
  year: number,
): (Range & { sites: readonly SiteDoc[] })[] {
  const byDay = closuresOf(sites);
  const stretches: (Range & { sites: readonly SiteDoc[] })[] = [];
  for (const day of [...byDay.keys()].sort()) {
    if (day < firstDayOf(year) || day > lastDayOf(year)) continue;
    const closed = byDay.get(day) ?? [];
    const last = stretches.at(-1);
    const same =
      last !== undefined && last.sites.map((one) => one.id).join() === closed.map((one) => one.id).join();
    if (same && last.last === addDays(day, -1)) last.last = day;
    else stretches.push({ first: day, last: day, sites: closed });
  }
  return stretches;
}

/** The changes that close these days at these sites, or open them again. Sites that need no change are left out. */
export function changesFor(
  sites: readonly SiteDoc[],
  days: readonly Day[],
  closed: boolean,
): SettingChange[] {
  return sites.flatMap((site) => {
    const others = site.closures.filter((day) => !days.includes(day));
    const closures = closed ? [...new Set([...site.closures, ...days])].sort() : others;
    if (closures.length === site.closures.length) return [];
    return [{ seen: settingOf("site", site), to: settingOf("site", { ...site, closures }) }];
  });
}
