/** Minutes since midnight from what a person writes: `8h30`, `8:30`, `14h`, `14`. Null when it is no time of day. */
export function readClock(text: string): number | null {
  const found = /^(\d{1,2})(?:\s*[h:]\s*(\d{2})?)?$/.exec(
    text
      .trim()
      .toLowerCase()
      .replace(/[\u00a0\u202f]/g, " "),
  );
  if (found === null) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  return minutes > 59 || hours * 60 + minutes > 24 * 60 ? null : hours * 60 + minutes;
}

/** `08:30:00`, as the desk writes civil times, from minutes since midnight. */
export function civilTime(minute: number): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`;
}

export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}
