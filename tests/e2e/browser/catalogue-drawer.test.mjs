// Where the window is too narrow for three columns the preview is a drawer: by keyboard and by mouse, and as the person
// left it.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { answered, box, focused, list, preview, sheet, standing } from "../parts/catalogue.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { callScreen, tabTo } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

let place;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("drawer");
  desk = new Desk(path.join(place.folder, "desk"), new Clock());
  await desk.run("init", "--demo");
  await desk.open();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await desk?.close();
  await place?.remove();
});

beforeEach(async () => {
  page = await openPage(browser, desk, { width: 1024, height: 700 });
  await page.getByRole("grid").waitFor();
  await callScreen(page, "Catalogue");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "searchbox");
  await page.keyboard.type("cuisine");
  await answered(page, "CAP cuisine");
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

const facets = () => page.getByRole("region", { name: "Affiner" });
const heading = () => preview(page).getByRole("heading", { level: 2 });
const closed = () => preview(page).waitFor({ state: "hidden" });
const name = (text) => text.toLowerCase().replace(/[’'\s]+/g, " ");

/** Waits until the drawer shows the line that one stands on. */
async function follows() {
  await heading().waitFor();
  await page.waitForFunction(() => {
    const line = document.querySelector('main [role="option"][aria-selected="true"] p');
    const title = document.querySelector('aside[aria-label="Aperçu"] h2');
    return (title?.textContent ?? "") !== "" && line?.textContent.toLowerCase().startsWith(title.textContent.toLowerCase());
  });
}

test("walking opens it and it follows; Escape and A close and open it, and it stays as it was left", async () => {
  await closed();
  await page.keyboard.press("ArrowDown");
  await follows();
  await page.keyboard.press("ArrowDown");
  await follows();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await accessible(page, `the drawer, ${theme}`);
  }
  const line = await standing(page).boundingBox();
  const drawer = await preview(page).boundingBox();
  assert.ok(line.x + line.width <= drawer.x + 1, "the line that one stands on is not under the drawer");

  await page.keyboard.press("Escape");
  await closed();
  assert.equal(await focused(page), "listbox", "one stands where one stood");
  await page.keyboard.press("ArrowDown");
  await page.waitForTimeout(300);
  assert.equal(await preview(page).count(), 0, "who closed it only walks");
  await page.keyboard.press("a");
  await follows();

  await page.keyboard.press("Enter");
  await sheet(page).getByRole("heading", { level: 2 }).waitFor();
  await page.keyboard.press("Escape");
  await list(page).waitFor();
  await follows();
});

test("one goes into it and out of it, and from it to what narrows the search", async () => {
  await page.keyboard.press("ArrowDown");
  await follows();
  await facets().waitFor({ state: "hidden" });
  await tabTo(page, "what can be done with the record", () => document.activeElement?.closest('aside[aria-label="Aperçu"]') !== null);
  await page.keyboard.press("Escape");
  await closed();
  assert.equal(await focused(page), "listbox");

  await page.keyboard.press("a");
  await follows();
  await page.keyboard.press("f");
  await closed();
  assert.equal(await focused(page), "checkbox");
  await facets().waitFor();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: /^Effacer/ }).last().waitFor();
});

test("a line that is pressed is looked at, and its button closes it", async () => {
  const wanted = list(page).getByRole("option", { name: /Bac pro cuisine/ }).first();
  await wanted.click();
  await follows();
  assert.match(name(await heading().textContent()), /bac pro cuisine/);
  await page.getByRole("button", { name: "Fermer l’aperçu" }).click();
  await closed();
  await page.getByRole("button", { name: "Ouvrir l’aperçu" }).click();
  await follows();
  await wanted.dblclick();
  await sheet(page).getByRole("heading", { level: 2, name: /bac pro cuisine/i }).waitFor();
});

test("Enter opens what answers the letters that are typed, however late the answer is", async () => {
  await page.route("**/api/call/catalogue.search", async (route) => {
    await new Promise((resume) => setTimeout(resume, 700));
    await route.continue();
  });
  await box(page).fill("");
  await page.keyboard.type("plombier");
  await page.keyboard.press("Enter");
  await sheet(page).getByRole("heading", { level: 2 }).waitFor();
  assert.match(await sheet(page).textContent(), /plomb|sanitaire/i);
});
