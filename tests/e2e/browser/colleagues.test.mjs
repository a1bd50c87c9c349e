// The line to the service is cut, and two desks of the office keep one agenda by the office's own network: each sees what
// the other does, and what is promised holds when the line is there again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, openBrowser } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { closePages, heardOfLeases, lay, openPages, picture, takeUp } from "../parts/pair.mjs";
import { freePort, temporaryFolder, until } from "../parts/processes.mjs";

let place;
let central;
let browser;
/** The reception, which hears the others, and another desk. */
let reception;
let other;

before(async () => {
  place = await temporaryFolder("colleagues");
  central = await Central.start(place.folder, { clock: new Clock() });
  reception = await lay(central, place.folder, "reception");
  other = await lay(central, place.folder, "other");
  const { desk: id } = await reception.desk.run("status");
  await central.reception(id);
  await reception.desk.run("network", "--listen", String(await freePort()));
  const { desks } = await other.desk.run("network");
  assert.equal(desks.filter((one) => one.reception && one.listens?.length > 0).length, 1, "the reception is known");
  await heardOfLeases([reception, other]);
  browser = await openBrowser();
  await openPages(browser, [reception, other]);
});

after(async () => {
  await closePages([reception, other]);
  await browser?.close();
  await takeUp([reception, other]);
  await central?.stop();
  await place?.remove();
});

async function go({ page }, day) {
  await page.keyboard.press("g");
  await page.keyboard.type(`${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`);
  await page.keyboard.press("Enter");
}

test("without the service two desks see one agenda, and what they promised is confirmed when it is back", async () => {
  const { kinds } = (await reception.desk.call("session.get")).office;
  const { slots } = await reception.desk.call("agenda.next", { kind: kinds[0].id, limit: 6 });
  const [first, second] = slots.slice(-2).map((slot) => ({ kind: kinds[0], slot }));
  const day = first.slot.local.slice(0, 10);
  reception.wire.cut();
  other.wire.cut();
  for (const { desk } of [reception, other]) await desk.call("sync.now").catch(() => undefined);

  const here = await reception.desk.book(first, "Comptoir");
  await go(other, day);
  // What a colleague does comes by itself, as it does with the service.
  await other.page.getByText(/Comptoir/).first().waitFor({ timeout: 30_000 });
  await other.page.getByText("Entre 2 postes du CIO").first().waitFor({ timeout: 30_000 });
  const there = await other.desk.book(second, "Bureau");
  await go(reception, second.slot.local.slice(0, 10));
  await reception.page.getByText(/Bureau/).first().waitFor({ timeout: 30_000 });
  await reception.page.getByText("Entre 2 postes du CIO").first().waitFor({ timeout: 30_000 });
  const get = ({ desk }, { id }) => desk.call("appointments.get", { id });
  await until("the reception's word", async () => (await get(other, there)).standing === "guaranteed", { within: 30_000 });
  assert.equal((await get(other, here)).standing, "guaranteed");
  const taken = await other.desk.book(first, "Trop tard").then(
    () => undefined,
    (error) => error.answer,
  );
  assert.equal(taken?.code, "slot_taken", "nobody is booked twice");
  assert.ok(taken.params.alternatives.length > 0, "with other places");

  for (const [one, name] of [
    [reception, "reception"],
    [other, "other"],
  ]) {
    for (const colorScheme of ["light", "dark"]) {
      await one.page.emulateMedia({ colorScheme });
      await accessible(one.page, `agenda by the office's own network, ${name}, ${colorScheme}`);
      await picture(one.page, `agenda-entre-postes-${name}-${colorScheme}`);
    }
    await one.page.emulateMedia({ colorScheme: "light" });
  }
  await other.page.getByRole("navigation").getByRole("button", { name: /Conflits/ }).click();
  await other.page.getByText(/L’agenda est tenu entre 2 postes/).waitFor();
  await accessible(other.page, "what waits, by the office's own network");
  await picture(other.page, "a-envoyer-entre-postes");

  // The one that holds nothing comes back first.
  other.wire.mend();
  await other.desk.call("sync.now");
  await until("central's word", async () => (await get(other, there)).standing === "confirmed", { within: 60_000 });
  reception.wire.mend();
  await reception.desk.call("sync.now");
  for (const desk of [reception, other]) {
    for (const meeting of [here, there]) {
      await until("central's word", async () => (await get(desk, meeting)).standing === "confirmed", { within: 60_000 });
    }
    assert.deepEqual(await desk.desk.call("conflicts.list"), []);
  }
  await other.page.getByText("En ligne").first().waitFor({ timeout: 30_000 });
});
