// The day at the counter by keyboard alone: a call that becomes a meeting, a meeting that moves, arrivals, weeks and
// months. Each screen is looked at by the accessibility checker in both themes.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
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
