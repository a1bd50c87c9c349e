// ./dev bench [NAME]: what the project promises of speed, measured on release builds. Reported, and asserted only where a
// benchmark says that it is `strict`: a busy machine is no failure. Each line stands beside its target and beside what
// this machine does at best.

import { readdir } from "node:fs/promises";
import os from "node:os";

const here = new URL("./", import.meta.url);
const wanted = process.argv.slice(2);
const files = (await readdir(here)).filter((name) => name.endsWith(".bench.mjs")).sort();
const names = files.map((name) => name.replace(".bench.mjs", ""));
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}; there are: ${names.join(", ")}`);
  process.exit(2);
}

/** What a plainer way takes in the same run, and how many times faster than it the measure is. */
function besideNaive({ what, values, times }, median, figure, kept) {
  const plain = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const ratio = plain / median;
  return `naive (${what}) median ${figure(plain)} · ${ratio.toFixed(0)} times faster, target ${times}: ${kept(ratio >= times)}`;
}

/** The same work done by something plainer in the same run, and how many times as much the measure takes. */
function against({ what, values, most }, median, figure, kept) {
  const part = median / at(values, 0.5);
  const bound = most === undefined ? "" : `, target ${most.toFixed(2)}: ${kept(part <= most)}`;
  return `${what} ${figure(at(values, 0.5))}: ${part.toFixed(2)} of it${bound}`;
}

/** The 50th, 95th and 99th percentile; of a single value, that value. */
function percentiles(values, figure) {
  if (values.length === 1) return figure(values[0]);
  return [0.5, 0.95, 0.99].map((share) => figure(at(values, share))).join(" / ");
}

/** The value that this share of the values is not above. */
function at(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** A measure told by its percentiles, each beside others in the same run and the share of theirs that it may take. */
function besideOthers({ what, unit, values, beside, ceiling }, figure, kept) {
  const lines = [`${what}, ${unit}${values.length > 1 ? ` p50 / p95 / p99 of ${values.length}` : ""}: ${percentiles(values, figure)}`];
  if (ceiling !== undefined) lines[0] += ` · target p99 ${figure(ceiling)}: ${kept(at(values, 0.99) <= ceiling)}`;
  for (const other of beside) {
    const targets = other.targets.map(([name, share, most]) => {
      const part = at(values, share) / at(other.values, share);
      const which = values.length > 1 ? `${name} ` : "";
      return `${which}${part.toFixed(part < 0.1 ? 4 : 2)} of it, target ${most.toFixed(most < 0.1 ? 3 : 2)}: ${kept(part <= most)}`;
    });
    lines.push(`  beside ${other.what}: ${[percentiles(other.values, figure), ...targets].join(" · ")}`);
  }
  return lines;
}

console.log(`${os.cpus().length} processors, ${os.cpus()[0]?.model ?? "unknown"}; load ${os.loadavg()[0].toFixed(1)}`);
let failed = false;
for (const name of names) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    const { measure, strict } = await import(new URL(`${name}.bench.mjs`, here));
    for (const measured of await measure()) {
      const { what, unit, values, target, baseline, naive } = measured;
      const digits = (value) => (value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
      const kept = (held) => {
        failed ||= strict === true && !held;
        return held ? "held" : "MISSED";
      };
      if (measured.beside !== undefined) {
        const lines = besideOthers(measured, (value) => value.toFixed(digits(value)), kept);
        for (const line of lines) console.log(`${name}: ${line}`);
        continue;
      }
      const sorted = values.toSorted((a, b) => a - b);
      const figure = (value) => `${value.toFixed(digits(value))} ${unit}`;
      const parts = [
        `median ${figure(at(values, 0.5))}`,
        `best ${figure(sorted[0])}`,
        ...(values.length < 100 ? [] : [`p99 ${figure(at(values, 0.99))}`]),
        `worst ${figure(sorted.at(-1))}`,
        `of ${values.length}`,
        ...(target === undefined ? [] : [`target ${figure(target)}: ${kept(at(values, 0.5) <= target)}`]),
        ...(baseline === undefined ? [] : [`baseline (${baseline.what}) ${figure(baseline.value)}`]),
        ...(naive === undefined ? [] : [besideNaive(naive, at(values, 0.5), figure, kept)]),
        ...(measured.against ?? []).map((other) => against(other, at(values, 0.5), figure, kept)),
      ];
      console.log(`${name}: ${what}: ${parts.join(" · ")}`);
    }
  } catch (error) {
    failed = true;
    console.error(`${name}: not measured: ${error.stack}`);
  }
}
process.exit(failed ? 1 : 0);
