// The network goes and comes back: work goes on, everything is sent once, and what somebody else got meanwhile comes
// back as a conflict with other slots.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { enquiry } from "../parts/enquiry.mjs";
import { temporaryFolder, until } from "../parts/processes.mjs";
import { Wire } from "../parts/wire.mjs";

/** Longer than the desk's patience after a few failures. */
const BACK = { timeout: 60_000 };

let place;
let central;
let wire;
let desk;
let other;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("offline");
  central = await Central.start(place.folder, { clock: new Clock() });
  wire = await Wire.lay(central.url);
  desk = await (await Desk.enrol(central, path.join(place.folder, "desk"), wire)).open();
  other = await Desk.enrol(central, path.join(place.folder, "other"));
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await desk?.close();
  await wire?.remove();
  await central?.stop();
  await place?.remove();
});

beforeEach(async () => {
  wire.mend();
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

const line = () => page.getByRole("status").filter({ hasText: /ligne/ });
const online = () => line().getByText(/En ligne · à jour/).waitFor(BACK);

/** A free slot of the next days, as the desk searches it. */
async function freeSlot(rank = 0) {
  const { kinds } = (await desk.call("session.get")).office;
  const { slots } = await desk.call("agenda.next", { kind: kinds[0].id, limit: 20 });
  return { kind: kinds[0], slot: slots[rank] };
}

test("offline the desk says since when, goes on booking, and sends it once when the network is back", async () => {
  await online();
  wire.cut();
  const booked = await desk.book(await freeSlot(2), "Horsligne");
  await line().getByText(/Hors ligne depuis .* · [1-9]\d* à envoyer/).waitFor(BACK);
  await accessible(page, "agenda, offline");
  await page.reload();
  await line().getByText(/Hors ligne depuis .* · [1-9]\d* à envoyer/).waitFor(BACK);

  wire.mend();
  await online();
  await other.run("sync");
  const seen = await other.run("appointments", "show", booked.id);
  assert.equal(seen.status, "booked", "the other desk has it from central");
  assert.equal((await other.run("status")).conflicts, 0);
  const day = seen.start.slice(0, 10);
  const again = await other.run("appointments", "list", "--from", day, "--to", day);
  assert.equal(again.filter((one) => JSON.stringify(one).includes("Horsligne")).length, 1, "it was sent once");
});

test("a slot that another desk got meanwhile comes back as a conflict with alternatives", async () => {
  await online();
  const wanted = await freeSlot(5);
  wire.cut();
  await other.run("sync");
  const args = ["--kind", wanted.kind.id, "--counsellor", wanted.slot.counsellor.id, "--start", wanted.slot.start];
  await other.run("book", ...args, "--client", (await desk.call("clients.search", { query: "benali" }))[0].id);
  await other.run("sync");
  await desk.book(wanted, "Conflit");
  wire.mend();
  await until("the conflict", async () => (await desk.call("status.get")).conflicts === 1, { within: 60_000 });
  const [conflict] = await desk.call("conflicts.list");
  assert.ok(JSON.stringify(conflict).includes("Conflit"), "the conflict names whose meeting it is");
  await page.getByRole("navigation").getByRole("button", { name: /Conflits/ }).click();
  await page.getByText("Conflit").first().waitFor();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `a conflict, ${colorScheme}`);
  }
});

test("an enquiry that arrives at central appears in the open page without a click", async () => {
  await online();
  const subject = `Question de ${Date.now()}`;
  await page.getByRole("navigation").getByRole("button", { name: /Demandes/ }).click();
  await central.post(enquiry({ name: "Zoé Arrivée", subject }));
  await page.getByText("Zoé Arrivée").first().waitFor(BACK);
});
