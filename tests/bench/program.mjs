// Measures made by a program of the project's own, built and started by cargo, which says them as JSON on its standard output.

import { spawn } from "node:child_process";

export async function measuresOf(command, ...args) {
  const bench = spawn("cargo", [command, "--quiet", "-p", "passerelle-tests", ...args], {
    cwd: new URL("../../", import.meta.url),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  bench.stdout.setEncoding("utf8").on("data", (part) => (said += part));
  const code = await new Promise((resolve, reject) => bench.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`the measuring program ended with ${code}`);
  return JSON.parse(said);
}
