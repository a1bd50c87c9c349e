// The main job in the browser: an enquiry that was posted to central becomes a meeting, by mouse and by keyboard
// alone; or it is answered with slots, closed, put off. The desk, its database and central are real.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { enquiry } from "../parts/enquiry.mjs";
import { callScreen, nextDay, openScreen, sent, tabTo } from "../parts/page.mjs";
import { temporaryFolder, until } from "../parts/processes.mjs";

/** Longer than the desk waits between two questions to central. */
const BACK = { timeout: 60_000 };

let place;
let central;
let desk;
let other;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("enquiry");
  central = await Central.start(place.folder, { clock: new Clock() });
  desk = await (await Desk.enrol(central, path.join(place.folder, "desk"))).open();
  other = await Desk.enrol(central, path.join(place.folder, "other"));
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

const line = (id) => page.locator(`[data-enquiry="${id}"]`);
const notice = (words) => page.getByRole("region", { name: "Ce qui vient d’être fait" }).getByText(words).first();
const onDesk = (id) => desk.call("enquiries.get", { id });

let families = 10;

/** Posts an enquiry to central and waits until the open inbox shows it. Each family has a number of its own. */
async function arrives(about) {
  families += 1;
  const { id } = await central.post(enquiry({ phone: `06 39 98 55 ${families}`, ...about }));
  await line(id).waitFor(BACK);
  return id;
}

/** Walks down the list by J until the line of an enquiry has the focus. */
async function walkTo(id) {
  const focused = () => page.evaluate(() => document.activeElement?.dataset.enquiry ?? null);
  const lines = await page.locator("[data-enquiry]").count();
  // From the top, whichever line was current.
  for (const key of ["k", "j"]) {
    for (let press = 0; press < lines; press += 1) {
      const before = await page.locator("[data-enquiry][aria-current]").getAttribute("data-enquiry");
      if (before === id && (await focused()) === id) return;
      const last = await page.locator("[data-enquiry]").nth(key === "k" ? 0 : -1).getAttribute("data-enquiry");
      if (before === last) break;
      await page.keyboard.press(key);
      await page.waitForFunction((was) => {
        const current = document.querySelector("[data-enquiry][aria-current]");
        return current !== null && current.dataset.enquiry !== was && document.activeElement === current;
      }, before);
    }
  }
  assert.equal(await focused(), id, "J walks to each line");
}

/** Opens an enquiry by keyboard: it is then taken, on record. */
async function openByKeys(id) {
  await walkTo(id);
  await page.keyboard.press("Enter");
  await until("the enquiry to be taken", async () => (await onDesk(id)).owner !== null);
}

/** The meeting that an enquiry became, as the other desk has it from central. */
async function agreed(id, status = "booked") {
  await sent(desk);
  await other.run("sync");
  const there = await other.run("enquiries", "show", id);
  assert.equal(there.status, "converted", "the other desk has it from central");
  const appointment = there.appointment.id ?? there.appointment;
  const meeting = await other.run("appointments", "show", appointment);
  assert.equal(meeting.status, status);
  const here = await desk.run("appointments", "show", appointment);
  assert.deepEqual([here.start, here.status, here.counsellor], [meeting.start, meeting.status, meeting.counsellor]);
  assert.equal((await other.run("status")).conflicts, 0);
  return meeting;
}

