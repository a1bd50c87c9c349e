// The agenda: free slots of one office and of twenty, a booking flushed to the disk, what screens read. The measuring
// is done by a program of the project's own (tests/bench/agenda), on a database of the sizes that an office is planned
// for, each measure beside what a program without an index takes in the same run.

import { spawn } from "node:child_process";

export async function measure() {
  const bench = spawn("cargo", ["bench", "--quiet", "-p", "passerelle-tests", "--bench", "agenda"], {
    cwd: new URL("../../", import.meta.url),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  bench.stdout.setEncoding("utf8").on("data", (part) => (said += part));
  const code = await new Promise((resolve, reject) => bench.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`the measuring program ended with ${code}`);
  return JSON.parse(said);
}
