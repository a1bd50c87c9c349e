// The director's settings in the browser: kinds, rooms, travel times and closures, mostly by keyboard alone; and what reception is refused.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { accessible, openPage } from "../parts/browser.mjs";
import { freeCells, nextDay, sent, tabTo } from "../parts/page.mjs";
import { onDirectorsDesk, openSettings } from "../parts/settings.mjs";

const on = onDirectorsDesk("settings");
const { as, notice } = on;
let desk;
let browser;
let page;
let people;
beforeEach(() => {
  ({ desk, browser, page, people } = on);
});

const text = (form, name) => form.getByRole("textbox", { name, exact: true });

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
  await openSettings(page, "Motifs");
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
  await openSettings(page, "Motifs");
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
  await openSettings(page, "Motifs");
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
  await openSettings(page, "Motifs");
  await row("Motifs proposés", /^Bilan/).click();
  assert.equal(await text(form, "Nom").inputValue(), "Bilan approfondi", "the draft is back");
  await form.getByRole("button", { name: "Abandonner" }).click();
  assert.equal(await text(form, "Nom").inputValue(), "Bilan d’orientation", "what the desk has is back");
});

test("a change made meanwhile on the same field is shown, and a person chooses", async () => {
  await openSettings(page, "Motifs");
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
  await notice(/Motif enregistré\s: Accueil allophone/).waitFor();
  const after = (await desk.call("settings.get")).kinds.find((one) => one.key === "allophone");
  assert.equal(after.duration_min, 75, "mine was kept");
});

test("a room is made by keyboard; what is missing is said beside its field", async () => {
  await openSettings(page, "Salles et lieux");
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
  await openSettings(page, "Salles et lieux");
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
  await openSettings(page, "Fermetures");
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

test("a permanence is set by keyboard, seen in the agenda, left out on one day, and each is taken back", async () => {
  await openSettings(page, "Permanences");
  const week = page.getByRole("grid", { name: /^Permanences, semaine du/ });
  await week.waitFor();
  await page.keyboard.press("n");
  const form = page.getByRole("form", { name: "Nouvelle permanence" });
  await form.getByText("Les prochaines dates").waitFor();
  await form.getByText(/lundi 30 novembre 2026, 8\sh\s30 – 12\sh\s30/).waitFor();
  await accessible(page, "a new permanence");
  await tabToField("À");
  await retype("8:00");
  await page.keyboard.press("Control+Enter");
  await form.getByText("La fin vient avant le début.").waitFor();
  await focusIn("À");
  await retype("11:00");
  // Who is booked in those hours stays, and is named before anything is saved.
  await form.getByText(/touchés?\./).waitFor();
  await form.getByText(/lundi 30 novembre 2026, 8\sh\s30 – 11\sh/).waitFor();
  await page.keyboard.press("Control+Enter");
  await notice(/^Permanence posée\s: Mme Dupont, CIO d’Amiens/).waitFor();
  const held = async (date) => {
    const { columns } = await desk.call("agenda.day", { date });
    return columns.find((one) => one.name === "Mme Dupont").open.filter((one) => one.duty && !one.school);
  };
  assert.deepEqual(
    (await held("2026-11-30")).map((one) => [one.from_min, one.to_min]),
    [[510, 660]],
    "in the agenda of each Monday",
  );
  const cell = week.getByRole("gridcell", { name: /^CIO d’Amiens, lundi 23 novembre, matin/ });
  await cell.getByText(/Mme Dupont, 8:30–11:00/).waitFor();

  // One Monday without it.
  await tabTo(page, "the week", () => document.activeElement?.dataset.cell !== undefined);
  await page.keyboard.press("PageDown");
  await page.getByRole("grid", { name: /lundi 30 novembre/ }).waitFor();
  await page.waitForFunction(() => document.activeElement?.dataset.cell !== undefined);
  for (let press = 0; press < 20; press += 1) {
    if (/CIO d’Amiens, lundi 30.*matin : Mme Dupont/.test(await page.evaluate(() => document.activeElement.textContent))) break;
    await page.keyboard.press(press % 2 === 0 ? "ArrowLeft" : "ArrowUp");
  }
  await page.keyboard.press("Enter");
  await page.getByRole("form", { name: "Permanence de Mme Dupont" }).waitFor();
  await tabTo(page, "that day alone", () => /^Seulement\slundi\s30/.test(document.activeElement?.textContent ?? ""));
  await page.keyboard.press("Enter");
  await notice(/^Pas de permanence lundi 30 novembre\s: Mme Dupont/).waitFor();
  assert.deepEqual(await held("2026-11-30"), []);
  assert.equal((await held("2026-12-07")).length, 1, "the others stay");
  await page.keyboard.press("Control+z");
  await notice(/^Annulé\s: réglages modifiés/).waitFor();
  assert.equal((await held("2026-11-30")).length, 1, "back");
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => !document.body.textContent.includes("8:30–11:00"));
  assert.deepEqual(await held("2026-12-07"), [], "as it was before");
});

test("the hours and delays of the office are changed by keyboard, and what cannot be is said beside its field", async () => {
  await openSettings(page, "Le centre");
  const form = page.getByRole("form", { name: "Le centre" });
  const { office: before } = await desk.call("settings.get");
  const saturday = form.getByRole("group", { name: "Heures du samedi" });
  await saturday.getByText("fermé").waitFor();
  await tabTo(page, "Saturday", () => document.activeElement?.ariaLabel === "Ajouter une plage le samedi");
  await page.keyboard.press("Enter");
  const from = saturday.getByRole("textbox", { name: "samedi, plage 1, de" });
  await from.focus();
  await retype("25h");
  await page.keyboard.press("Control+Enter");
  await form.getByText(/Écrivez une heure/).waitFor();
  await page.waitForFunction(() => document.activeElement?.ariaInvalid === "true" || document.activeElement?.hasAttribute("aria-invalid"));
  assert.deepEqual((await desk.call("settings.get")).office.hours, before.hours, "nothing is saved");
  await retype("9h");
  await tabToField("Tchat");
  await retype("3 h");
  await tabToField("Un créneau proposé");
  await retype("2 jours");
  await form.getByText(/il est rendu mercredi à 10\sh/).waitFor();
  await page.getByRole("navigation", { name: "Réglages" }).getByText("non enregistré").waitFor();
  await page.keyboard.press("Control+Enter");
  await notice("Centre enregistré").waitFor();
  const { office } = await desk.call("settings.get");
  assert.deepEqual([office.answer_within_min.chat, office.hold_min], [180, 2 * 1440]);
  assert.equal(office.hours.filter((one) => one.weekday === 5)[0].from.slice(0, 5), "09:00");
  // In a field, Ctrl Z is of the field: the notice has the way back.
  await tabTo(page, "the way back", () => document.activeElement?.textContent.startsWith("Annuler") === true);
  await page.keyboard.press("Enter");
  await notice(/^Annulé\s: réglages modifiés/).waitFor();
  assert.deepEqual((await desk.call("settings.get")).office, before, "as it was before");
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
        await openSettings(own, label);
        await own.getByRole("heading", { level: 2 }).first().waitFor();
        await accessible(own, `${label}, ${theme}`);
      }
      assert.deepEqual(own.complaints, [], "errors of the page");
    } finally {
      await own.context().close();
    }
  });
}