test("an enquiry that arrives becomes a meeting by mouse, and is in the agenda", async () => {
  await openScreen(page, "Demandes");
  const id = await arrives({ name: "Zoé Arrivée" });
  await line(id).click();
  await page.getByText("école d’infirmiers").first().waitFor();
  const slots = page.getByRole("group", { name: /^Créneaux, / });
  await slots.getByRole("button").nth(1).click({ modifiers: ["Shift"] });
  const dialog = page.getByRole("dialog", { name: "Poser un rendez-vous" });
  const person = dialog.getByRole("group", { name: "Nouvel usager" });
  assert.deepEqual(
    [
      await person.getByRole("textbox", { name: "Nom", exact: true }).first().inputValue(),
      await person.getByRole("textbox", { name: "Prénom", exact: true }).inputValue(),
    ],
    ["Arrivée", "Zoé"],
    "what the enquiry says is not typed again",
  );
  await dialog.getByRole("group", { name: "Créneaux libres" }).getByRole("button").nth(3).click();
  const words = await dialog.getByRole("button", { pressed: true }).textContent();
  await dialog.getByRole("button", { name: /^Poser/ }).click();
  await notice(/Rendez-vous posé/).waitFor();
  await dialog.waitFor({ state: "hidden" });
  await line(id).waitFor({ state: "detached" });

  const meeting = await agreed(id);
  const hour = new Intl.DateTimeFormat("fr-FR", { timeStyle: "short", timeZone: "Europe/Paris" }).format(
    new Date(meeting.start),
  );
  assert.ok(words.includes(hour.replace(":00", "")) || words.includes(hour), `« ${words} » is at ${hour}`);
  await page.getByRole("navigation").getByRole("button", { name: "Agenda" }).click();
  await page.getByRole("grid").waitFor();
  const day = new Intl.DateTimeFormat("fr-FR", { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Paris" });
  const wanted = day.format(new Date(meeting.start));
  const heading = page.getByRole("heading", { level: 1 });
  for (let step = 0; step < 20 && !(await heading.textContent()).startsWith(wanted); step += 1) await nextDay(page);
  const block = page.locator(`[data-block="${meeting.id}"]`);
  await block.waitFor();
  assert.match(await block.textContent(), /Arrivée/);
});

test("somebody who is known is recognised, and their enquiry becomes their meeting", async () => {
  const [known] = await desk.call("clients.search", { query: "verhaeghe" });
  await openScreen(page, "Demandes");
  const id = await arrives({ name: `${known.given_name} ${known.family_name}` });
  await line(id).click();
  await page.getByRole("button", { name: new RegExp(`C’est elle.*${known.family_name}, ${known.given_name}`) }).first().click();
  await notice(/Demande rattachée/).waitFor();
  await until("the enquiry to be linked", async () => (await onDesk(id)).client?.id === known.id);
  await page.getByRole("button", { name: /^Poser tout de suite/ }).click();
  const dialog = page.getByRole("dialog", { name: "Poser un rendez-vous" });
  await dialog.getByRole("button", { pressed: true }).waitFor();
  const box = dialog.getByRole("combobox", { name: "Usager" });
  assert.equal(await box.inputValue(), `${known.family_name}, ${known.given_name}`);
  await dialog.getByRole("button", { name: /^Poser/ }).click();
  await notice(/Rendez-vous posé/).waitFor();
  const meeting = await agreed(id);
  assert.equal(meeting.client.id ?? meeting.client, known.id);
});

test("the same by keyboard alone, and taken back by Ctrl Z", async () => {
  await callScreen(page, "Demandes");
  const id = await arrives({ name: "Ulysse Clavier" });
  await openByKeys(id);
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Poser un rendez-vous" });
  await dialog.getByRole("group", { name: "Créneaux libres" }).getByRole("button", { pressed: true }).waitFor();
  await page.waitForFunction(() => document.activeElement?.matches('[role="dialog"] input') === true);
  await page.keyboard.press("Enter");
  await notice(/Rendez-vous posé/).waitFor();
  await dialog.waitFor({ state: "hidden" });
  const meeting = await agreed(id);
  await page.waitForFunction(() => document.activeElement?.dataset.enquiry !== undefined);

  await page.keyboard.press("Control+z");
  await notice(/^Annulé\s: /).waitFor();
  await line(id).waitFor();
  assert.notEqual((await onDesk(id)).status, "converted");
  await sent(desk);
  await other.run("sync");
  assert.equal((await other.run("appointments", "show", meeting.id)).status, "cancelled");
  assert.equal((await other.run("enquiries", "show", id)).status, (await onDesk(id)).status);
});

test("two slots are proposed in an answer, by keyboard alone", async () => {
  await callScreen(page, "Demandes");
  const id = await arrives({ name: "Basile Réponse" });
  await openByKeys(id);
  await page.getByRole("group", { name: /^Créneaux, / }).waitFor();
  await tabTo(page, "the slots", () => document.activeElement?.closest('[role="group"][aria-label^="Créneaux, "]') !== null);
  const proposed = page.getByRole("list", { name: "Créneaux proposés" }).getByRole("listitem");
  for (const count of [1, 2]) {
    if (count > 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.waitForFunction(
      (wanted) => document.querySelectorAll('[aria-label="Créneaux proposés"] > li').length === wanted,
      count,
    );
  }
  assert.equal(await proposed.count(), 2);
  await page.keyboard.press("r");
  await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
  await page.keyboard.type("Bonjour Basile, voici deux moments.");
  await page.keyboard.press("Control+Enter");
  await notice(/2\scréneaux proposés à Basile Réponse/).waitFor();
  await line(id).waitFor({ state: "detached" });
  const here = await onDesk(id);
  assert.equal(here.status, "waiting_client");
  assert.ok(JSON.stringify(here).includes("voici deux moments"));
  await sent(desk);
  await other.run("sync");
  const there = await other.run("enquiries", "show", id);
  assert.equal(there.status, "waiting_client", "the other desk has the answer from central");
});

test("E closes an enquiry and Ctrl Z opens it again; Z puts it off", async () => {
  await callScreen(page, "Demandes");
  const id = await arrives({ name: "Léonie Plustard" });
  await openByKeys(id);
  await page.keyboard.press("e");
  await notice(/Demande close, Léonie Plustard/).waitFor();
  await line(id).waitFor({ state: "detached" });
  assert.equal((await onDesk(id)).status, "closed");
  await page.keyboard.press("Control+z");
  await line(id).waitFor();
  assert.notEqual((await onDesk(id)).status, "closed");

  await walkTo(id);
  await page.getByRole("textbox", { name: "Réponse à Léonie Plustard" }).waitFor();
  await page.keyboard.press("z");
  await page.getByRole("dialog", { name: "Reporter la demande" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent.startsWith("Dans une heure"));
  await page.keyboard.press("Enter");
  await notice(/Reportée à .*, Léonie Plustard/).waitFor();
  await line(id).waitFor({ state: "detached" });
  const { status, snoozed_until: until } = await onDesk(id);
  assert.equal(status, "snoozed");
  assert.ok(Date.parse(until) > Date.parse(central.clock.now), "it comes back later");
});
