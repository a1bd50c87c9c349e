// Openings and absences in the browser: one day moved, taken out and put back by keyboard alone; an absence of two people
// with every meeting that it hits decided before anything is saved.

import assert from "node:assert/strict";
import path from "node:path";
import { beforeEach, test } from "node:test";
import { accessible, openPage } from "../parts/browser.mjs";
import { tabTo } from "../parts/page.mjs";
import { onDirectorsDesk, openSettings } from "../parts/settings.mjs";

const director = onDirectorsDesk("openings");
const { as, notice } = director;
let desk;
let browser;
let page;
beforeEach(() => {
  ({ desk, browser, page } = director);
});

const picture = async (name, on = page) => {
  if (process.env.PASSERELLE_PICTURES)
    await on.screenshot({
      path: path.join(process.env.PASSERELLE_PICTURES, `${name}.png`),
    });
};

const grid = (on = page) => on.getByRole("grid", { name: "Ouvertures de la semaine" });
/** Hours are written with spaces that do not break: any space will do. */
const said = (start) => new RegExp(`^${start.replaceAll(" ", "\\s")}`);
const label = () => page.evaluate(() => document.activeElement?.querySelector(".vh")?.textContent ?? "");

test("a day of an opening is taken out, put back and moved by keyboard alone", async () => {
  await openSettings(page, "Ouvertures");
  await grid().waitFor();
  await tabTo(page, "the grid", () => document.activeElement?.closest("[role=grid]") !== null);
  // The next week: nothing of it is past.
  await page.keyboard.press("PageDown");
  await page.getByRole("heading", { name: /semaine du lun\. 30 nov/ }).waitFor();
  await page.waitForFunction(() =>
    document.activeElement?.querySelector(".vh")?.textContent?.includes("lundi 30 novembre"),
  );
  const first = await label();
  assert.match(
    first.replace(/\s/g, " "),
    /^Mme Dupont, lundi 30 novembre, de 8 h 30 à 12 h 30/,
    "the first plage of the first person",
  );
  await picture("ouvertures");

  await page.keyboard.press("Delete");
  const dialog = page.getByRole("dialog", {
    name: /Retirer la plage du lundi 30 novembre/,
  });
  await dialog.getByText("Les prochaines dates").waitFor();
  await dialog.getByText(said("lundi 7 décembre, de 8 h 30 à 12 h 30")).waitFor();
  assert.equal(await dialog.locator("li", { hasText: "lundi 30 novembre" }).count(), 0, "that day is no longer said");
  await picture("retirer");
  await page.keyboard.press("Enter");
  await notice(/Plage du lundi 30 novembre retirée/).waitFor();
  await page.waitForFunction((was) => document.activeElement?.querySelector(".vh")?.textContent !== was, first);
  await page.keyboard.press("Control+z");
  await notice(/^Annulé\s: /).waitFor();
  await grid().getByRole("button", { name: first }).waitFor();

  await tabTo(page, "the grid again", () => document.activeElement?.closest("[role=grid]") !== null);
  await page.keyboard.press("Home");
  await page.waitForFunction((was) => document.activeElement?.querySelector(".vh")?.textContent === was, first);
  await page.keyboard.press("x");
  await page
    .getByText(/^Coupé : lundi 30 novembre/)
    .first()
    .waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("v");
  const move = page.getByRole("dialog", {
    name: /Déplacer la plage du lundi 30 novembre/,
  });
  await move.getByText(said("mercredi 2 décembre, de 8 h 30 à 12 h 30")).waitFor();
  await picture("deplacer");
  await page.keyboard.press("Enter");
  await notice(/Plage du lundi 30 novembre déplacée/).waitFor();
  await grid()
    .getByRole("button", {
      name: /Mme Dupont, mercredi 2 décembre, de 8\sh\s30 à 12\sh\s30.*changée à la main/,
    })
    .waitFor();
  const day = await desk.call("agenda.day", { date: "2026-11-30" });
  const dupont = day.columns.find((one) => one.name === "Mme Dupont");
  assert.ok(
    dupont.open.every((one) => one.from_min >= 13 * 60),
    "the agenda follows: nothing on Monday morning",
  );
});

