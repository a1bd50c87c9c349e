// ./dev bench [NAME]: what the project promises of speed, measured on release builds. Reported, never asserted: a
// busy machine is no failure. Each line stands beside its target and beside what this machine does at best.

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

console.log(`${os.cpus().length} processors, ${os.cpus()[0]?.model ?? "unknown"}; load ${os.loadavg()[0].toFixed(1)}`);
let failed = false;
for (const name of names) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    const { measure } = await import(new URL(`${name}.bench.mjs`, here));
    for (const { what, unit, values, target, baseline, naive } of await measure()) {
      const sorted = values.toSorted((a, b) => a - b);
      const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
      const digits = (value) => (value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
      const figure = (value) => `${value.toFixed(digits(value))} ${unit}`;
      const kept = (held) => (held ? "held" : "MISSED");
      const parts = [
        `median ${figure(at(0.5))}`,
        `best ${figure(sorted[0])}`,
        `worst ${figure(sorted.at(-1))}`,
        `of ${values.length}`,
        ...(target === undefined ? [] : [`target ${figure(target)}: ${kept(at(0.5) <= target)}`]),
        ...(baseline === undefined ? [] : [`baseline (${baseline.what}) ${figure(baseline.value)}`]),
        ...(naive === undefined ? [] : [besideNaive(naive, at(0.5), figure, kept)]),
      ];
      console.log(`${name}: ${what}: ${parts.join(" · ")}`);
    }
  } catch (error) {
    failed = true;
    console.error(`${name}: not measured: ${error.stack}`);
  }
}
process.exit(failed ? 1 : 0);
