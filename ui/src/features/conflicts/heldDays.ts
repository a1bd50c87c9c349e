import type { LeaseView } from "~/shared/backend";
import type { Day } from "~/shared/format/dates";

/** What one desk holds of one day. */
export interface HeldDay {
  key: string;
  date: Day;
  desk: string;
  here: boolean;
  leases: LeaseView[];
}

/** By day and desk, in the order in which they come. */
export function heldDays(leases: readonly LeaseView[]): HeldDay[] {
  const days = new Map<string, HeldDay>();
  for (const lease of leases) {
    const key = `${lease.date}/${lease.desk}`;
    const { date, desk_name: desk, here } = lease;
    const day = days.get(key) ?? { key, date, desk, here, leases: [] };
    day.leases.push(lease);
    days.set(key, day);
  }
  return [...days.values()];
}

/** `journée : Mme Dupont, M. Haddad`, `matin : Mme Leroy`: who is held when, the whole day first. */
export function halvesText(leases: readonly LeaseView[]): string[] {
  const names = (morning: boolean): string[] =>
    leases.filter((lease) => lease.morning === morning).map((lease) => lease.counsellor.name);
  const [am, pm] = [names(true), names(false)];
  const groups: [string, string[]][] = [
    ["journée", am.filter((name) => pm.includes(name))],
    ["matin", am.filter((name) => !pm.includes(name))],
    ["après-midi", pm.filter((name) => !am.includes(name))],
  ];
  return groups.flatMap(([half, who]) => (who.length === 0 ? [] : [`${half}\u00a0: ${who.join(", ")}`]));
}