test("a day of an opening is dragged to another day of its own line, and to no other line", async () => {
  await openSettings(page, "Ouvertures");
  await grid().waitFor();
  for (const monday of ["30 nov", "7 déc"]) {
    await page.getByRole("button", { name: "Semaine suivante" }).click();
    await page.getByRole("heading", { name: new RegExp(`semaine du lun\\. ${monday}`) }).waitFor();
  }
  const plage = grid().getByRole("button", { name: said("Mme Leroy, lundi 7 décembre, de 8 h 30 à 12 h 30") });
  const cell = (person, column) =>
    grid().getByRole("row").filter({ has: page.getByRole("rowheader", { name: person }) }).getByRole("gridcell").nth(column);
  // Somebody else's line does not take it: nothing is asked, and it stays.
  await plage.dragTo(cell("M. Haddad", 2));
  await plage.waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0, "nothing is asked");
  await plage.dragTo(cell("Mme Leroy", 4));
  const move = page.getByRole("dialog", { name: /Déplacer la plage du lundi 7 décembre/ });
  await move.getByText(said("vendredi 11 décembre, de 8 h 30 à 12 h 30")).waitFor();
  await page.keyboard.press("Enter");
  await notice(/Plage du lundi 7 décembre déplacée/).waitFor();
  await cell("Mme Leroy", 4).getByRole("button", { name: /changée à la main/ }).waitFor();
  const { occurrences } = await desk.call("settings.occurrences", { from: "2026-12-07", to: "2026-12-11" });
  const days = occurrences.filter((one) => one.entity === "opening" && one.counsellor.name === "Mme Leroy" && one.changed);
  assert.deepEqual(days.map((one) => one.date), ["2026-12-11"], "that day alone has moved");
  await page.keyboard.press("Control+z");
  await plage.waitFor();
});

