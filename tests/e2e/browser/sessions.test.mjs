// Meetings of two counsellors and group sessions by keyboard alone: the built page, a real desk, a real central.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { nextDay, tabTo } from "../parts/page.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

/** The day after the Monday on which the tests are. */
const TUESDAY = "2026-11-24";

let place;
let central;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("sessions");
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
  await nextDay(page);
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

const kindOf = async (words) => {
  const { office } = await desk.call("session.get");
  const kind = office.kinds.find((one) => one.name.startsWith(words));
  assert.ok(kind, `a kind named ${words}…`);
  return kind;
};

/** A place on Tuesday at which two are free for an interview. */
async function freeForTwo() {
  const kind = await kindOf("Entretien");
  const { columns } = await desk.call("agenda.day", { date: TUESDAY });
  const people = columns.filter((column) => column.kind === "counsellor");
  for (const second of people) {
    const { slots } = await desk.call("agenda.next", { kind: kind.id, second: second.id, from: TUESDAY, days: 0 });
    const slot = slots.find((one) => one.site_name === null);
    if (slot !== undefined) return { kind, slot, second };
  }
  throw new Error("nobody is free with a colleague on Tuesday");
}

/** Walks the grid by its arrows to somebody's hour. */
async function walkTo(column, local) {
  const minute = Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
  await tabTo(page, "the grid", () => document.activeElement?.closest('[role="grid"]') !== null);
  for (let press = 0; press < 150; press += 1) {
    const at = await page.evaluate(() => {
      // Meetings side by side have their place on themselves; the cell that they share has none.
      const at = document.activeElement?.closest("[data-row]");
      const cell = document.activeElement?.closest("td");
      const head = document.querySelector('[role="grid"] tbody th')?.textContent ?? "0:0";
      const [hours, minutes] = head.split(":").map(Number);
      return {
        column: Number(at?.dataset.column),
        from: hours * 60 + minutes + Number(at?.dataset.row) * 15,
        span: (cell?.rowSpan ?? 1) * 15,
      };
    });
    if (at.column < column) await page.keyboard.press("ArrowRight");
    else if (at.column > column) await page.keyboard.press("ArrowLeft");
    else if (at.from + at.span <= minute) await page.keyboard.press("ArrowDown");
    else if (at.from > minute) await page.keyboard.press("ArrowUp");
    else return;
  }
  throw new Error(`column ${column} at ${local} was not reached by the arrows`);
}

const columnOf = async (id) => {
  const { columns } = await desk.call("agenda.day", { date: TUESDAY });
  return columns.findIndex((column) => column.id === id);
};

const inNameField = () =>
  page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");

/** Takes the first person found by what is typed. */
async function choose(words) {
  await inNameField();
  await page.keyboard.type(words);
  await page.getByRole("option", { name: new RegExp(words, "i") }).first().waitFor();
  await page.keyboard.press("Enter");
}

/** Opens a list by its label and takes the line that begins so. */
async function select(label, line) {
  await tabTo(
    page,
    label,
    (wanted) => document.activeElement?.closest("div")?.querySelector("span")?.textContent === wanted &&
      document.activeElement?.getAttribute("aria-haspopup") === "listbox",
    label,
  );
  await page.keyboard.press("Enter");
  await page.getByRole("listbox").waitFor();
  await page.keyboard.type(line.slice(0, 8));
  await page.waitForFunction(
    (wanted) => document.activeElement?.textContent?.startsWith(wanted) ?? false,
    line,
  );
  await page.keyboard.press("Enter");
}

/** Tabs to a button by its words, and presses it. */
async function press(words) {
  await tabTo(page, words, (wanted) => document.activeElement?.textContent?.startsWith(wanted) ?? false, words);
  await page.keyboard.press("Enter");
}

