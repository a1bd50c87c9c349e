// Files that the window writes are shown by the computer's own program. Where it has none for folders, the place is said.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { seeAgenda } from "../parts/agenda.mjs";
import { Central } from "../parts/central.mjs";
import { Desk } from "../parts/desk.mjs";
import { openDisplay } from "../parts/display.mjs";
import { bin, temporaryFolder } from "../parts/processes.mjs";
import { Programs } from "../parts/programs.mjs";
import { Key, ownFolders, Window } from "../parts/webdriver.mjs";

let display;
let place;
let central;
let desk;
let window;

before(async () => {
  display = await openDisplay();
  place = await temporaryFolder("files");
  central = await Central.start(place.folder);
  desk = await Desk.enrol(central, path.join(place.folder, "desk"));
});

after(async () => {
  await window?.kill();
  await central?.stop();
  await display?.close();
  await place?.remove();
});

test("where no program shows folders, the place of a printed page is said", async () => {
  window = await Window.open(path.join(bin, "passerelle-desktop"), ["--profile", desk.profile], {
    DISPLAY: display.name,
    ...ownFolders(place.folder),
    PATH: (await Programs.lay(place.folder)).path,
  });
  await seeAgenda(window);
  await window.press([Key.Control, "p"]);
  await window.see("Imprimer la feuille du jour");
  await window.press(Key.Enter);
  await window.see("Feuille du jour prête");
  await window.evaluate(() => {
    const buttons = [...document.querySelectorAll("button")];
    buttons.findLast((button) => button.textContent.includes("Ouvrir le dossier")).click();
  });
  await window.see("Le dossier");
  const said = await window.evaluate(() => document.body.innerText);
  assert.ok(said.includes(path.join(desk.profile, "prints")), `the place is said: ${said}`);
});
