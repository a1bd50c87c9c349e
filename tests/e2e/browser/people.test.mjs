// The people of the office in the browser: found however they are asked for, made with their guardians, told apart.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { callScreen, sent, tabTo } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

let place;
let central;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("people");
  central = await Central.start(place.folder, { clock: new Clock() });
  desk = await (await Desk.enrol(central, path.join(place.folder, "desk"))).open();
  browser = await openBrowser();
  await desk.call("clients.save", {
    family_name: "Étchévérry",
    given_name: "Noëlie",
    birth_date: "2009-05-17",
    phone: "06 39 98 77 31",
    guardians: [],
  });
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
  await callScreen(page, "Usagers");
  await page.waitForFunction(() => document.activeElement?.type === "search");
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

const found = () => page.getByRole("list", { name: "Personnes trouvées" }).getByRole("button");
const field = (form, name) => form.getByRole("textbox", { name, exact: true });
const notice = (words) => page.getByRole("region", { name: "Ce qui vient d’être fait" }).getByText(words).first();

for (const [how, typed] of [
  ["without accents or capitals", "etcheverry noelie"],
  ["given name first", "noélie etch"],
  ["by phone", "0639987731"],
  ["by phone in pairs", "06 39 98 77 31"],
  ["by birth date", "17/05/2009"],
]) {
  test(`somebody is found ${how}`, async () => {
    await page.keyboard.type(typed);
    const line = found().filter({ hasText: "Étchévérry, Noëlie" });
    await line.waitFor();
    await line.click();
    await page.getByRole("region", { name: "Fiche de Noëlie Étchévérry" }).waitFor();
  });
}

test("a record with two guardians is made by keyboard alone, and comes back", async () => {
  await page.keyboard.type("Zwiller");
  await page.getByText("Personne de ce nom.").waitFor();
  await page.keyboard.press("Enter");
  const form = page.getByRole("form", { name: "Nouvel usager" });
  await form.waitFor();
  const write = async (label, text) => {
    const blank = (wanted) => {
      const focused = document.activeElement;
      return focused?.matches("input") && focused.labels[0]?.textContent.startsWith(wanted) && focused.value === "";
    };
    await tabTo(page, label, blank, label);
    await page.keyboard.type(text);
  };
  assert.equal(await field(form, "Nom").inputValue(), "Zwiller", "what was searched is not typed again");
  await page.waitForFunction(() => document.activeElement?.closest("form") !== null);
  await write("Prénom", "Anaëlle");
  await write("Date de naissance", "9/3/2010");
  const pressed = async (name) => {
    await tabTo(page, name, (wanted) => document.activeElement?.textContent.trim() === wanted, name);
    await page.keyboard.press("Enter");
  };
  for (const [count, given, phone] of [
    [1, "Irène", "06 39 98 10 01"],
    [2, "Marc", "06 39 98 10 02"],
  ]) {
    await pressed("Ajouter un responsable");
    const part = form.getByRole("group", { name: new RegExp(`^Responsable ${count}`) });
    await part.waitFor();
    // The new fields stand before the button that made them.
    for (let back = 0; back < 20; back += 1) {
      if (await field(part, "Prénom").evaluate((input) => input === document.activeElement)) break;
      await page.keyboard.press("Shift+Tab");
    }
    await page.keyboard.type(given);
    await write("Téléphone", phone);
  }
  await page.keyboard.press("Enter");
  await notice(/Fiche créée, Anaëlle Zwiller/).waitFor();
  const record = page.getByRole("region", { name: "Fiche de Anaëlle Zwiller" });
  await record.getByText("Irène Zwiller").waitFor();
  await record.getByText("Marc Zwiller").waitFor();
  await record.getByText(/09\/03\/2010/).waitFor();

  await sent(desk);
  await page.reload();
  await page.getByRole("grid").waitFor();
  await callScreen(page, "Usagers");
  await page.waitForFunction(() => document.activeElement?.type === "search");
  await page.keyboard.type("zwiller anaelle");
  await found().first().waitFor();
  await page.keyboard.press("Enter");
  await record.getByText("Irène Zwiller").waitFor();
  const [match] = await desk.call("clients.search", { query: "zwiller" });
  const { guardians } = await desk.call("clients.get", { id: match.id });
  assert.deepEqual(guardians.map(({ given_name, relation }) => [given_name, relation]).sort(), [
    ["Irène", "mother"],
    ["Marc", "father"],
  ]);
});

test("a birth date that is none is said beside its field, and nothing is saved", async () => {
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Nouveau/ }).click();
  const form = page.getByRole("form", { name: "Nouvel usager" });
  await field(form, "Nom").fill("Impossible");
  await field(form, "Prénom").fill("Date");
  const birth = field(form, "Date de naissance");
  await birth.fill("31/02/2010");
  await page.keyboard.press("Tab");
  const said = form.getByText(/Ce jour n’existe pas.*février s’arrête au 28 en 2010/);
  await said.waitFor();
  assert.equal(await birth.getAttribute("aria-invalid"), "true");
  assert.equal(await birth.getAttribute("aria-describedby"), await said.getAttribute("id"), "it is tied to its field");
  await birth.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  assert.deepEqual(await desk.call("clients.search", { query: "impossible date" }), []);
  await birth.fill("28/02/2010");
  await birth.press("Enter");
  await notice(/Fiche créée, Date Impossible/).waitFor();
});

test("somebody who is there already is shown while one types", async () => {
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Nouveau/ }).click();
  const form = page.getByRole("form", { name: "Nouvel usager" });
  await field(form, "Nom").fill("etcheverry");
  await field(form, "Prénom").fill("noelie");
  await form.getByText("Étchévérry, Noëlie").waitFor();
  await field(form, "Date de naissance").fill("17/05/2009");
  await form.getByText(/même date.*doublon/).waitFor();
  await form.getByRole("button", { name: "Ouvrir cette fiche" }).click();
  await page.getByRole("region", { name: "Fiche de Noëlie Étchévérry" }).waitFor();
  assert.equal((await desk.call("clients.search", { query: "etcheverry" })).length, 1, "no second record");
});