test("a new opening says its next five dates before it is saved", async () => {
  await openSettings(page, "Ouvertures");
  await grid().waitFor();
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", {
    name: "Nouvelle plage d’ouverture",
  });
  await dialog.getByText(/Cette plage revient chaque semaine/).waitFor();
  const dates = dialog.getByRole("status", {
    name: "Les cinq prochaines dates",
  });
  await dates.getByRole("listitem").nth(4).waitFor();
  assert.equal(await dates.getByRole("listitem").count(), 5, "five, no more");
  await dialog.getByRole("checkbox", { name: "Pas pendant les vacances scolaires" }).focus();
  await page.keyboard.press("Space");
  await dates
    .getByText(/n’a pas lieu : vacances de Noël/)
    .first()
    .waitFor();
  await picture("nouvelle-plage");
  await dialog.getByRole("textbox", { name: "À", exact: true }).fill("8:00");
  await dialog.getByText("La fin vient avant le début.").waitFor();
  await picture("plage-refusee");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("an absence of two people is saved with what becomes of each meeting, by keyboard alone", async () => {
  await openSettings(page, "Absences");
  await page.getByRole("list", { name: "Absences" }).waitFor();
  await picture("absences");
  await page.keyboard.press("n");
  await page.getByRole("checkbox", { name: "Mme Dupont" }).waitFor();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await tabTo(page, "the reason", () => document.activeElement?.labels?.[0]?.textContent.startsWith("Motif") === true);
  await page.keyboard.type("Formation");
  const day = () => document.activeElement?.labels?.[0]?.textContent.trim() === "Du";
  await tabTo(page, "the first day", day);
  await page.keyboard.press("Control+a");
  await page.keyboard.type("24/11");
  const touched = page.getByRole("region", { name: "Rendez-vous touchés" });
  await touched.getByRole("heading", { name: "Ce que les absences touchent" }).waitFor();
  // Today's stand there until the desk has answered for the 24th.
  await touched.and(page.locator("[aria-busy=false]")).waitFor();
  const hits = touched.locator("[data-hit]");
  const count = await hits.count();
  await picture("absence-touche");
  assert.equal(await hits.filter({ hasText: "mar. 24 nov." }).count(), count, "the meetings of that day alone");
  assert.ok(count >= 4, `two full days are hit: ${count}`);
  assert.ok((await touched.getByText(/0[1-9](.\d\d){4}/).count()) > 0, "whom to call is there");

  // Enter in the form goes to the first meeting instead of saving over it.
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.hasAttribute("data-hit"));
  for (let at = 0; at < count; at += 1) {
    await page.keyboard.press(at === 0 ? "a" : at === 1 ? "g" : "1");
    if ((await page.evaluate(() => document.activeElement?.querySelector("[aria-pressed=true]") === null)) === true)
      await page.keyboard.press("4");
    await page.keyboard.press("ArrowDown");
  }
  await picture("absence-decidee");
  const undecided = await touched.locator("[data-hit]:not(:has([aria-pressed=true]))").count();
  for (let left = undecided; left > 0; left -= 1) {
    await touched.locator("[data-hit]:not(:has([aria-pressed=true]))").first().focus();
    await page.keyboard.press("a");
  }
  await touched.getByRole("button", { name: "Enregistrer l’absence et ces décisions" }).focus();
  await page.keyboard.press("Enter");
  await notice(new RegExp(`Absence enregistrée, ${count}.rendez-vous réglés`)).waitFor();
  const agenda = await desk.call("agenda.day", { date: "2026-11-24" });
  const away = agenda.columns.filter((one) => one.absences.some((absence) => absence.label === "Formation"));
  assert.equal(away.length, 2, "both are away");
  const kept = agenda.blocks.filter(
    (one) => away.some((column) => column.id === one.counsellor.id) && ["held", "booked"].includes(one.status),
  );
  assert.equal(kept.length, 1, "one was kept, with its reason");
  assert.equal(kept[0].override_reason, "Formation");
});

test("a counsellor has their own absences and no other page", async () => {
  await as("counsellor");
  await page.reload();
  await page.getByRole("grid").waitFor();
  await openSettings(page, "Absences");
  assert.equal(await page.getByRole("navigation", { name: "Réglages" }).getByRole("button").count(), 1);
});

for (const theme of ["light", "dark"])
  test(`openings and absences pass the accessibility checker, ${theme}`, async () => {
    const on = await openPage(browser, desk, { theme });
    await on.getByRole("grid").waitFor();
    await openSettings(on, "Ouvertures");
    await grid(on).waitFor();
    await accessible(on, "the week of openings");
    await picture(`ouvertures-${theme}`, on);
    await on.keyboard.press("n");
    await on.getByRole("dialog").getByRole("listitem").first().waitFor();
    await accessible(on, "a new opening");
    await on.keyboard.press("Escape");
    await openSettings(on, "Absences");
    await on.getByRole("list", { name: "Absences" }).waitFor();
    await accessible(on, "absences");
    await on.keyboard.press("n");
    await on.getByRole("checkbox", { name: "Mme Dupont" }).check();
    await on.getByText("Remplissez d’abord le motif et les dates.").waitFor();
    assert.equal(await on.getByText("Aucun rendez-vous n’est touché.").count(), 0, "nobody knows that yet");
    await on.getByRole("button", { name: "Congé" }).click();
    await on.getByRole("region", { name: "Rendez-vous touchés" }).waitFor();
    await accessible(on, "an absence with what it hits");
    await picture(`absence-${theme}`, on);
    assert.deepEqual(on.complaints, [], "errors of the page");
    await on.context().close();
  });
