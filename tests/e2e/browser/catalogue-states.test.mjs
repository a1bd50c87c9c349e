// The catalogue's screens in each of their states: no rule of accessibility broken, light and dark, and nothing wider
// than the window down to 320 px.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { answered, box, list, preview, sheet } from "../parts/catalogue.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { callScreen } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

let place;
let desk;
let browser;

before(async () => {
  place = await temporaryFolder("states");
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

/** A record of each kind that is found by its identifier, with words that find it. */
const RECORDS = [
  ["programme", "cap cuisine"],
  ["occupation", "cuisinier"],
  ["institution", "lycée"],
  ["faq", "internat"],
];

/** What the desk answers when its disk fails. */
const FAILED = { code: "database", params: {}, retry: true, detail: "the disk" };

/** Walks through the states; `look` is told what each is. */
async function walk(page, look) {
  await callScreen(page, "Catalogue");
  await page.getByRole("heading", { name: /^Le catalogue du/ }).waitFor();
  await page.getByRole("button", { name: /Formations$/ }).first().waitFor();
  await look("before anything is typed");
  await box(page).fill("cuisine");
  await answered(page, "CAP cuisine");
  await look("results");
  await box(page).fill("cuisinne");
  await page.getByText(/^Compris/).waitFor();
  await look("a word repaired");
  await box(page).fill("zzqqxxw");
  await page.getByText(/^Aucun résultat pour/).waitFor();
  await look("nothing found");
  await box(page).fill("lycée");
  await answered(page, /lycée/i);
  await list(page).getByRole("option", { name: /^Voir les/ }).first().click();
  await page.getByRole("button", { name: "Toutes les fiches" }).waitFor();
  await look("all of one kind");
  await page.getByRole("button", { name: "Toutes les fiches" }).click();
  await box(page).fill("cuisine");
  await answered(page, "CAP cuisine");
  await box(page).press("ArrowDown");
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("c");
  await page.getByRole("region", { name: "À comparer" }).waitFor();
  await look("two that are marked");
  await page.keyboard.press("v");
  await page.getByRole("table").waitFor();
  await look("two side by side");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Ne plus comparer" }).click();
  await page.route("**/api/call/catalogue.search", (route) => route.fulfill({ status: 409, json: FAILED }));
  await box(page).fill("boulanger");
  await page.getByText("Les données n’ont pas pu être lues").waitFor();
  assert.equal(await page.getByText(/\d résultats?$/).count(), 0, "what answered the words before is gone");
  await look("not answered");
  await page.unroute("**/api/call/catalogue.search");
  let answer;
  const held = new Promise((resume) => {
    answer = resume;
  });
  await page.route("**/api/call/catalogue.search", async (route) => {
    await held;
    await route.continue();
  });
  await box(page).fill("plombier");
  await page.getByText("Recherche…").waitFor();
  await look("waiting for an answer");
  answer();
  await answered(page, /plomb/i);
  await page.unroute("**/api/call/catalogue.search");
}

for (const theme of ["light", "dark"]) {
  test(`searching and comparing, ${theme}: accessible, and silent`, async () => {
    const page = await openPage(browser, desk, { theme });
    try {
      await page.getByRole("grid").waitFor();
      await walk(page, (what) => accessible(page, `${what}, ${theme}`));
      assert.deepEqual(page.complaints, [], "errors of the page");
    } finally {
      await page.context().close();
    }
  });

  test(`a record of each kind, ${theme}: accessible, and silent`, async () => {
    const page = await openPage(browser, desk, { theme });
    try {
      await page.getByRole("grid").waitFor();
      await callScreen(page, "Catalogue");
      for (const [kind, text] of RECORDS) {
        const { groups } = await desk.call("catalogue.search", { text, kinds: [kind], limit: 1 });
        const [hit] = groups[0].hits;
        const name = hit.title.map((piece) => piece.text).join("");
        await box(page).fill(hit.id);
        await list(page).getByRole("option").first().waitFor();
        await preview(page).getByRole("heading", { level: 2 }).waitFor();
        await accessible(page, `preview of a ${kind}, ${theme}`);
        await box(page).press("Enter");
        await sheet(page).getByRole("heading", { level: 2 }).waitFor();
        assert.equal(
          (await sheet(page).getByRole("heading", { level: 2 }).textContent()).replace(/[’\s]+/g, ""),
          name.replace(/['’\s]+/g, ""),
        );
        await accessible(page, `a ${kind}, ${theme}`);
        await page.keyboard.press("Escape");
        await box(page).waitFor();
      }
      // A programme at a place has no words of its own: it is come to by what narrows.
      await box(page).fill("cap cuisine");
      await answered(page, "CAP cuisine");
      await page.getByRole("checkbox", { name: /^Lieux de formation/ }).check();
      await page.getByRole("button", { name: "Toutes les fiches" }).waitFor();
      await list(page).press("Enter");
      await sheet(page).getByRole("heading", { level: 2 }).waitFor();
      await accessible(page, `a programme at a place, ${theme}`);
      assert.deepEqual(page.complaints, [], "errors of the page");
    } finally {
      await page.context().close();
    }
  });

  test(`beside an enquiry, ${theme}: accessible, and silent`, async () => {
    const page = await openPage(browser, desk, { theme });
    try {
      await page.getByRole("grid").waitFor();
      await callScreen(page, "Demandes");
      await page.locator("[data-enquiry]").first().waitFor();
      await page.keyboard.press("Enter");
      const fits = page.getByRole("list", { name: "Ce qui correspond à la question" });
      await fits.waitFor();
      await accessible(page, `what fits the question, ${theme}`);
      await fits.getByRole("button").first().click();
      await page.getByRole("dialog", { name: "Fiche du catalogue" }).getByRole("heading", { level: 2 }).nth(1).waitFor();
      await accessible(page, `a record over the enquiry, ${theme}`);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "fiche", exact: true }).click();
      await page.getByRole("dialog").getByRole("option").first().waitFor();
      await accessible(page, `choosing a record, ${theme}`);
      await page.keyboard.press("Escape");
      assert.deepEqual(page.complaints, [], "errors of the page");
    } finally {
      await page.context().close();
    }
  });
}

for (const [width, height] of [
  [1024, 700],
  // 1440 × 900 at 200 %.
  [720, 450],
  [320, 640],
]) {
  test(`${width} px wide: accessible, and nothing is cut off`, async () => {
    const page = await openPage(browser, desk, { width, height });
    try {
      await page.getByRole("heading", { level: 1 }).waitFor();
      await walk(page, async (what) => {
        await accessible(page, `${what} at ${width}`);
        const [wide, view] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert.ok(wide <= view, `${what} at ${width}: the page is ${wide} wide`);
      });
      await box(page).fill("cap cuisine");
      await list(page).getByRole("option", { name: /CAP cuisine/ }).first().click();
      if (width > 800) {
        await preview(page).getByRole("heading", { level: 2, name: /CAP cuisine/ }).waitFor();
        await accessible(page, `a record in the drawer at ${width}`);
        await list(page).press("Enter");
      }
      await sheet(page).getByRole("heading", { level: 2 }).waitFor();
      await accessible(page, `a record at ${width}`);
      assert.deepEqual(page.complaints, [], "errors of the page");
    } finally {
      await page.context().close();
    }
  });
}
