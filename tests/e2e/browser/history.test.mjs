// What was done at a desk, taken back by keyboard alone; and two records of one person made one.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { callScreen, tabTo } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

let place;
let central;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("history");
  central = await Central.start(place.folder, { clock: new Clock() });
  desk = await (await Desk.enrol(central, path.join(place.folder, "desk"))).open();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await desk?.close();
  await central?.stop();
  await place?.remove();
});

beforeEach(async () => {
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

const save = async (record) => (await desk.call("clients.save", { guardians: [], ...record })).id;
const notice = (words) => page.getByRole("region", { name: "Ce qui vient d’être fait" }).getByText(words).first();
const history = () => page.getByRole("dialog", { name: "Historique de ce poste" });

test("an older step is found in the history and taken back by keyboard alone", async () => {
  await save({ family_name: "Zwiller", given_name: "Anaëlle" });
  await save({ family_name: "Zola", given_name: "Émile" });
  await page.keyboard.press("Control+Shift+z");
  await history().waitFor();
  const step = (name) => history().getByRole("button", { name: new RegExp(`Fiche créée.*${name}`) });
  await step("Émile Zola").waitFor();
  await page.waitForFunction(() => document.activeElement?.dataset.step !== undefined);
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement?.textContent.includes("Anaëlle Zwiller"));
  const id = await page.evaluate(() => document.activeElement.dataset.step);
  await page.keyboard.press("Enter");
  await history().getByRole("status").getByText("Annulé : fiche créée pour Anaëlle Zwiller").waitFor();
  await step("Anaëlle Zwiller").and(page.locator("[aria-disabled='true']")).waitFor();
  assert.deepEqual(await desk.call("clients.search", { query: "zwiller" }), [], "the record is gone");
  assert.equal((await desk.call("clients.search", { query: "zola" })).length, 1, "the later one stays");
  const again = await desk.call("undo.step", { id }).catch((error) => error.answer.code);
  assert.equal(again, "nothing_to_undo");
  await page.keyboard.press("Escape");
  await history().waitFor({ state: "hidden" });
});

for (const theme of ["light", "dark"]) {
  test(`the history and the comparison can be used by everybody, ${theme}`, async () => {
    for (const given_name of ["Inès", "Ines"]) {
      await save({ family_name: `Benchekroun ${theme}`, given_name, phone: "06 39 98 41 52" });
    }
    await page.context().close();
    page = await openPage(browser, desk, { theme });
    await page.getByRole("grid").waitFor();
    await page.keyboard.press("Control+Shift+z");
    await history().getByRole("button", { name: /Fiche créée/ }).first().waitFor();
    await accessible(page, `history, ${theme}`);
    await page.keyboard.press("Escape");
    await callScreen(page, "Usagers");
    await page.waitForFunction(() => document.activeElement?.type === "search");
    await page.keyboard.type(`benchekroun ${theme}`);
    await page.getByRole("list", { name: "Personnes trouvées" }).getByRole("button").nth(1).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: /^Fiche de/ }).waitFor();
    await page.waitForFunction(() => document.activeElement?.ariaLabel?.startsWith("Fiche de"));
    await page.keyboard.press("f");
    await page.getByRole("form", { name: "Comparer deux fiches" }).waitFor();
    await accessible(page, `comparison, ${theme}`);
  });
}

test("two records are compared, made one and parted again by keyboard alone", async () => {
  const kept = await save({ family_name: "Étchévérry", given_name: "Noëlie", phone: "06 39 98 77 31", school: "Collège" });
  const other = await save({
    family_name: "Etcheverry",
    given_name: "Noélie",
    phone: "06 39 98 77 31",
    birth_date: "17/05/2009",
    school: "Lycée",
  });
  await callScreen(page, "Usagers");
  await page.waitForFunction(() => document.activeElement?.type === "search");
  await page.keyboard.type("noelie etch");
  await page.getByRole("list", { name: "Personnes trouvées" }).getByRole("button").nth(1).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: /^Fiche de No/ }).waitFor();
  await page.waitForFunction(() => document.activeElement?.ariaLabel?.startsWith("Fiche de"));
  await page.keyboard.press("f");
  const form = page.getByRole("form", { name: "Comparer deux fiches" });
  await form.waitFor();
  await form.getByText(/Aucun rendez-vous ni demande/).waitFor();
  const chosen = () => document.activeElement?.matches("input[type='radio'][name='school']");
  await tabTo(page, "the schools", chosen);
  const before = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((was) => document.activeElement.getAttribute("aria-label") !== was, before);
  const school = await page.evaluate(() => document.activeElement.getAttribute("aria-label").replace(/^.*: /, ""));
  await page.keyboard.press("Control+Enter");
  await notice(/Fiches réunies/).waitFor();
  const found = await desk.call("clients.search", { query: "0639987731" });
  assert.equal(found.length, 1, "one record");
  const record = await desk.call("clients.get", { id: found[0].id });
  assert.deepEqual([record.school, record.birth_date], [school, "2009-05-17"], "chosen, and filled in");
  assert.ok([kept, other].includes(record.id));
  await page.getByRole("region", { name: "Aussi connu comme" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "region");
  await page.keyboard.press("Control+z");
  await notice(/^Annulé\s: fiches réunies/).waitFor();
  assert.equal((await desk.call("clients.search", { query: "0639987731" })).length, 2, "two again");
});
