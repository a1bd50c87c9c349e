/** Groups what is in order of time by its day, in the same order. */
export function byDay<T>(items: readonly T[], dayOf: (item: T) => string): [string, T[]][] {
  const days: [string, T[]][] = [];
  for (const item of items) {
    const day = dayOf(item);
    const last = days.at(-1);
    if (last !== undefined && last[0] === day) last[1].push(item);
    else days.push([day, [item]]);
  }
  return days;
}
