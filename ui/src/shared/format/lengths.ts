import { duration } from "./dates";
import { plural } from "./text";

const HOUR = 60;
const DAY = 24 * HOUR;

/** `45 min`, `1 h 30`, `2 jours`: whole days are said as days. */
export function lengthWords(minutes: number): string {
  if (minutes > 0 && minutes % DAY === 0) return plural(minutes / DAY, "jour");
  return duration(minutes);
}

/** Minutes from what a person writes: `45`, `45 min`, `1h30`, `1 h`, `2 j`, `2 jours`. Null when it is no length. */
export function readLength(text: string): number | null {
  const plain = text.toLowerCase().replace(/[\s\u00a0\u202f]+/g, "");
  if (plain === "") return null;
  const found =
    /^(?:(\d{1,3})j(?:ours?)?)?(?:(\d{1,3})h(?:eures?)?)?(?:(\d{1,5})(?:mn|min|minutes?)?)?$/.exec(plain);
  if (found === null) return null;
  const [days, hours, minutes] = [found[1], found[2], found[3]].map((part) => Number(part ?? 0));
  return (days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0);
}
