// From the start of the program to a window that shows the agenda: the moment after which the picture no longer
// changes. The picture is read from the display itself, so that nothing in the application takes part.

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import path from "node:path";
import { openDisplay } from "../e2e/parts/display.mjs";
import { Central } from "../e2e/parts/central.mjs";
import { Desk } from "../e2e/parts/desk.mjs";
import { bin, Running, temporaryFolder } from "../e2e/parts/processes.mjs";
import { ownFolders } from "../e2e/parts/webdriver.mjs";

const TIMES = 7;
/** Still for so long means that it is done. */
const STILL_MS = 900;
/** A window that shows nothing has hardly a colour; the agenda has hundreds. */
const COLOURS = 60;

/** Milliseconds until the display of `program` no longer changes. */
async function startToStill(program, args, env) {
  const display = await openDisplay();
  const file = await open(display.frames, "r");
  const began = performance.now();
  const running = new Running(program, args, { env: { ...env, DISPLAY: display.name } });
  let last = "";
  let changed = 0;
  let first;
  try {
    const { size } = await file.stat();
    const frame = Buffer.alloc(size);
    for (;;) {
      await file.read(frame, 0, size, 0);
      const now = performance.now() - began;
      const seen = createHash("sha1").update(frame).digest("hex");
      if (seen !== last) {
        last = seen;
        changed = now;
        if (first === undefined && colours(frame) > 3) first = now;
      } else if (now - changed > STILL_MS && colours(frame) > COLOURS) {
        return { first: first ?? changed, still: changed };
      }
      if (now > 60_000) throw new Error(`the window was not still after 60 s; it said:\n${running.said}`);
      await new Promise((resume) => setTimeout(resume, 8));
    }
  } finally {
    await running.stop();
    await file.close();
    await display.close();
  }
}

/** How many colours a sample of the frame has. */
function colours(frame) {
  const seen = new Set();
  for (let at = 4096; at + 4 <= frame.length; at += 4 * 37) seen.add(frame.readUInt32LE(at));
  return seen.size;
}

export async function measure() {
  const { folder, remove } = await temporaryFolder("bench");
  const central = await Central.start(folder);
  try {
    const desk = await Desk.enrol(central, path.join(folder, "desk"));
    const program = path.join(bin, "passerelle-desktop");
    const first = [];
    const still = [];
    for (let time = 0; time <= TIMES; time += 1) {
      const seen = await startToStill(program, ["--profile", desk.profile], ownFolders(folder));
      // The first fills the caches of the disk and of the web view.
      if (time === 0) continue;
      first.push(seen.first);
      still.push(seen.still);
    }
    return [
      { what: "start to first picture", unit: "ms", values: first },
      { what: "start to usable window", unit: "ms", values: still, target: 1500 },
    ];
  } finally {
    await central.stop();
    await remove();
  }
}
