// Records of the catalogue pinned to enquiries and to meetings, by keyboard alone on real desks: from what fits a question,
// from a record, from a list of places, with and without the network, and taken back.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { answered, list, preview, sheet } from "../parts/catalogue.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { enquiry } from "../parts/enquiry.mjs";
import { callScreen, sent, tabTo } from "../parts/page.mjs";
import { temporaryFolder, until } from "../parts/processes.mjs";
import { Wire } from "../parts/wire.mjs";

/** Longer than the desk's patience after a few failures. */
const BACK = { timeout: 60_000 };

let place;
let central;
let wire;
let desk;
let other;
let people;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("pins");
  central = await Central.start(place.folder, { clock: new Clock() });
  await central.publish();
  wire = await Wire.lay(central.url);
  desk = await (await Desk.enrol(central, path.join(place.folder, "desk"), wire)).open();
  other = await (await Desk.enrol(central, path.join(place.folder, "other"))).open();
  for (const one of [desk, other])
    await until("the catalogue", async () => (await one.call("catalogue.status")).state === "ready", { within: 120_000 });
  ({ people } = await desk.call("session.get"));
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await desk?.close();
  await other?.close();
  await wire?.remove();
  await central?.stop();
  await place?.remove();
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

beforeEach(async () => {
  wire.mend();
  await desk.call("session.use", { person: counsellor().id });
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
});

const counsellor = () => people.find(({ role }) => role === "counsellor");
const receptionist = () => people.find(({ role }) => role === "receptionist");
const notice = (words) => page.getByText(words).first();
const pinned = () => page.getByRole("list", { name: "Fiches épinglées à la demande" });
const pinsOf = async (on, to) => (await on.call("catalogue.pins", { to })).pins.map(({ title }) => title);

/** A question of a new family, opened by keyboard. */
async function openNew(name) {
  const { id } = await central.post(enquiry({ name, phone: `06 39 98 40 ${String(name.length).padStart(2, "0")}` }));
  await callScreen(page, "Demandes");
  const line = page.locator(`[data-enquiry="${id}"]`);
  await line.waitFor(BACK);
  const current = () => page.locator("[data-enquiry][aria-current]").getAttribute("data-enquiry");
  for (let press = 0; press < 40 && (await current()) !== id; press += 1) {
    const was = await current();
    await page.keyboard.press("j");
    await page
      .waitForFunction(
        (before) => document.querySelector("[data-enquiry][aria-current]")?.dataset.enquiry !== before,
        was,
        { timeout: 1_000 },
      )
      .catch(() => undefined);
  }
  assert.equal(await current(), id, "J walks to the new one");
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Ce qui correspond à la question" }).waitFor();
  await until("it to be taken", async () => (await desk.call("enquiries.get", { id })).owner !== null);
  return id;
}

/** Goes by Tab to the first record that fits the question; gives its name. */
async function toSuggestion() {
  await tabTo(page, "a record that fits", () => document.activeElement?.closest('ul[aria-label^="Ce qui correspond"]') !== null);
  return page.evaluate(() => document.activeElement.textContent);
}

/** Opens the details of a meeting that is still to come, from the grid of the day. */
async function openMeeting() {
  await tabTo(page, "the grid", () => document.activeElement?.closest('[role="grid"]') !== null);
  for (let press = 0; press < 150; press += 1) {
    if (await page.evaluate(() => /confirmé/.test(document.activeElement?.textContent ?? ""))) break;
    await page.keyboard.press(press % 30 === 29 ? "ArrowRight" : "ArrowDown");
  }
  await page.keyboard.press("Enter");
  await page.getByTestId("panneau").waitFor();
  await page.getByTestId("panneau").getByRole("region", { name: "Historique" }).waitFor();
}

