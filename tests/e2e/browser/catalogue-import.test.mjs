// A catalogue comes to a desk that has none: files are chosen, read under a bar that can be stopped, and each row that
// was left out is told. What is in service stays until the new one is whole.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { answered, box, writeLetter, writeSchools } from "../parts/catalogue.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { callScreen, tabTo } from "../parts/page.mjs";
import { temporaryFolder, until } from "../parts/processes.mjs";

/** Rows that take long enough to be seen and stopped, on any computer. */
const MANY = 60_000;
/** Rows that are read in a moment. */
const FEW = 40;

let place;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("import");
  desk = new Desk(path.join(place.folder, "desk"), new Clock());
  await desk.run("init", "--demo");
  await rm(path.join(desk.profile, "catalogue"), { recursive: true, force: true });
  await desk.open();
  browser = await openBrowser();
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
});

after(async () => {
  await browser?.close();
  await desk?.close();
  await place?.remove();
});

const report = () => page.getByRole("region", { name: "Dernier import" });
const field = () => page.getByRole("textbox", { name: /^Fichier ou dossier/ });
const status = () => desk.call("catalogue.status");

async function begin(...paths) {
  for (const one of paths.slice(0, -1)) {
    await field().fill(one);
    await page.getByRole("button", { name: "Ajouter un autre" }).click();
  }
  await field().fill(paths.at(-1));
  await page.getByRole("button", { name: "Importer", exact: true }).click();
}

/** An import that fails the test when the page complains, whatever else it shows. */
const silent = () => assert.deepEqual(page.complaints, [], "errors of the page");

test("a desk without a catalogue says so, and leads to the import by keyboard", async () => {
  await callScreen(page, "Catalogue");
  await page.getByRole("heading", { name: "Ce poste n’a pas encore de catalogue" }).waitFor();
  await accessible(page, "no catalogue");
  await tabTo(page, "the import", () => document.activeElement?.textContent === "Importer un catalogue…");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Importer un catalogue" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "H2");
  await page.getByRole("button", { name: "Choisir des fichiers…" }).click();
  await page.getByText("tapez le chemin").waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
  await page.getByRole("button", { name: "Importer", exact: true }).click();
  await page.getByText("Choisissez un fichier, une archive ou un dossier.").waitFor();
  assert.equal(await field().getAttribute("aria-invalid"), "true");
  await accessible(page, "nothing chosen");
  silent();
});

test("what is no catalogue is refused, with the file and the reason", async () => {
  await begin(await writeLetter(place.folder));
  await report().getByText("Un fichier ne se lit pas\u00a0: rien n’a été importé.").waitFor();
  await report().getByText(/lettre\.txt/).waitFor();
  await accessible(page, "a refusal");
  assert.equal((await status()).state, "none");
  silent();
});

test("the report tells what was kept, and of what was not the file, the line and the reason", async () => {
  const folder = await mkdtemp(path.join(place.folder, "schools-"));
  await writeSchools(folder, FEW, { others: ["sans;assez;de;colonnes", ";;;;;;;;;;;;;;;;;;;"] });
  await writeLetter(folder);
  await begin(folder);
  await report().getByText(/^Catalogue mis à jour/).waitFor({ timeout: 60_000 });
  await page.waitForFunction(() => document.activeElement?.tagName === "H2");
  const { last } = await status();
  assert.ok(last.rejected >= 1, "the test has a row that cannot be kept");
  const kinds = report().getByRole("table", { name: "Fiches par nature" });
  assert.match(await kinds.textContent(), new RegExp(`Établissements${FEW}`));
  const rejects = report().getByRole("table", { name: "Lignes écartées" });
  assert.equal(await rejects.getByRole("row").count(), last.rejects.length + 1);
  assert.match(await rejects.textContent(), /ideo-structures-secondaire\.csv/);
  await report().getByText(/^1\sfichier laissé de côté$/).click();
  await report().getByRole("table", { name: "Fichiers laissés de côté" }).getByText("lettre.txt").waitFor();
  await accessible(page, "a report");
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: /^Le catalogue du/ }).waitFor();
  await box(page).fill("Louise Michel");
  await answered(page, "Louise Michel");
  silent();
});

test("a long import shows how far it is, and stops without leaving anything half done", async () => {
  const folder = await mkdtemp(path.join(place.folder, "many-"));
  const file = await writeSchools(folder, MANY);
  const before = await status();
  await page.getByRole("button", { name: /Mettre à jour/ }).first().click();
  await page.getByRole("heading", { name: "Mettre à jour le catalogue" }).waitFor();
  await begin(file);
  const bar = page.getByRole("progressbar");
  await bar.waitFor();
  await until("the bar to move", async () => Number(await bar.getAttribute("aria-valuenow")) > 1, { within: 60_000 });
  assert.match(await bar.getAttribute("aria-valuetext"), /%, [\d,]+\s[KM]o sur [\d,]+\s[KM]o · [\d\s]+lignes lues/);
  await page.getByText("Arrêter ne laisse rien à moitié fait").waitFor();
  await accessible(page, "an import at work");
  // Meanwhile the old one is in service, and the desk answers.
  await page.keyboard.press("Escape");
  await box(page).fill("Simone Veil");
  await answered(page, "Simone Veil");
  await page.getByRole("button", { name: /^Mise à jour en cours/ }).click();
  await page.getByRole("button", { name: "Arrêter" }).click();
  await page.getByText("Import arrêté.").waitFor({ timeout: 30_000 });
  await page.getByText("Le catalogue en service est resté le même.").waitFor();
  const now = await status();
  assert.deepEqual([now.release, now.records], [before.release, before.records]);
  assert.equal(now.import, null);
  silent();
});

test("a catalogue that does not read any more is said to be damaged, and nothing else is touched", async () => {
  await page.context().close();
  await desk.close();
  const folder = path.join(desk.profile, "catalogue");
  for (const name of await readdir(folder)) if (/\.(sqlite|index)$/.test(name)) await truncate(path.join(folder, name), 100);
  await desk.open();
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
  await callScreen(page, "Catalogue");
  await page.getByRole("heading", { name: "Le catalogue de ce poste est abîmé" }).waitFor();
  await accessible(page, "a damaged catalogue");
  await callScreen(page, "Demandes");
  await page.locator("[data-enquiry]").first().waitFor();
  silent();
});
