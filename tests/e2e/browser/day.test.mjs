// The day at the counter by keyboard alone: a call that becomes a meeting, a meeting that moves, arrivals, weeks and
// months. Each screen is looked at by the accessibility checker in both themes.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { crowdedDesk } from "../parts/crowd.mjs";
import { Desk } from "../parts/desk.mjs";
import { tabTo } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

let place;
let central;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("day");
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
  try {
    assert.deepEqual(page.complaints, [], "errors of the page");
  } finally {
    await page.context().close();
  }
});

/** Brings the keyboard into the grid that is shown. */
const intoGrid = () => tabTo(page, "the grid", () => document.activeElement?.closest('[role="grid"]') !== null);

const cellText = () => page.evaluate(() => document.activeElement?.textContent.trim() ?? "");

/** Presses a key until the cell under the keyboard says what is wanted. */
async function walkTo(what, key, most = 60) {
  for (let press = 0; press < most; press += 1) {
    if (what.test(await cellText())) return;
    await page.keyboard.press(key);
  }
  assert.fail(`not under the keyboard after ${most} × ${key}: ${what}; last: ${await cellText()}`);
}

/** The checker, in both themes. */
async function look(what) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${what}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

const week = (name) => page.getByRole("grid", { name: new RegExp(`^Semaine du .*${name}$`) });
const drawn = () =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll("[data-block]")].map((cell) => [cell.dataset.block, cell.dataset.column]),
    ),
  );

