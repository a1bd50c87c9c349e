// The director's settings in the browser: kinds, rooms, travel times and closures, mostly by keyboard alone; and what reception is refused.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { callScreen, freeCells, nextDay, sent, tabTo } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

let place;
let central;
let desk;
let browser;
let page;
let people;

const as = (role) => desk.call("session.use", { person: people.find((one) => one.role === role).id });

before(async () => {
  place = await temporaryFolder("settings");
  central = await Central.start(place.folder, { clock: new Clock() });
  desk = await (await Desk.enrol(central, path.join(place.folder, "desk"))).open();
  browser = await openBrowser();
  ({ people } = await desk.call("session.get"));
});

after(async () => {
  await browser?.close();
  await desk?.close();
  await central?.stop();
  await place?.remove();
});

beforeEach(async () => {
  await as("director");
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

const notice = (words) => page.getByRole("region", { name: "Ce qui vient d’être fait" }).getByText(words).first();
const text = (form, name) => form.getByRole("textbox", { name, exact: true });

/** Opens a page of the settings by keyboard. */
async function openSettings(label, on = page) {
  await callScreen(on, "Réglages");
  const entry = on.getByRole("navigation", { name: "Réglages" }).getByRole("button", { name: new RegExp(`^${label}`) });
  await entry.waitFor();
  await entry.focus();
  await on.keyboard.press("Enter");
  await on.locator(`[aria-current="page"]`, { hasText: label }).waitFor();
}

/** Types over the field that has the focus. */
async function retype(words) {
  await page.keyboard.press("Control+a");
  await page.keyboard.type(words);
}

/** Waits until the focus stands in a field of that label. */
const focusIn = (label) =>
  page.waitForFunction(
    (wanted) => document.activeElement?.labels?.[0]?.textContent.trim().startsWith(wanted) === true,
    label,
  );

const tabToField = (label) =>
  tabTo(
    page,
    label,
    (wanted) => document.activeElement?.labels?.[0]?.textContent.trim().startsWith(wanted) === true,
    label,
  );

const row = (list, name) => page.getByRole("grid", { name: list }).getByRole("row", { name });

test("a kind's length is changed by keyboard alone, and the booking panel knows it", async () => {
  await openSettings("Motifs");
  await tabTo(page, "the list of kinds", () => document.activeElement?.getAttribute("role") === "row");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await focusIn("Nom");
  await tabToField("Durée");
  await retype("1 siècle");
  await page.keyboard.press("Control+Enter");
  await page.getByText(/Écrivez une durée/).waitFor();
  await focusIn("Durée");
  await retype("50 min");
  await page.getByRole("navigation", { name: "Réglages" }).getByText("non enregistré").waitFor();
  await page.keyboard.press("Control+Enter");
  await notice("Motif enregistré : Entretien d’orientation").waitFor();
  await row("Motifs proposés", /^Entretien d’orientation, 50 min/).waitFor();

  await page.keyboard.press("Control+k");
  await page.keyboard.type(">ouvrir agenda");
  await page.getByRole("option", { name: "Ouvrir Agenda", selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("grid").waitFor();
  await nextDay(page);
  await freeCells(page).first().click();
  const panel = page.getByRole("dialog", { name: "Poser un rendez-vous" });
  await panel.getByRole("button", { name: /50 min/ }).first().waitFor();
});

test("kinds change places by keyboard, and the change is taken back", async () => {
  await openSettings("Motifs");
  const names = async () =>
    (await desk.call("settings.get")).kinds.filter((kind) => kind.active).map((kind) => kind.name);
  const before = await names();
  await tabTo(page, "the list of kinds", () => document.activeElement?.getAttribute("role") === "row");
  await page.keyboard.press("Home");
  await page.keyboard.press("Alt+ArrowDown");
  await notice(/Ordre enregistré\s: .*2e sur/).waitFor();
  assert.deepEqual((await names()).slice(0, 2), [before[1], before[0]], "the first kind went down by one");
  await page.keyboard.press("Control+z");
  await notice(/^Annulé\s: réglages modifiés/).waitFor();
  assert.deepEqual(await names(), before, "taken back");
});

test("what was begun is there after the page was lost, and can be given up", async () => {
  await openSettings("Motifs");
  await row("Motifs proposés", /^Bilan/).click();
  const form = page.getByRole("form", { name: /^Motif Bilan/ });
  await text(form, "Nom").fill("Bilan approfondi");
  await form.getByText("Modifié, brouillon gardé").waitFor();
  await page.waitForFunction(
    async (user) => {
      const answer = await fetch("/api/call/drafts.get", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ key: `settings:${user}` }),
      });
      return ((await answer.json())?.text ?? "").includes("Bilan approfondi");
    },
    people.find((one) => one.role === "director").id,
  );
  await page.reload();
  await page.getByRole("grid").waitFor();
  await openSettings("Motifs");
  await row("Motifs proposés", /^Bilan/).click();
  assert.equal(await text(form, "Nom").inputValue(), "Bilan approfondi", "the draft is back");
  await form.getByRole("button", { name: "Abandonner" }).click();
  assert.equal(await text(form, "Nom").inputValue(), "Bilan d’orientation", "what the desk has is back");
});

test("a change made meanwhile on the same field is shown, and a person chooses", async () => {
  await openSettings("Motifs");
  await row("Motifs proposés", /^Accueil allophone/).click();
  const form = page.getByRole("form", { name: /^Motif Accueil/ });
  await text(form, "Durée").fill("1 h 15");
  const { kinds } = await desk.call("settings.get");
  const kind = kinds.find((one) => one.key === "allophone");
  await desk.call("settings.save", {
    changes: [{ seen: { entity: "kind", doc: kind }, to: { entity: "kind", doc: { ...kind, duration_min: 90 } } }],
  });
  await form.getByText("Changé entre-temps sur un autre poste.").waitFor();
  await form.getByText("vous : 1 h 15").waitFor();
  await accessible(page, "a clash");
  await form.getByRole("button", { name: "Garder la mienne" }).click();
  await form.getByRole("button", { name: /^Enregistrer/ }).click();
  await notice(/Motif enregistré : Accueil allophone/).waitFor();
  const after = (await desk.call("settings.get")).kinds.find((one) => one.key === "allophone");
  assert.equal(after.duration_min, 75, "mine was kept");
});

test("a room is made by keyboard; what is missing is said beside its field", async () => {
  await openSettings("Salles et lieux");
  await page.keyboard.press("n");
  const form = page.getByRole("form", { name: "Nouvelle salle" });
  await focusIn("Nom");
  await page.keyboard.press("Control+Enter");
  await form.getByText("Donnez-lui un nom.").waitFor();
  await focusIn("Nom");
  await retype("Salle B");
  await tabToField("Places");
  await retype("8");
  await page.keyboard.press("Control+Enter");
  await notice("Salle créée : Salle B").waitFor();
  await row("Lieux et salles", /^Salle B/).waitFor();
  const room = (await desk.call("settings.get")).rooms.find((one) => one.name === "Salle B");
  assert.equal(room.seats, 8, "the seats that were typed");
});

test("the way between two sites is written in one cell and holds both ways", async () => {
  await openSettings("Salles et lieux");
  const cell = page.getByRole("textbox", { name: /^De Antenne d’Amiens-Nord à CIO d’Amiens/ });
  await cell.fill("12");
  await cell.press("Enter");
  await notice("Temps de trajet enregistrés").waitFor();
  const { office } = await desk.call("settings.get");
  assert.deepEqual(
    office.travel.map((one) => one.minutes),
    [12],
    "one time for both ways",
  );
});

test("a day is closed by keyboard, with what becomes of each meeting of that day", async () => {
  await openSettings("Fermetures");
  await tabTo(page, "the calendar", () => document.activeElement?.hasAttribute("data-day") === true);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const chosen = page.getByRole("complementary", { name: "Jours choisis" });
  await chosen.getByRole("heading", { name: "Mercredi 25 novembre 2026" }).waitFor();
  await chosen.getByText(/rendez-vous sont posés ces jours-là/).waitFor();
  await page.keyboard.press("f");
  const replan = page.getByRole("region", { name: "Rendez-vous touchés" });
  await replan.waitFor();
  await accessible(page, "meetings to re-plan");
  const save = replan.getByRole("button", { name: "Fermer et replanifier" });
  // Nothing is closed while one of them has no decision.
  await save.focus();
  await page.keyboard.press("Enter");
  await replan.getByText("Dites ce qu’il devient.").first().waitFor();
  const all = replan.getByRole("button", { name: "Déplacer tous ceux qui restent" });
  await all.focus();
  await page.keyboard.press("Enter");
  for (;;) {
    const left = replan.locator("[data-missing]");
    if ((await left.count()) === 0) break;
    const keep = left.first().getByRole("button", { name: "Garder" });
    await keep.focus();
    await page.keyboard.press("Enter");
  }
  await replan.getByText(/tous décidés/).waitFor();
  await save.focus();
  await page.keyboard.press("Enter");
  await notice(/^Fermé mercredi 25 novembre 2026/).waitFor();
  await page.locator('[data-day="2026-11-25"]').getByText(/fermé/).waitFor();
  const day = await desk.call("agenda.day", { date: "2026-11-25" });
  assert.notEqual(day.closed, null, "the agenda knows it");

  await page.locator('[data-day="2026-11-25"]').focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("r");
  await notice("Rouvert mercredi 25 novembre 2026").waitFor();
});

test("reception is not offered the settings, and the desk refuses them", async () => {
  await sent(desk);
  await as("receptionist");
  await page.reload();
  await page.getByRole("grid").waitFor();
  const entries = page.getByRole("navigation", { name: "Principal" });
  await entries.getByRole("button", { name: "Agenda" }).waitFor();
  assert.equal(await entries.getByRole("button", { name: "Réglages" }).count(), 0, "no entry");
  const refused = async (name, args) => {
    const error = await desk.call(name, args).then(
      () => null,
      (thrown) => thrown.answer,
    );
    assert.equal(error?.code, "not_allowed", `${name} answers reception with ${JSON.stringify(error)}`);
  };
  await refused("settings.get");
  await refused("settings.usage");
  const room = { id: crypto.randomUUID(), site: crypto.randomUUID(), name: "X", kind: "x", rank: 0, seats: 1 };
  await refused("settings.save", { changes: [{ to: { entity: "room", doc: room } }] });
});

for (const theme of ["light", "dark"]) {
  test(`each page is accessible, ${theme}`, async () => {
    const own = await openPage(browser, desk, { theme });
    try {
      await own.getByRole("grid").waitFor();
      for (const label of ["Motifs", "Salles et lieux", "Fermetures", "Permanences", "Le centre"]) {
        await openSettings(label, own);
        await own.getByRole("heading", { level: 2 }).first().waitFor();
        await accessible(own, `${label}, ${theme}`);
      }
      assert.deepEqual(own.complaints, [], "errors of the page");
    } finally {
      await own.context().close();
    }
  });
}
