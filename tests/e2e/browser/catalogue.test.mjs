// The catalogue by keyboard alone, on a real desk with the catalogue of the demonstration: found as one types, narrowed,
// near a home, compared, and put into the answer to a family.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { openBrowser, openPage } from "../parts/browser.mjs";
import { answered, box, focused, list, preview, sheet, standing } from "../parts/catalogue.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { callScreen, tabTo } from "../parts/page.mjs";
import { temporaryFolder, until } from "../parts/processes.mjs";

let place;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("catalogue");
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
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

const titleOf = (where) => where.getByRole("heading", { level: 2 });
const total = async () => Number((await page.getByText(/^[\d\s]+résultats?$/).first().textContent()).replace(/\D/g, ""));

/** Opens the screen by keyboard; one types at once. */
async function openCatalogue() {
  await callScreen(page, "Catalogue");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "searchbox");
}

test("found as one types, previewed by the arrows, opened by Enter, and back where one stood", async () => {
  await openCatalogue();
  await page.getByRole("heading", { name: /^Le catalogue du/ }).waitFor();
  await page.keyboard.type("cuisine");
  await answered(page, "CAP cuisine");
  await page.waitForFunction(() => document.querySelector("aside h2")?.textContent.toLowerCase().includes("cuisine"));

  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "listbox", "the first arrow goes to the list");
  assert.equal(await box(page).inputValue(), "cuisine", "and what was typed stays");
  const first = await standing(page).textContent();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction((was) => document.querySelector('[role="option"][aria-selected="true"]').textContent !== was, first);
  const name = await page.evaluate(
    () => document.querySelector('[role="option"][aria-selected="true"] p').textContent,
  );
  await until("the preview to follow", async () => (await titleOf(preview(page)).textContent()) === name);
  assert.deepEqual(
    await list(page).evaluate((one) => document.getElementById(one.getAttribute("aria-activedescendant"))?.ariaSelected),
    "true",
    "a screen reader is told the line that is marked",
  );

  await page.keyboard.press("Enter");
  await sheet(page).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === "H2");
  assert.equal(await titleOf(sheet(page)).textContent(), name);
  await sheet(page).getByText("Près d’ici").waitFor();
  await sheet(page).getByRole("button", { name: "Ouvrir la page" }).press("Enter");
  await page.getByText("Aucun navigateur n’a pu être ouvert sur ce poste. Copiez l’adresse.").waitFor();
  await page.keyboard.press("Escape");
  await list(page).waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "listbox");
  assert.ok((await standing(page).textContent()).startsWith(name), "back on the line that was opened");
  assert.equal(await box(page).inputValue(), "cuisine");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(page), "searchbox", "above the first line is the box");
});

test("another screen and back: nothing is typed again", async () => {
  await openCatalogue();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("boulanger");
  await answered(page, /boulanger/i);
  await callScreen(page, "Demandes");
  await callScreen(page, "Catalogue");
  assert.equal(await box(page).inputValue(), "boulanger");
  await answered(page, /boulanger/i);
});

test("narrowed by key, with what there would be otherwise, and widened again", async () => {
  await openCatalogue();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("cuisine");
  await answered(page, "CAP cuisine");
  const all = await total();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("f");
  assert.equal(await focused(page), "checkbox", "F goes to what narrows");
  const levels = page.getByRole("group", { name: "Niveau" });
  await tabTo(page, "the levels", () => document.activeElement?.closest("fieldset")?.querySelector("legend")?.textContent === "Niveau");
  const label = await page.evaluate(() => document.activeElement.closest("label").textContent);
  const promised = Number(label.match(/\d+$/)[0]);
  await page.keyboard.press("Space");
  await levels.getByRole("checkbox", { checked: true }).waitFor();
  await page.getByRole("group", { name: /^Formations, \d+ sur \d+$/ }).waitFor();
  await until("as many as were promised", async () => (await total()) === promised);
  assert.ok(promised < all, "it narrows");
  await page.getByText("1\u00a0filtre", { exact: true }).waitFor();
  await tabTo(page, "the way back", () => document.activeElement?.textContent.startsWith("Effacer les filtres"));
  await page.keyboard.press("Enter");
  await until("all of them again", async () => (await total()) === all);
  assert.equal(await focused(page), "searchbox");
});

