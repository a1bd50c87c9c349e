// The catalogue's own index at the planned size, beside SQLite's full-text search, Tantivy, an R-tree and bare inserts
// on the same entries and questions. The measuring is done by a program of the project's own (tests/bench/catalogue);
// what it is measured beside is built for it alone.

import { spawn } from "node:child_process";

export async function measure() {
  const args = ["bench", "--quiet", "-p", "passerelle-tests", "--features", "baselines", "--bench", "catalogue"];
  const bench = spawn("cargo", args, {
    cwd: new URL("../../", import.meta.url),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  bench.stdout.setEncoding("utf8").on("data", (part) => (said += part));
  const code = await new Promise((resolve, reject) => bench.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`the measuring program ended with ${code}`);
  return JSON.parse(said);
}
