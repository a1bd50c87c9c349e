// Every screen and what lies over it: no rule of accessibility broken, light and dark, wide and narrow, and no word in
// the console.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { callScreen, freeCells, nextDay } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

let place;
let central;
let desk;
let browser;

before(async () => {
  place = await temporaryFolder("screens");
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

const dialog = (page, name) => page.getByRole("dialog", { name });

/** What there is to look at: each goes on where the one before stopped. */
const WALKS = {
  agenda: async (page, look) => {
    await look("the grid");
    await nextDay(page);
    await page.locator("[data-block]").first().click();
    await page.getByRole("dialog").waitFor();
    await look("details of a meeting");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await freeCells(page).first().click();
    await dialog(page, "Poser un rendez-vous").getByRole("combobox", { name: "Usager" }).waitFor();
    await look("the booking panel");
  },
  enquiries: async (page, look) => {
    await callScreen(page, "Demandes");
    await page.getByRole("region", { name: "Fil de la demande" }).waitFor();
    await page.locator("[data-enquiry]").first().waitFor();
    await look("list and thread");
    await page.keyboard.press("n");
    await dialog(page, "Noter une demande").getByRole("textbox", { name: /Qui demande/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator('[role="dialog"] [aria-invalid]').first().waitFor();
    await look("a new enquiry with errors");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("z");
    await dialog(page, "Reporter la demande").getByRole("button", { name: /Dans une heure/ }).waitFor();
    await look("putting off");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("p");
    await dialog(page, "Poser un rendez-vous").getByRole("button", { pressed: true }).first().waitFor();
    await look("booking for an enquiry");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  },
  "what was closed": async (page, look) => {
    await callScreen(page, "Demandes");
    await page.getByRole("button", { name: "Closes" }).click();
    await page.getByRole("button", { name: "Closes", pressed: true }).waitFor();
    await page.locator("[data-enquiry]").first().waitFor();
    await look("closed enquiries");
    await page.getByRole("button", { name: "Chercher dans les demandes" }).click();
    await page.getByRole("searchbox", { name: "Chercher dans les demandes" }).fill("xylophoniste");
    await page.getByText("Rien ne correspond.").waitFor();
    await look("a search that finds nothing");
  },
  people: async (page, look) => {
    await callScreen(page, "Usagers");
    await page.getByRole("searchbox", { name: /^Chercher/ }).fill("benali");
    await page.getByRole("list", { name: "Personnes trouvées" }).getByRole("button").first().waitFor();
    await look("people found");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: /^Fiche de / }).waitFor();
    await look("a record");
    await page.keyboard.press("m");
    const form = page.getByRole("form", { name: "Modifier la fiche" });
    await form.getByRole("textbox", { name: "Date de naissance" }).fill("31/02/2010");
    await form.getByRole("textbox", { name: "Date de naissance" }).press("Enter");
    await page.locator("[aria-invalid]").first().waitFor();
    await look("a form with errors");
  },
  conflicts: async (page, look) => {
    await callScreen(page, "Conflits");
    await page.getByText("Aucun conflit.").waitFor();
    await look("nothing to settle");
  },
  "what lies over": async (page, look) => {
    await page.keyboard.press("Control+k");
    await dialog(page, "Rechercher ou commander").waitFor();
    await look("the palette");
    await page.keyboard.type("benali");
    await page.getByRole("option", { name: /Benali/ }).first().waitFor();
    await look("the palette with answers");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("?");
    await dialog(page, "Raccourcis de cet écran").waitFor();
    await look("the keys");
  },
};

for (const [name, walk] of Object.entries(WALKS)) {
  for (const theme of ["light", "dark"]) {
    test(`${name}, ${theme}: accessible, and silent`, async () => {
      const page = await openPage(browser, desk, { theme });
      try {
        await page.getByRole("grid").waitFor();
        await walk(page, (what) => accessible(page, `${what}, ${theme}`));
        assert.deepEqual(page.complaints, [], "errors of the page");
      } finally {
        await page.context().close();
      }
    });
  }
}

for (const [width, height] of [
  [1024, 768],
  [320, 640],
]) {
  test(`at ${width} pixels each screen is accessible and nothing has to be scrolled sideways`, async () => {
    const page = await openPage(browser, desk, { width, height });
    const look = async (what) => {
      await accessible(page, `${what} at ${width}`);
      const [wide, view] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(wide <= view, `${what} at ${width}: the page is ${wide} wide`);
    };
    try {
      await page.getByRole("heading", { level: 1 }).waitFor();
      await look("agenda");
      await callScreen(page, "Demandes");
      await page.locator("[data-enquiry]").first().waitFor();
      await look("enquiries");
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: "Fil de la demande" }).waitFor();
      await look("an enquiry");
      await callScreen(page, "Usagers");
      await page.getByRole("searchbox", { name: /^Chercher/ }).fill("benali");
      await page.getByRole("list", { name: "Personnes trouvées" }).getByRole("button").first().waitFor();
      await look("people");
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: /^Fiche de / }).waitFor();
      await look("a record");
      await callScreen(page, "Conflits");
      await look("conflicts");
      assert.deepEqual(page.complaints, [], "errors of the page");
    } finally {
      await page.context().close();
    }
  });
}
