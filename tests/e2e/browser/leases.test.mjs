// How sure a meeting is, in words, at two desks that book the same place offline: the reception holds the day, and its word
// holds. And the director who takes a day back.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { closePages, heardOfLeases, lay, openPages, picture, takeUp } from "../parts/pair.mjs";
import { temporaryFolder, until } from "../parts/processes.mjs";

/** Longer than a desk's patience after a few failures. */
const BACK = { timeout: 60_000 };

let place;
let central;
let browser;
/** The reception and another desk, each with its wire and its page. */
let reception;
let other;

before(async () => {
  place = await temporaryFolder("leases");
  central = await Central.start(place.folder, { clock: new Clock() });
  reception = await lay(central, place.folder, "reception");
  other = await lay(central, place.folder, "other");
  const { desk: id } = await reception.desk.run("status");
  await central.reception(id);
  await heardOfLeases([reception, other]);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await takeUp([reception, other]);
  await central?.stop();
  await place?.remove();
});

beforeEach(async () => {
  for (const { wire } of [reception, other]) wire.mend();
  await openPages(browser, [reception, other]);
});

afterEach(() => closePages([reception, other]));

test("what the reception books offline is guaranteed, what another desk books there is not, and has to give way", async () => {
  const { kinds } = (await reception.desk.call("session.get")).office;
  const { slots } = await reception.desk.call("agenda.next", { kind: kinds[0].id, limit: 6 });
  const wanted = { kind: kinds[0], slot: slots.at(-1) };
  const day = (await reception.desk.call("agenda.day", { date: wanted.slot.local.slice(0, 10) })).date;
  assert.ok(
    (await reception.desk.call("leases.list")).leases.some((one) => one.date === day),
    "the reception holds that day",
  );
  reception.wire.cut();
  other.wire.cut();
  const kept = await reception.desk.book(wanted, "Garantie");
  const open = await other.desk.book(wanted, "Réservée");
  assert.equal(kept.standing, "guaranteed");
  assert.equal(open.standing, "reserved");
  const legend = (page) => page.getByRole("list", { name: "Légende des états" });
  for (const [{ page }, word] of [
    [reception, "Garanti"],
    [other, "Sous réserve"],
  ]) {
    await page.keyboard.press("g");
    await page.keyboard.type(`${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`);
    await page.keyboard.press("Enter");
    const block = page.getByText(/Garantie|Réservée/).first();
    await block.waitFor();
    await legend(page).getByText(word).waitFor();
    const cell = page.getByRole("gridcell", { name: new RegExp(`${word.toLowerCase()}, à envoyer`) });
    await cell.first().waitFor();
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await accessible(page, `agenda, ${word}, ${colorScheme}`);
      await picture(page, `agenda-${word}-${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.getByRole("navigation").getByRole("button", { name: /Conflits/ }).click();
    await page.getByRole("complementary").getByText(word).first().waitFor();
    await picture(page, `a-envoyer-${word}`);
  }

  reception.wire.mend();
  await reception.desk.call("sync.now");
  other.wire.mend();
  await other.desk.call("sync.now");
  const get = ({ desk }, { id }) => desk.call("appointments.get", { id });
  await until("central's word", async () => (await get(reception, kept)).standing === "confirmed", { within: 60_000 });
  await until("the refusal", async () => (await other.desk.call("status.get")).conflicts === 1, { within: 60_000 });
  const [conflict] = await other.desk.call("conflicts.list");
  assert.equal(conflict.mine.appointment.standing, "to_replace");
  assert.ok(conflict.same_person.length > 0, "with other places");
  await accessible(other.page, "a meeting to be placed elsewhere");
  await picture(other.page, "a-replacer");
  await other.page.getByRole("navigation").getByRole("button", { name: /Agenda/ }).click();
  await other.page.getByText("À replacer").first().waitFor(BACK);
  await picture(other.page, "agenda-a-replacer");
});

test("the director takes a day back, and is told before what may happen", async () => {
  const { page, desk } = other;
  const { people } = await desk.call("session.get");
  await desk.call("session.use", { person: people.find((one) => one.role === "director").id });
  await page.reload();
  await page.getByRole("navigation").getByRole("button", { name: /Conflits/ }).click();
  const held = page.getByRole("complementary");
  await held.getByText("Jours gardés").waitFor();
  const days = new Set((await desk.call("leases.list")).leases.map((one) => one.date)).size;
  const buttons = held.getByRole("button", { name: /Reprendre/ });
  assert.equal(await buttons.count(), days, "a button a day");
  await picture(page, "jours-gardes");
  // By the keyboard alone.
  await buttons.last().focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/à replacer/).waitFor();
  await accessible(page, "the question");
  await picture(page, "jours-gardes-question");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await buttons.count(), days, "nothing has happened");
  await buttons.last().click();
  await dialog.getByRole("button", { name: "Reprendre", exact: true }).click();
  await until("the day is nobody's", async () => (await buttons.count()) === days - 1);
  await accessible(page, "the days that are left");
  await reception.desk.call("sync.now");
  const left = (await reception.desk.call("leases.list")).leases;
  assert.equal(new Set(left.map((one) => one.date)).size, days - 1, "the reception knows");
});
