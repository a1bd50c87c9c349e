// The agenda in the browser: the built page, a real desk on SQLite behind it, a real central beside it.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { freeCells, nextDay } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

let place;
let central;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("agenda");
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

test("a booking by mouse is in the grid, and comes back with the page", async () => {
  await nextDay(page);
  await freeCells(page).first().click();
  const panel = page.getByRole("dialog", { name: "Poser un rendez-vous" });
  const name = panel.getByRole("combobox", { name: "Usager" });
  await name.fill("benali");
  await page.getByRole("option", { name: /Benali/ }).first().click();
  // What is to be looked at stands above the buttons: one reads it first, and they stay where they are from then on.
  await panel.getByText(/^À vérifier/).waitFor();
  await panel.getByRole("button", { name: /^Poser/ }).click();
  await page.getByText(/Rendez-vous posé/).first().waitFor();
  const blocks = page.locator("[data-block]", { hasText: "Benali" });
  await blocks.first().waitFor();
  const count = await blocks.count();
  await page.reload();
  await page.getByRole("grid").waitFor();
  await nextDay(page);
  await blocks.first().waitFor();
  assert.equal(await blocks.count(), count, "as many as before the page was loaded again");
});

test("a booking by keyboard alone, and its undoing", async () => {
  await nextDay(page);
  const blocks = page.locator("[data-block]");
  const before = await blocks.count();
  // The grid is one tab stop: tab until it has the focus, then walk to a free cell.
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(() => document.activeElement?.closest('[role="grid"]') !== null)) break;
  }
  assert.ok(
    await page.evaluate(() => document.activeElement?.closest('[role="grid"]') !== null),
    "the grid is reached with the tab key",
  );
  for (let press = 0; press < 60; press += 1) {
    if ((await page.evaluate(() => document.activeElement?.textContent.trim())) === "libre") break;
    await page.keyboard.press(press % 8 === 7 ? "ArrowRight" : "ArrowDown");
  }
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await page.keyboard.type("verhaeghe");
  await page.getByRole("option", { name: /Verhaeghe/ }).first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await page.getByText(/Rendez-vous posé/).first().waitFor();
  await page.waitForFunction((was) => document.querySelectorAll("[data-block]").length === was + 1, before);
  assert.ok(
    await page.evaluate(() => document.activeElement?.closest('[role="grid"]') !== null),
    "the keyboard is back in the grid",
  );
  await page.keyboard.press("Control+z");
  await page.waitForFunction((was) => document.querySelectorAll("[data-block]").length === was, before);
});

for (const theme of ["light", "dark"]) {
  test(`the agenda is accessible, ${theme}`, async () => {
    await page.emulateMedia({ colorScheme: theme });
    await accessible(page, `agenda, ${theme}`);
    await nextDay(page);
    await freeCells(page).first().click();
    await page.getByRole("combobox", { name: "Usager" }).waitFor();
    await accessible(page, `booking panel, ${theme}`);
  });
}