test("what fits a question is pinned, opened, taken off and put back, and the other desk has it", async () => {
  const id = await openNew("Jade Épinglette");
  const title = await toSuggestion();
  await page.keyboard.press("p");
  await notice(/^Fiche épinglée pour Jade, /).waitFor();
  await pinned().getByRole("listitem").waitFor();
  assert.equal((await pinsOf(desk, { enquiry: id })).length, 1);

  await tabTo(page, "the insertion of another", () => document.activeElement?.getAttribute("aria-label")?.startsWith("Épingler pour Jade"));
  await page.keyboard.press("Enter");
  await until("two pins", async () => (await pinned().getByRole("listitem").count()) === 2);
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await accessible(page, `an enquiry with pins, ${theme}`);
  }

  // The first of them, opened where all of it is.
  await page.evaluate(() => document.querySelector('[role="main"], main')?.focus());
  await tabTo(page, "the first pin", () => document.activeElement?.matches("[data-pin]"));
  await page.keyboard.press("Enter");
  await sheet(page).getByRole("heading", { level: 2 }).waitFor();
  assert.equal((await sheet(page).getByRole("heading", { level: 2 }).textContent()).toLowerCase(), title.toLowerCase());
  await sheet(page).getByRole("button", { name: /^Épinglée pour Jade/, pressed: true }).waitFor();
  await page.keyboard.press("p");
  await notice(/^Fiche retirée pour Jade, /).waitFor();
  await sheet(page).getByRole("button", { name: /^Épingler pour Jade/, pressed: false }).waitFor();
  assert.equal((await pinsOf(desk, { enquiry: id })).length, 1);
  await page.keyboard.press("Control+z");
  await sheet(page).getByRole("button", { name: /^Épinglée pour Jade/, pressed: true }).waitFor();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await accessible(page, `a pinned record, ${theme}`);
  }

  await page.keyboard.press("Escape");
  await tabTo(page, "the way back", () => document.activeElement?.textContent === "Revenir à la demande");
  await page.keyboard.press("Enter");
  await until("both again", async () => (await pinned().getByRole("listitem").count()) === 2);
  await tabTo(page, "the first pin", () => document.activeElement?.matches("[data-pin]"));
  await page.keyboard.press("Delete");
  await until("one pin", async () => (await pinned().getByRole("listitem").count()) === 1);
  assert.ok(await page.evaluate(() => document.activeElement?.matches("[data-pin]")), "one stands on the one that is left");
  await page.keyboard.press("Control+z");
  await until("both again", async () => (await pinned().getByRole("listitem").count()) === 2);

  await sent(desk);
  await other.call("sync.now");
  await until("the other desk to have both", async () => (await pinsOf(other, { enquiry: id })).length === 2, { within: 60_000 });
});

test("offline it is pinned and taken back all the same, and sent when the network is back", async () => {
  const id = await openNew("Lou Horsligne");
  await sent(desk);
  wire.cut();
  const title = await toSuggestion();
  await page.keyboard.press("p");
  await notice(/^Fiche épinglée pour Lou, /).waitFor();
  await page.getByText(/Hors ligne depuis .* · [1-9]\d* à envoyer/).first().waitFor(BACK);
  await page.keyboard.press("Control+z");
  await page.getByText("Rien encore.", { exact: false }).first().waitFor();
  assert.deepEqual(await pinsOf(desk, { enquiry: id }), []);
  await page.keyboard.press("p");
  await pinned().getByRole("listitem").waitFor();
  await accessible(page, "pinned offline");
  wire.mend();
  await sent(desk);
  await other.call("sync.now");
  await until(
    "the other desk to have it, once",
    async () => (await pinsOf(other, { enquiry: id })).map((one) => one.toLowerCase()).join() === title.toLowerCase(),
    { within: 60_000 },
  );
});

