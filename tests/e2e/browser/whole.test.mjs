// All that the service has, taken over as a whole: at the first exchange, and when the service has lost what is here.

import assert from "node:assert/strict";
import { copyFile, rm } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { enquiry } from "../parts/enquiry.mjs";
import { temporaryFolder } from "../parts/processes.mjs";
import { Wire } from "../parts/wire.mjs";

/** Longer than the desk's patience after a few failures. */
const BACK = { timeout: 60_000 };

let place;
let central;
let wire;
let desk;
let browser;

before(async () => {
  place = await temporaryFolder("whole");
  central = await Central.start(place.folder, { clock: new Clock() });
  wire = await Wire.lay(central.url);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await desk?.close();
  await wire?.remove();
  await central?.stop();
  await place?.remove();
});

async function closed(page) {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
}

test("a desk that has just joined says that its data come, and opens by itself when they are there", async () => {
  desk = new Desk(path.join(place.folder, "desk"), central.clock);
  // The code is taken; then the line breaks before anything of the office has come.
  wire.breakAfter(1);
  await desk.run("enrol", "--central", wire.url, "--code", await central.code());
  await desk.open();
  const page = await openPage(browser, desk);
  await page.getByRole("heading", { name: "Première synchronisation" }).waitFor();
  await page.getByRole("progressbar", { name: "Première synchronisation" }).waitFor();
  await page.getByText("ce qui est déjà arrivé est gardé").waitFor(BACK);
  await accessible(page, "first synchronisation");
  wire.mend();
  await page.getByRole("grid").waitFor(BACK);
  await page.getByRole("status").getByText(/En ligne · à jour/).waitFor(BACK);
  await closed(page);
});

test("what the service has lost goes from the desk only when the director says so", async () => {
  const file = central.database.replace("sqlite:", "");
  const old = path.join(place.folder, "old.db");
  await central.stop();
  await copyFile(file, old);
  await central.restart();
  for (let n = 0; n < 70; n++) await central.post(enquiry({ text: `Question ${n}` }));
  const page = await openPage(browser, desk);
  await page.getByRole("status").getByText(/En ligne · à jour/).waitFor(BACK);
  await desk.call("sync.now");
  const { enquiries_todo: whole } = await desk.call("status.get");
  await central.stop();
  for (const end of ["-wal", "-shm"]) await rm(`${file}${end}`, { force: true });
  await copyFile(old, file);
  await central.restart();

  await desk.call("sync.now");
  const lost = page.getByText(/Le service n’a plus 70\sfiches sur les \d+ de ce poste/);
  await page.getByRole("status").filter({ hasText: "une décision à prendre" }).click();
  await lost.waitFor(BACK);
  await page.getByText("La décision revient au directeur").waitFor();
  assert.equal(await page.getByRole("button", { name: /Retirer ces fiches/ }).count(), 0, "reception decides nothing");
  assert.equal((await desk.call("status.get")).enquiries_todo, whole, "nothing has gone");
  await accessible(page, "central has lost");

  const { people } = await desk.call("session.get");
  await desk.call("session.use", { person: people.find((one) => one.role === "director").id });
  await page.reload();
  await page.getByRole("status").filter({ hasText: "une décision à prendre" }).click();
  const decide = page.getByRole("button", { name: "Retirer ces fiches d’ici et continuer" });
  await decide.focus();
  await page.keyboard.press("Enter");
  await page.getByText("Ce poste a repris les données du service").waitFor(BACK);
  await lost.waitFor({ state: "detached" });
  assert.equal((await desk.call("status.get")).enquiries_todo, whole - 70);
  await closed(page);
});
