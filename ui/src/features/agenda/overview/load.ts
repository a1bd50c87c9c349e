import type { LoadDay, LoadHalf, LoadPerson } from "~/shared/backend";
import { french, plural } from "~/shared/format/text";

/** How half a day or a day reads, before its counts. */
export type Level = "closed" | "absent" | "school" | "idle" | "open" | "busy" | "full";

export interface Load {
  booked: number;
  free: number;
  missing: number;
  open: number;
  /** On duty at a school. */
  school: number;
  absent: number;
  taken: number;
  /** Another place than the main site, when it is one all along. */
  site: string | null;
}

export function loadOf(half: LoadHalf): Load {
  return {
    booked: half.booked,
    free: half.free,
    missing: half.missing,
    open: half.open_min,
    school: half.school_min,
    absent: half.absent_min,
    taken: half.taken_min,
    site: half.site_name,
  };
}

/** Several together; a place is named only when it is the same in all that is open. */
export function sum(loads: readonly Load[]): Load {
  const sites = new Set(loads.filter((one) => one.open + one.school > 0).map((one) => one.site));
  const [site] = sites;
  const total = { booked: 0, free: 0, missing: 0, open: 0, school: 0, absent: 0, taken: 0 };
  for (const one of loads)
    for (const part of ["booked", "free", "missing", "open", "school", "absent", "taken"] as const)
      total[part] += one[part];
  return { ...total, site: sites.size === 1 ? (site ?? null) : null };
}

export function ofPerson(person: LoadPerson): Load {
  return sum([loadOf(person.morning), loadOf(person.afternoon)]);
}

/** A whole day of the people whose place in the list is among `kept`. */
export function ofDay(day: LoadDay, kept: readonly number[]): Load {
  return sum(kept.flatMap((place) => day.people[place] ?? []).map(ofPerson));
}

/** What part of the opening is taken, from 0 to 1. */
export function share(load: Load): number {
  return load.open === 0 ? 0 : Math.min(1, load.taken / load.open);
}

/** From three quarters on a day is nearly full. */
const BUSY = 0.75;

/** `passed`: nothing can be offered any more, so that nothing free does not mean full. */
export function levelOf(load: Load, passed: boolean): Level {
  if (load.open === 0) {
    if (load.school > 0) return "school";
    return load.absent > 0 ? "absent" : load.booked > 0 ? "open" : "closed";
  }
  if (load.booked === 0 && (passed || load.free > 0)) return "idle";
  if (!passed && load.free === 0) return "full";
  return share(load) >= BUSY ? "busy" : "open";
}

/** The counts in a sentence, for who listens. */
export function loadText(load: Load, passed: boolean): string {
  const level = levelOf(load, passed);
  if (level === "closed") return "ne reçoit pas";
  if (level === "absent") return load.booked > 0 ? `absence, ${meetings(load)}` : "absence";
  if (level === "school")
    return ["permanence", load.site && french(load.site), meetings(load)].filter(Boolean).join(", ");
  const place = load.site === null ? null : french(load.site);
  const left = passed ? null : load.free === 0 ? "complet" : plural(load.free, "libre");
  const missing = load.missing > 0 ? plural(load.missing, "statut manquant", "statuts manquants") : null;
  return [meetings(load), left, missing, place].filter(Boolean).join(", ");
}

function meetings(load: Load): string {
  return load.booked === 0 ? "aucun rendez-vous" : plural(load.booked, "rendez-vous", "rendez-vous");
}