test("two counsellors are booked together, stand in both columns, and are refused and overruled with a reason", async () => {
  const { slot, second } = await freeForTwo();
  const { blocks: earlier } = await desk.call("agenda.day", { date: TUESDAY });
  await walkTo(await columnOf(slot.counsellor.id), slot.local);
  await page.keyboard.press("Enter");
  await choose("verhaeghe");
  await press("À deux conseillers");
  await select("Avec aussi", second.name);
  await page.getByText(`et ${second.name}`).first().waitFor();
  assert.equal(await page.locator('[data-block="draft"]').count(), 2, "the chosen place shows in both columns");
  await page.keyboard.press("Control+Enter");
  await page.getByText(/Rendez-vous posé/).first().waitFor();
  // Others of that name come on that day too.
  const { blocks, columns } = await desk.call("agenda.day", { date: TUESDAY });
  const made = blocks.find((block) => !earlier.some(({ id }) => id === block.id));
  const both = page.locator(`[data-block="${made.id}"]`, { hasText: "Verhaeghe" });
  await both.first().waitFor();
  const ids = await both.evaluateAll((drawn) => drawn.map((block) => block.dataset.block));
  assert.equal(ids.length, 2, "a block in each of the two columns");
  assert.match(await both.first().textContent(), /avec (M\.|Mme) /);

  // Somebody else at the same hour, with one of the two: refused, with what is free; then taken with a reason.
  assert.equal(made.second.id, second.id);
  const colleague = columns.find(
    (column) =>
      column.kind === "counsellor" &&
      ![made.counsellor.id, made.second.id].includes(column.id) &&
      !blocks.some(
        (block) =>
          block.counsellor.id === column.id && block.from_min < made.to_min && made.from_min < block.to_min,
      ) &&
      column.open.some((open) => !open.school && open.from_min <= made.from_min && made.to_min <= open.to_min),
  );
  assert.ok(colleague, "a third counsellor who is free then");
  await walkTo(await columnOf(colleague.id), slot.local);
  await page.keyboard.press("Enter");
  await choose("benali");
  await press("À deux conseillers");
  await select("Avec aussi", second.name);
  const refusal = page.getByRole("alert").filter({ hasText: `${second.name} reçoit déjà` });
  await refusal.waitFor();
  const offered = refusal.getByRole("group", { name: "Créneaux libres les plus proches" }).getByRole("button");
  assert.ok((await offered.count()) >= 3, "three places are offered instead");
  await press("Poser quand même…");
  await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
  await page.keyboard.press("Enter");
  await page.getByText(/Dites pourquoi/).waitFor();
  await accessible(page, "a refused place and the reason, light");
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "a refused place and the reason, dark");
  await page.emulateMedia({ colorScheme: "light" });
  await page.keyboard.type("Fratrie reçue ensemble");
  await page.keyboard.press("Enter");
  await page.getByText(/Rendez-vous posé/).first().waitFor();
  // The notice of the first booking may still be there: the mark is of this one.
  await page.locator("[data-forced]").first().waitFor();
  const after = await desk.call("agenda.day", { date: TUESDAY });
  const forced = after.blocks.find((block) => block.override_reason !== null);
  assert.equal(forced?.override_reason, "Fratrie reçue ensemble", "the reason is kept with the meeting");
  // It is marked where it stands, and says why in its panel.
  await page.locator(`[data-block="${forced.id}"] [data-forced]`).first().waitFor();
  await page.waitForFunction((id) => document.activeElement?.dataset.block === id, forced.id);
  await page.keyboard.press("Enter");
  const reason = page.getByRole("dialog").getByRole("definition").filter({ hasText: "Fratrie reçue ensemble" });
  await reason.waitFor();
  await page.keyboard.press("Escape");
  const { history } = await desk.call("appointments.get", { id: forced.id });
  assert.ok(history.some((line) => line.what === "overridden" && line.reason === "Fratrie reçue ensemble"));
});