test("in the week a booking is made in its cell, moved to another day, and arrives, all by key", async () => {
  await page.keyboard.press("s");
  await week("Mme Dupont").waitFor();
  await page.keyboard.press("3");
  await week("Mme Leroy").waitFor();
  await look("a week");
  await intoGrid();
  // Now is 10:22 on Monday: the keyboard begins there. Wednesday is two columns on.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await walkTo(/^libre$/, "ArrowDown");
  const before = await drawn();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  assert.ok(await week("Mme Leroy").isVisible(), "the booking is made in the week, not elsewhere");
  await look("a booking in the week");
  await page.keyboard.type("clara verhaeghe");
  await page.getByRole("option", { name: /Verhaeghe, Clara/ }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await page.getByText(/Rendez-vous posé/).first().waitFor();
  await page.waitForFunction(
    (known) => !known.includes(document.activeElement?.dataset.block ?? known[0]),
    Object.keys(before),
  );
  const made = await page.evaluate(() => document.activeElement.dataset.block);
  assert.equal((await drawn())[made], "2", "it stands on Wednesday");

  await page.keyboard.press("x");
  await page.getByText(/allez à un créneau libre/).first().waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await walkTo(/^libre$/, "ArrowDown");
  await page.keyboard.press("v");
  await page.waitForFunction(
    (id) => document.querySelector(`[data-block="${id}"]`)?.dataset.column === "4",
    made,
  );
  await page.waitForFunction((id) => document.activeElement?.dataset.block === id, made);
  await page.keyboard.press("e");
  await page.getByText(/Excuse notée/).first().waitFor();
  await page.waitForFunction((id) => document.querySelector(`[data-block="${id}"]`) === null, made);
  assert.match(await cellText(), /^libre, .*Verhaeghe, excusé/, "the hour is free again, and says who freed it");
  await page.keyboard.press("Control+z");
  await page.locator(`[data-block="${made}"]`).waitFor();
});

test("everybody's week in counts leads to one person's, and a month to its days", async () => {
  await page.keyboard.press("s");
  await page.keyboard.press("0");
  await page.getByRole("grid", { name: /tous les conseillers$/ }).waitFor();
  await look("everybody's week");
  await intoGrid();
  assert.match(await cellText(), /rendez-vous/, "the first cell is Monday morning of the first column");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await week("M. Haddad").waitFor();
  await page.waitForFunction(() => document.activeElement?.dataset.column === "4");

  await page.keyboard.press("o");
  await page.getByRole("grid", { name: "Mois de novembre 2026" }).waitFor();
  await look("a month");
  await intoGrid();
  const date = () => page.evaluate(() => document.activeElement?.dataset.date);
  const there = await date();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  const back = await date();
  assert.equal((Date.parse(there) - Date.parse(back)) / 86_400_000, 14, "two weeks up");
  await page.keyboard.press("PageDown");
  await page.getByRole("grid", { name: "Mois de décembre 2026" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.dataset.date?.startsWith("2026-12-"));
  await page.keyboard.press("ArrowRight");
  const wanted = await date();
  await page.keyboard.press("Enter");
  await page.getByRole("grid", { name: /^Agenda du .* décembre/ }).waitFor();
  const heading = await page.getByRole("heading", { level: 1 }).textContent();
  assert.ok(heading.includes(String(Number(wanted.slice(8)))), `${heading} is ${wanted}`);
  await page.waitForFunction(() => document.activeElement?.closest('[role="grid"]') !== null);
});

test("a call becomes a meeting: the next free slot, a new person, Enter", async () => {
  // Somebody telephones while another screen is open: the palette leads to the booking from anywhere.
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Rechercher ou commander" }).waitFor();
  await page.keyboard.type(">ouvrir demandes");
  await page.getByRole("option", { name: "Ouvrir Demandes", selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Demandes" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type(">poser");
  await page.getByRole("option", { name: /^Poser un rendez-vous/, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: "Poser un rendez-vous" });
  await panel.waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  const first = await panel.locator("header p").textContent();
  assert.match(first, /lun\. 23 nov\.,? 10/, `the next slot is this morning's, not ${first}`);
  // Another hour suits better.
  await page.keyboard.press("Alt+n");
  await page.waitForFunction(
    (was) => document.querySelector('[role="dialog"] header p')?.textContent !== was,
    first,
  );
  await page.keyboard.type("Quenneville Albane");
  await page.getByRole("option", { name: /Nouvel usager/ }).waitFor();
  // Nobody known has that name: what is found is the way to make a new person.
  for (let press = 0; press < 6; press += 1) {
    await page.keyboard.press("ArrowDown");
    if (await page.getByRole("option", { name: /Nouvel usager/, selected: true }).isVisible()) break;
  }
  await page.keyboard.press("Enter");
  // Their own telephone; whoever answers for them has one too, in a group of its own.
  await panel.getByRole("textbox", { name: "Téléphone" }).first().waitFor();
  await look("a new person in the booking");
  await tabTo(page, "the phone", () => /Téléphone/.test(document.activeElement?.labels?.[0]?.textContent ?? ""));
  await page.keyboard.type("0612345678");
  await page.keyboard.press("Enter");
  await page.getByText(/Rendez-vous posé/).first().waitFor();
  await page.waitForFunction(() => /Quenneville/.test(document.activeElement?.textContent ?? ""));
  const here = await desk.call("clients.search", { query: "quenneville" });
  assert.equal(here[0]?.given_name, "Albane");
});

test("N begins at the next free slot, a meeting is moved across days by X and V, and somebody arrives by A", async () => {
  await page.keyboard.press("n");
  const panel = page.getByRole("dialog", { name: "Poser un rendez-vous" });
  await panel.waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
  await page.waitForFunction(() => document.activeElement?.closest('[role="grid"]') !== null);

  // Camille Lefèvre is expected this morning.
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Home");
  const column = Number(await page.locator("[data-block]", { hasText: "Lefèvre" }).first().getAttribute("data-column"));
  for (let step = 0; step < column; step += 1) await page.keyboard.press("ArrowRight");
  await walkTo(/Lefèvre/, "ArrowDown");
  assert.match(await cellText(), /Camille Lefèvre, confirmé/);
  const id = await page.evaluate(() => document.activeElement.dataset.block);
  await page.keyboard.press("a");
  await page.getByText(/Arrivée notée/).first().waitFor();
  await page.waitForFunction(() => /Camille Lefèvre, arrivé/.test(document.activeElement?.textContent ?? ""));
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => /Camille Lefèvre, confirmé/.test(document.activeElement?.textContent ?? ""));
  await page.keyboard.press("x");
  await page.getByText(/allez à un créneau libre/).first().waitFor();
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("Alt+ArrowRight");
  await page.getByRole("grid", { name: /^Agenda du mercredi 25/ }).waitFor();
  await walkTo(/^libre$/, "ArrowDown");
  await page.keyboard.press("v");
  await page.waitForFunction((block) => document.activeElement?.dataset.block === block, id);
  const moved = await desk.call("appointments.get", { id });
  assert.equal(moved.date, "2026-11-25");
});

test("at the end of the day each missing status takes one key, can be taken back, and none is left", async () => {
  const evening = new Clock("2026-11-23T16:45:00Z");
  const late = await crowdedDesk(place.folder, evening);
  const after = await openPage(browser, late);
  try {
    const line = after.getByText(/Fin de journée/).first();
    await line.waitFor();
    const missing = await late.call("agenda.missing");
    assert.ok(missing.length >= 7, `only ${missing.length} are missing`);
    assert.match(await line.textContent(), new RegExp(`${missing.length}\\sstatuts manquent`));
    await after.keyboard.press("f");
    const dialog = after.getByRole("dialog", { name: "Statuts manquants" });
    await dialog.getByText(`0 sur ${missing.length}`).waitFor();
    for (const colorScheme of ["light", "dark"]) {
      await after.emulateMedia({ colorScheme });
      await accessible(after, `the sweep, ${colorScheme}`);
    }
    const focused = () => after.evaluate(() => document.activeElement?.dataset.missing ?? null);
    await after.waitForFunction((id) => document.activeElement?.dataset.missing === id, missing[0].id);
    await after.keyboard.press("v");
    await dialog.getByText(`1 sur ${missing.length}`).waitFor();
    await after.waitForFunction((id) => document.activeElement?.dataset.missing === id, missing[1].id);
    await after.keyboard.press("m");
    await dialog.getByText(`2 sur ${missing.length}`).waitFor();
    await after.keyboard.press("Control+z");
    await dialog.getByText(`1 sur ${missing.length}`).waitFor();
    await after.waitForFunction((id) => document.activeElement?.dataset.missing === id, missing[1].id);
    for (let left = missing.length - 1; left > 0; left -= 1) {
      assert.notEqual(await focused(), null, "the next one has the keyboard");
      await after.keyboard.press(left % 2 === 0 ? "e" : "v");
      await dialog.getByText(`${missing.length - left + 1} sur ${missing.length}`).waitFor();
      if (left > 1) await after.waitForFunction(() => document.activeElement?.dataset.missing !== undefined);
    }
    await dialog.getByText(/Tout est dit/).waitFor();
    await accessible(after, "the sweep, all done");
    await after.waitForFunction(() => document.activeElement?.textContent === "Fermer");
    await after.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    assert.deepEqual(await late.call("agenda.missing"), []);
    await line.waitFor({ state: "hidden" });

    // The same desk: two hundred meetings and more are walked as fast as ten, filtered, sorted and acted on.
    await after.keyboard.press("l");
    await after.getByRole("button", { name: "14 jours" }).click();
    const list = after.getByRole("grid", { name: "Rendez-vous" });
    // The day's own rows stay until those of the two weeks are there.
    await after.waitForFunction(
      () => Number(document.querySelector('[role="grid"][aria-rowcount]')?.getAttribute("aria-rowcount")) > 200,
    );
    const rows = Number(await list.getAttribute("aria-rowcount")) - 1;
    assert.ok(rows > 200, `${rows} meetings in two weeks`);
    assert.ok((await list.locator("[data-index]").count()) < 60, "only the rows in view are in the page");
    for (const colorScheme of ["light", "dark"]) {
      await after.emulateMedia({ colorScheme });
      await accessible(after, `the list, ${colorScheme}`);
    }
    await tabTo(after, "a row", () => document.activeElement?.dataset.index !== undefined);
    await after.keyboard.press("End");
    await after.waitForFunction((last) => document.activeElement?.dataset.index === last, String(rows - 1));
    await after.keyboard.press("Home");
    await after.waitForFunction(() => document.activeElement?.dataset.index === "0");
    await list.getByRole("button", { name: "Usager", exact: true }).click();
    await list.getByRole("columnheader", { name: "Usager" }).and(after.locator('[aria-sort="ascending"]')).waitFor();
    assert.deepEqual(after.complaints, [], "errors of the page");
  } finally {
    await after.context().close();
    await late.close();
  }
});

test("columns are named as a group, shown by a key, and remembered", async () => {
  for (const key of ["2", "4", "5", "6", "7"]) await page.keyboard.press(key);
  const heads = () => page.locator('[role="grid"] thead th').allTextContents();
  await page.waitForFunction(() => document.querySelectorAll('[role="grid"] thead th').length === 3);
  await tabTo(page, "the columns", () => /^Colonnes/.test(document.activeElement?.ariaLabel ?? ""));
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await look("the columns");
  await page.keyboard.press("End");
  await page.waitForFunction(() => /Nommer ce groupe/.test(document.activeElement?.textContent ?? ""));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Nommer ce groupe" }).getByRole("textbox").waitFor();
  await page.keyboard.type("Lycées");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Nommer ce groupe" }).waitFor({ state: "hidden" });
  await page.keyboard.press("0");
  await page.waitForFunction(() => document.querySelectorAll('[role="grid"] thead th').length === 8);
  await page.reload();
  await page.getByRole("grid").waitFor();
  await page.keyboard.press("Alt+1");
  await page.waitForFunction(() => document.querySelectorAll('[role="grid"] thead th').length === 3);
  assert.match((await heads()).join(" "), /Mme Dupont.*Mme Leroy/);
  await page.getByRole("button", { name: /groupe Lycées/ }).waitFor();
});
