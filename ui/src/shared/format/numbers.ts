const WHOLE = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 0 });

/** `230 000`: thousands are set apart by a narrow no-break space. */
export function figure(count: number): string {
  return WHOLE.format(count);
}

/** `1 lieu`, `1 240 lieux`; French counts zero as one. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${figure(count)}\u00a0${count < 2 ? one : many}`;
}

/** `1,8 km`, `41 km`; distances are between communes, so that next door is nought. */
export function kilometres(km: number): string {
  if (km < 0.1) return "même commune";
  const text = km < 10 ? km.toFixed(1).replace(".", ",") : figure(Math.round(km));
  return `${text}\u00a0km`;
}

/** `encore 40 s`, `encore 2 min`: rounded up, because a promise that is kept early is better than late. */
export function leftText(left: number | null): string {
  if (left === null) return "";
  if (left < 1) return "presque fini";
  if (left < 55) return `encore ${String(Math.ceil(left / 5) * 5)}\u00a0s environ`;
  return `encore ${String(Math.ceil(left / 60))}\u00a0min environ`;
}