test("without a place P asks for whom, by name; the next record goes there at once", async () => {
  const id = await openNew("Omar Répertoire");
  await page.reload();
  await page.getByRole("grid").waitFor();
  await callScreen(page, "Catalogue");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "searchbox");
  await page.keyboard.type("cuisine");
  await answered(page, "CAP cuisine");
  await page.keyboard.press("ArrowDown");
  await preview(page).getByRole("button", { name: /^Épingler…/ }).waitFor();
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: /^Épingler pour qui/ });
  await dialog.waitFor();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await accessible(page, `for whom, ${theme}`);
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.deepEqual(await pinsOf(desk, { enquiry: id }), [], "Escape pins nothing");
  await page.keyboard.press("p");
  await dialog.waitFor();
  await page.keyboard.type("repertoire");
  await dialog.getByRole("option", { name: /Omar Répertoire.*Demande par tchat/ }).waitFor();
  await until("nobody else", async () => (await dialog.getByRole("option").count()) === 1);
  await page.keyboard.press("Enter");
  await notice(/^Fiche épinglée pour Omar, /).waitFor();
  await dialog.waitFor({ state: "hidden" });
  await list(page).waitFor();
  await page.keyboard.press("ArrowDown");
  await preview(page).getByRole("button", { name: /^Épingler pour Omar/, pressed: false }).waitFor();
  await page.keyboard.press("p");
  await preview(page).getByRole("button", { name: /^Épinglée pour Omar/, pressed: true }).waitFor();
  assert.equal((await pinsOf(desk, { enquiry: id })).length, 2);
});

test("a counsellor lays records ready for a meeting; reception sees nothing of them", async () => {
  await openMeeting();
  const panel = page.getByTestId("panneau");
  await panel.getByRole("region", { name: "Préparation" }).getByText(/^Aucune fiche épinglée/).waitFor();
  await page.keyboard.press("p");
  await page.getByText(/^Pour le rendez-vous de/).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "searchbox");
  await page.keyboard.type("cuisine");
  await answered(page, "CAP cuisine");
  await page.keyboard.press("ArrowDown");
  await preview(page).getByRole("button", { name: /^Épingler pour /, pressed: false }).waitFor();
  await page.keyboard.press("p");
  await preview(page).getByRole("button", { name: /^Épinglée pour /, pressed: true }).waitFor();
  await tabTo(page, "the way back", () => document.activeElement?.textContent === "Revenir au rendez-vous");
  await page.keyboard.press("Enter");
  const ready = panel.getByRole("list", { name: "Fiches épinglées au rendez-vous" });
  await ready.getByRole("listitem").waitFor();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await accessible(page, `a meeting with its preparation, ${theme}`);
  }
  await tabTo(page, "the pin", () => document.activeElement?.matches("[data-pin]"));
  await page.keyboard.press("Delete");
  await panel.getByText(/^Aucune fiche épinglée/).waitFor();
  assert.equal(await page.getByRole("dialog", { name: /^Annuler/ }).count(), 0, "the meeting is not what Suppr takes off");
  await page.keyboard.press("Control+z");
  await ready.getByRole("listitem").waitFor();

  await page.context().close();
  await desk.call("session.use", { person: receptionist().id });
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
  await openMeeting();
  assert.equal(await page.getByRole("region", { name: "Préparation" }).count(), 0);
  assert.doesNotMatch(await page.getByTestId("panneau").textContent(), /cuisine|épingl/i);
});

test("at 320 px, by keyboard: what fits, what is pinned, and nothing is cut off or too small", async () => {
  await page.context().close();
  page = await openPage(browser, desk, { width: 320, height: 640 });
  await page.getByRole("grid").waitFor();
  await accessible(page, "the navigation at 320");
  await callScreen(page, "Demandes");
  await page.locator("[data-enquiry]").first().waitFor();
  await accessible(page, "the enquiries at 320");
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Ce qui correspond à la question" }).waitFor();
  await toSuggestion();
  await page.keyboard.press("p");
  await pinned().getByRole("listitem").waitFor();
  await accessible(page, "an enquiry with a pin at 320");
  const [wide, view] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(wide <= view, `the page is ${wide} wide`);
  await page.keyboard.press("Control+z");
});