test("near another commune, and within so many kilometres of it", async () => {
  await openCatalogue();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("cuisine");
  await answered(page, "CAP cuisine");
  const near = page.getByRole("combobox", { name: "Près de" });
  assert.match(await near.inputValue(), /^80\d{3} Amiens$/, "the place of the office, unless said");
  await tabTo(page, "the place", () => document.activeElement?.getAttribute("role") === "combobox");
  await page.keyboard.type("lille");
  await page.getByRole("option", { name: /Lille/ }).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.match(await near.inputValue(), /Lille/);
  await preview(page).getByText(/^\d{5} Lille/).first().waitFor();
  const everywhere = await total();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "10 km" }).waitFor();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await until("fewer of them", async () => (await total()) < everywhere);
  const far = await list(page).getByText(/^\d+(,\d)?\u00a0km$/).allTextContents();
  assert.ok(far.every((km) => parseFloat(km.replace(",", ".")) <= 10), `within ten kilometres: ${far.join(", ")}`);

  await tabTo(page, "the box", () => document.activeElement?.getAttribute("role") === "searchbox");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Nulle-Part-sur-Mer");
  await page.keyboard.press("Enter");
  await page.getByText("Lieu inconnu").waitFor();
  assert.equal(await near.getAttribute("aria-invalid"), "true");
});

test("all of one kind, and back to all kinds", async () => {
  await openCatalogue();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("lycée");
  await answered(page, /lycée/i);
  await page.keyboard.press("ArrowDown");
  const more = list(page).getByRole("option", { name: /^Voir les/ }).first();
  const words = await more.textContent();
  for (let press = 0; press < 12 && !(await standing(page).textContent()).startsWith("Voir les"); press += 1)
    await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Toutes les fiches" }).waitFor();
  const count = Number(words.replace(/\D/g, ""));
  await until("a list of as many", async () =>
    Number(await list(page).getByRole("option").first().getAttribute("aria-setsize")) === count);
  await page.waitForFunction(() => document.activeElement?.ariaLabel !== "Résultats" && document.activeElement?.role === "listbox");
  await page.keyboard.press("End");
  await until("the last of them", async () => Number(await standing(page).getAttribute("aria-posinset")) === count);
  await until("and what it says", async () => (await standing(page).textContent()) !== "Chargement");
  await page.keyboard.press("Escape");
  await list(page).getByRole("option", { name: /^Voir les/ }).first().waitFor();
  await page.waitForFunction(() => document.activeElement?.ariaLabel === "Résultats");
});

test("an answer that comes late is not shown", async () => {
  await openCatalogue();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  let late;
  const came = new Promise((resume) => (late = resume));
  await page.route("**/api/call/catalogue.search", async (route) => {
    const { text } = route.request().postDataJSON();
    if (text !== "boucher") return route.continue();
    const response = await route.fetch();
    await new Promise((resume) => setTimeout(resume, 1_500));
    await route.fulfill({ response });
    return late();
  });
  // Letters that follow each other at once are asked once: the question must be on its way before the next.
  const asked = page.waitForRequest(
    (request) => request.url().endsWith("/catalogue.search") && request.postDataJSON().text === "boucher",
  );
  await page.keyboard.type("boucher");
  await asked;
  await page.keyboard.press("Control+a");
  await page.keyboard.type("fleuriste");
  await answered(page, /fleuriste/i);
  await came;
  await page.waitForTimeout(300);
  assert.match(await list(page).textContent(), /fleuriste/i);
  assert.doesNotMatch(await list(page).textContent(), /boucher/i, "an older question is not answered over a newer one");
  await page.unroute("**/api/call/catalogue.search");
});

test("a word that nobody knows is said, and so is what it was taken for", async () => {
  await openCatalogue();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("zzqqxxw");
  await page.getByText(/^Aucun résultat pour «.zzqqxxw.»\.$/).waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("cuisinne");
  await page.getByText(/^Compris.: cuisinne → /).waitFor();
  await answered(page, "cuisin");
});

test("two programmes side by side, by what differs", async () => {
  await openCatalogue();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("cuisine");
  await answered(page, "CAP cuisine");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("c");
  await page.getByRole("region", { name: "À comparer" }).getByRole("listitem").nth(1).waitFor();
  await page.keyboard.press("v");
  const table = page.getByRole("table");
  await table.waitFor();
  assert.equal(await table.getByRole("columnheader").count(), 2);
  const rows = await table.getByRole("row").count();
  const differing = await table.getByRole("row", { name: /ils diffèrent/ }).count();
  assert.ok(differing > 0 && differing < rows - 1, `${differing} of ${rows} differ`);
  await tabTo(page, "only what differs", () => document.activeElement?.type === "checkbox");
  await page.keyboard.press("Space");
  await until("only those rows", async () => (await table.getByRole("row").count()) === differing + 1);
  await page.keyboard.press("Escape");
  await list(page).waitFor();
});

