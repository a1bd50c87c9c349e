// ./dev run: a central service with demonstration data, a desk of the CIO of Amiens, and its window. With a display
// the window is yours; without one the main job is done in a virtual display, on the same real parts.

import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { Central } from "./parts/central.mjs";
import { Desk } from "./parts/desk.mjs";
import { bin, root, Running } from "./parts/processes.mjs";
import { Wire } from "./parts/wire.mjs";

const folder = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "demo");
const say = (text) => console.log(text);

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });

say("Starting a central service with twelve offices, their people and their enquiries…");
const central = await Central.start(folder);
say("Publishing the catalogue of the demonstration…");
await central.publish();
const wire = await Wire.lay(central.url);
let desk;
try {
  desk = await Desk.enrol(central, path.join(folder, "desk"), wire);
  const status = await desk.run("status");
  say(`Enrolled a desk of ${status.office_name}; central listens on ${central.url}`);
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) {
    say("Opening the window; close it to end. To see an enquiry arrive:");
    say(`  node tests/e2e/ask.mjs ${central.url}`);
    const window = new Running(path.join(bin, "passerelle-desktop"), ["--profile", desk.profile]);
    const { code } = await window.ended;
    if (code !== 0) throw new Error(`the window ended with ${code}:\n${window.said}`);
  } else {
    say("No display here: doing the main job in a virtual one.");
    const { mainJob } = await import("./main-job.mjs");
    await mainJob({ central, wire, desk, folder, say });
    say(`The pictures, the calendar and the day sheet are in ${folder}`);
  }
} finally {
  await wire.remove();
  await central.stop();
}
