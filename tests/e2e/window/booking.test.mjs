// The smoke of the real window: a booking made in it is there after a power cut, and central has it.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { blocks, bookKnown, nextDay, seeAgenda } from "../parts/agenda.mjs";
import { Central } from "../parts/central.mjs";
import { Desk } from "../parts/desk.mjs";
import { openDisplay } from "../parts/display.mjs";
import { bin, temporaryFolder, until } from "../parts/processes.mjs";
import { ownFolders, Window } from "../parts/webdriver.mjs";

const NAME = "Benali";

let display;
let place;
let central;
let desk;
let window;

before(async () => {
  display = await openDisplay();
  place = await temporaryFolder("booking");
  central = await Central.start(place.folder);
  desk = await Desk.enrol(central, path.join(place.folder, "desk"));
});

after(async () => {
  await window?.kill();
  await central?.stop();
  await display?.close();
  await place?.remove();
});

async function open() {
  window = await Window.open(path.join(bin, "passerelle-desktop"), ["--profile", desk.profile], {
    DISPLAY: display.name,
    ...ownFolders(place.folder),
  });
  await seeAgenda(window);
}

test("book, cut the power, open again: the booking is there, once, and central has it", async () => {
  await open();
  await window.see("CIO d’Amiens");
  const day = await nextDay(window);
  const before = await blocks(window);
  await bookKnown(window, NAME);
  const booked = await until("the new block in the grid", async () => {
    const now = await blocks(window);
    return Object.keys(now).find((id) => !(id in before) && id !== "draft" && now[id].includes(NAME));
  });

  await window.kill();
  await open();
  assert.equal(await nextDay(window), day);
  const again = await blocks(window);
  assert.ok(booked in again, `the booking ${booked} is in the grid after the restart: ${JSON.stringify(again)}`);
  assert.match(again[booked], new RegExp(NAME));
  const fresh = Object.keys(again).filter((id) => !(id in before));
  assert.deepEqual(fresh, [booked], "it is there once");

  await window.see("En ligne · à jour", 20_000);
  const other = await Desk.enrol(central, path.join(place.folder, "other"));
  const seen = await other.run("appointments", "show", booked);
  assert.equal(seen.status, "booked", "another desk of the office has it from central");
});
