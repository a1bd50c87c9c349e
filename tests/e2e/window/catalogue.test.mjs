// The official page of a record, from the window: the browser of the computer shows it, and where none does the address
// is there to be copied. By keyboard alone, as everything of the catalogue.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { seeAgenda } from "../parts/agenda.mjs";
import { Desk } from "../parts/desk.mjs";
import { openDisplay } from "../parts/display.mjs";
import { bin, temporaryFolder, until } from "../parts/processes.mjs";
import { Programs } from "../parts/programs.mjs";
import { Key, ownFolders, Window } from "../parts/webdriver.mjs";

/** More presses of Tab than the page of a record needs. */
const MOST_TABS = 60;

let display;
let place;
let programs;
let window;

before(async () => {
  display = await openDisplay();
  place = await temporaryFolder("catalogue");
  const desk = new Desk(path.join(place.folder, "desk"));
  await desk.run("init", "--demo");
  programs = await Programs.lay(place.folder);
  window = await Window.open(path.join(bin, "passerelle-desktop"), ["--profile", desk.profile], {
    DISPLAY: display.name,
    ...ownFolders(place.folder),
    PATH: programs.path,
  });
  await seeAgenda(window);
});

after(async () => {
  await window?.kill();
  await display?.close();
  await place?.remove();
});

const waitFor = (what, there) => until(what, () => window.evaluate(there), { within: 60_000 });
const standing = () => document.activeElement?.textContent ?? "";
/** The address that the page of the record says. */
const said = () =>
  [...document.querySelectorAll('[aria-label="Fiche"] span')]
    .map((one) => one.textContent)
    .find((text) => text.startsWith("https://")) ?? null;

async function openRecord() {
  await window.press([Key.Control, "k"]);
  await waitFor("the palette", () => document.activeElement?.matches('[role="dialog"] input') ?? false);
  await window.type(">ouvrir catalogue");
  await waitFor("the catalogue to be what Enter opens", () =>
    (document.querySelector('[role="option"][aria-selected="true"]')?.textContent ?? "").startsWith("Ouvrir Catalogue"),
  );
  await window.press(Key.Enter);
  await waitFor("the box", () => document.activeElement?.getAttribute("role") === "searchbox");
  await window.type("cap cuisine");
  await waitFor("what answers", () =>
    /cap cuisine/i.test(document.querySelector('[role="option"][aria-selected="true"]')?.textContent ?? ""),
  );
  await window.press(Key.Down, Key.Enter);
  await waitFor("the record", () => document.activeElement?.tagName === "H2");
}

async function toTheButton() {
  for (let press = 0; press < MOST_TABS; press += 1) {
    if ((await window.evaluate(standing)) === "Ouvrir la page") return;
    await window.press(Key.Tab);
  }
  assert.fail(`« Ouvrir la page » is not reached by ${MOST_TABS} tabs; one stands on « ${await window.evaluate(standing)} »`);
}

test("where nothing can show a page, that is said, and the address stays to be copied", async () => {
  await openRecord();
  const address = await window.evaluate(said);
  assert.ok(address !== null, "the address is on the page");
  await toTheButton();
  await window.press(Key.Enter);
  await window.see("Aucun navigateur n’a pu être ouvert sur ce poste");
  assert.ok((await programs.asked()).includes(address), "it was asked for");
  assert.equal(await window.evaluate(standing), "Ouvrir la page", "the keyboard keeps its place");
  await window.press(Key.Tab);
  assert.equal(await window.evaluate(standing), "Copier l’adresse", "what the notice advises is next");
});

test("the browser of the computer shows the page; the window stays where it is", async () => {
  await programs.work();
  await window.press([Key.Shift, Key.Tab]);
  assert.equal(await window.evaluate(standing), "Ouvrir la page");
  const here = await window.url();
  const address = await window.evaluate(said);
  await window.press(Key.Enter);
  await window.see("La page s’ouvre dans le navigateur");
  assert.deepEqual(await programs.asked(), [address], "this page and nothing else");
  assert.equal(await window.url(), here);
});