test("a session is planned, filled, moved and cancelled, with the list of whom to call, and stands again", async () => {
  const workshop = await kindOf("Atelier");
  const { slots } = await desk.call("agenda.next", { kind: workshop.id, from: TUESDAY, days: 0, limit: 100 });
  const slot = slots.find((one) => one.seats === null);
  assert.ok(slot, "a free hour for a workshop on Tuesday");
  const column = await columnOf(slot.counsellor.id);
  // Nobody whom the day has elsewhere: what is refused below is refused for its own reason.
  for (const [family_name, phone] of [["Quenneville", "06 39 98 70 01"], ["Wattebled", "06 39 98 70 02"]])
    await desk.call("clients.save", { guardians: [], family_name, given_name: "Albane", phone });
  await walkTo(column, slot.local);
  await page.keyboard.press("Enter");
  await inNameField();
  await select("Motif", workshop.name);
  await page.getByRole("dialog", { name: "Planifier une séance" }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText(/Séance planifiée/).first().waitFor();
  const block = page.locator("[data-people]", { hasText: "12 places sur 12" });
  await block.first().waitFor();
  assert.equal(await block.count(), 2, "in the column of the counsellor and in that of the room");

  await walkTo(column, slot.local);
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: workshop.name });
  await choose("quenneville");
  await page.getByText(/Inscription notée/).first().waitFor();
  await panel.getByText("11 places sur 12").waitFor();
  await choose("wattebled");
  await panel.getByText("10 places sur 12").waitFor();
  // The same person once more: said at once, and no confirmation is offered that would help nothing.
  await choose("wattebled");
  await panel.getByRole("alert").filter({ hasText: "Albane Wattebled a déjà sa place dans cette séance" }).waitFor();
  assert.equal(await panel.getByRole("button", { name: /quand même/ }).count(), 0);
  await accessible(page, "a session, light");
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "a session, dark");
  await page.emulateMedia({ colorScheme: "light" });
  assert.equal(await panel.getByRole("list", { name: "Inscrits" }).getByRole("listitem").count(), 2);

  // One is excused by one key: the seat is free at once.
  await tabTo(page, "the first participant", () => document.activeElement?.closest("ul[aria-label='Inscrits']") !== null);
  await page.keyboard.press("e");
  await panel.getByText("11 places sur 12").waitFor();

  // The whole session goes to a colleague's free hour.
  const planned = (await desk.call("agenda.day", { date: TUESDAY })).blocks;
  const key = planned.find((one) => !one.seat && one.kind.id === workshop.id && one.counsellor.id === slot.counsellor.id)?.session;
  assert.ok(key, "the session has a name");
  const { slots: later } = await desk.call("agenda.next", { kind: workshop.id, from: TUESDAY, days: 0, limit: 100 });
  const free = later.find((one) => one.seats === null && one.counsellor.id !== slot.counsellor.id);
  assert.ok(free, "another free hour for a workshop on Tuesday");
  await page.keyboard.press("x");
  await page.getByText(/allez à un créneau libre/).first().waitFor();
  await walkTo(await columnOf(free.counsellor.id), free.local);
  await page.keyboard.press("v");
  await page.getByText(/Séance déplacée/).first().waitFor();
  const moved = (await desk.call("agenda.day", { date: TUESDAY })).blocks.filter((one) => one.session === key);
  const there = moved.filter((one) => one.counsellor.id === free.counsellor.id && one.start === free.start);
  assert.deepEqual(
    there.map((one) => [one.seat, one.status]).sort(),
    [
      [false, "booked"],
      [true, "booked"],
    ],
    "the session and who is still expected have moved together",
  );

  await walkTo(await columnOf(free.counsellor.id), free.local);
  await page.keyboard.press("Enter");
  await panel.waitFor();
  await press("Annuler la séance…");
  const dialog = page.getByRole("dialog", { name: "Annuler cette séance ?" });
  await dialog.waitFor();
  await page.waitForFunction(() => document.activeElement?.labels?.[0]?.textContent === "Motif");
  await page.keyboard.type("Salle indisponible");
  await page.keyboard.press("Enter");
  const calls = page.getByRole("dialog", { name: "Séance annulée : à prévenir" });
  await calls.waitFor();
  assert.equal(await calls.getByRole("listitem").count(), 1, "who was still expected is to be called");
  await calls.getByText(/06.39.98.70.0\d/).waitFor();
  await accessible(page, "whom to call");
  await page.keyboard.press("Escape");
  await calls.waitFor({ state: "hidden" });
  // Taken back: the session stands again, with who was in it.
  await page.keyboard.press("Control+z");
  await page.locator("[data-people]", { hasText: "11 places sur 12" }).first().waitFor();
  const again = (await desk.call("agenda.day", { date: TUESDAY })).blocks.filter((one) => one.session === key);
  assert.equal(again.filter((one) => one.status === "booked").length, 2, "the session and who was expected");
});
