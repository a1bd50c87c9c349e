// A desk on its fullest day: twelve counsellors, every place of today taken, and six weeks after it nearly so.

import assert from "node:assert/strict";
import path from "node:path";
import { Clock } from "./clock.mjs";
import { Desk } from "./desk.mjs";
import { bin, runToEnd } from "./processes.mjs";

/** Makes it in a folder, without a central service, and opens it. */
export async function crowdedDesk(folder, clock = new Clock()) {
  const profile = path.join(folder, "crowd");
  const { code, out, err } = await runToEnd(path.join(bin, "passerelle-crowd"), ["--profile", profile, ...clock.args]);
  assert.equal(code, 0, `passerelle-crowd: ${err}`);
  const { appointments } = JSON.parse(out);
  assert.ok(appointments > 1_500, `only ${appointments} meetings`);
  return new Desk(profile, clock).open();
}