/** Opens the first enquiry that one may answer and whose answer is not begun. */
async function openEnquiry() {
  await callScreen(page, "Demandes");
  await page.locator("[data-enquiry]").first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Ce qui correspond à la question" }).waitFor();
  const id = await page.locator("[data-enquiry][aria-current]").getAttribute("data-enquiry");
  const answer = page.getByRole("textbox", { name: /^Réponse à/ });
  await answer.waitFor();
  return { id, answer, kept: async () => (await desk.call("drafts.get", { key: `answer:${id}` }))?.text ?? "" };
}

test("what fits a question goes into the answer: from beside it, by ??, and from the catalogue", async () => {
  const { answer, kept } = await openEnquiry();
  const fits = page.getByRole("list", { name: "Ce qui correspond à la question" });
  assert.ok((await fits.getByRole("listitem").count()) > 1);
  assert.match(await fits.textContent(), /«.+»|→/, "which words led there is said");
  await page.keyboard.press("r");
  await page.keyboard.type("Bonjour,");
  await tabTo(page, "a record that fits", () => document.activeElement?.getAttribute("aria-label")?.startsWith("Insérer dans la réponse"));
  const inserted = await page.evaluate(() => document.activeElement.getAttribute("aria-label").split(" : ")[1]);
  await page.keyboard.press("Enter");
  await until("it to stand under what was written", async () => {
    const text = await answer.inputValue();
    return text.startsWith("Bonjour,\n\n") && text.toLowerCase().includes(inserted.toLowerCase());
  });
  await until("the desk to keep it", async () => (await kept()) === (await answer.inputValue()));

  await answer.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("Voyez ??");
  const dialog = page.getByRole("dialog", { name: "Insérer une fiche du catalogue" });
  await dialog.waitFor();
  await dialog.getByRole("option").first().waitFor();
  // Enter before the answer is there: it waits for it.
  await page.keyboard.type("cap cuisine");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await until("it to stand where it was called", async () => (await answer.inputValue()).includes("Voyez CAP cuisine"));
  await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
  await page.keyboard.type(" et dites-nous.");
  assert.match(await answer.inputValue(), /et dites-nous\.$/, "one writes on after it");
  assert.doesNotMatch(await answer.inputValue(), /\?\?/);
  await until("the desk to keep it", async () => (await kept()) === (await answer.inputValue()));

  await tabTo(page, "the catalogue", () => document.activeElement?.textContent === "Chercher dans le catalogue");
  await page.keyboard.press("Enter");
  await page.getByText(/^Pour la demande de/).waitFor();
  await page.keyboard.type("fleuriste");
  await answered(page, /fleuriste/i);
  await preview(page).getByText(/Près de chez|de chez|fleuriste/i).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("i");
  await until("it to be in the draft", async () => /et dites-nous\.\n\n.*fleuriste/is.test(await kept()));
  await tabTo(page, "the way back", () => document.activeElement?.textContent === "Revenir à la demande");
  await page.keyboard.press("Enter");
  await answer.waitFor();
  await until("the answer to have all three", async () => (await answer.inputValue()) === (await kept()));
  assert.match(await answer.inputValue(), /^Bonjour,[\s\S]*Voyez CAP cuisine[\s\S]*fleuriste/i);
});

test("the palette finds records, among the others and alone behind #", async () => {
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Rechercher ou commander" });
  await palette.waitFor();
  await page.keyboard.type("#cap cuisine");
  const lines = palette.getByRole("option");
  await palette.getByRole("group", { name: "Catalogue" }).getByRole("option", { name: /CAP cuisine/ }).first().waitFor();
  assert.equal(await palette.getByRole("group").count(), 1, "nothing but the catalogue");
  // What was found for the first letters stays until all of them are answered.
  await lines.first().filter({ hasText: /^CAP cuisine/ }).waitFor();
  const name = await lines.first().textContent();
  await page.keyboard.press("Enter");
  await sheet(page).getByRole("heading", { level: 2 }).waitFor();
  assert.ok(name.startsWith(await titleOf(sheet(page)).textContent()), name);
  await page.keyboard.press("Control+k");
  await palette.waitFor();
  await page.keyboard.type("cuisine");
  const group = palette.getByRole("group", { name: "Catalogue" });
  await group.getByRole("option").first().waitFor();
  assert.ok((await group.getByRole("option").count()) <= 3, "three at most among the others");
});
