// A desk that is no longer authorised hands what it had not sent over to the office's direction; the director applies or discards it.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible, openBrowser } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { closePages, lay, openPages, picture, takeUp } from "../parts/pair.mjs";
import { temporaryFolder, until } from "../parts/processes.mjs";

let place;
let central;
let browser;
/** The desk that goes, with its wire, and the one that stays, each with its page. */
let gone;
let here;

before(async () => {
  place = await temporaryFolder("quarantine");
  central = await Central.start(place.folder, { clock: new Clock() });
  gone = await lay(central, place.folder, "gone");
  here = await lay(central, place.folder, "here");
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await takeUp([gone, here]);
  await central?.stop();
  await place?.remove();
});

beforeEach(async () => {
  await openPages(browser, [gone, here]);
});

afterEach(() => closePages([gone, here]));

test("what waits at a desk that was removed is handed over, and the director says what becomes of it", async () => {
  const { kinds } = (await gone.desk.call("session.get")).office;
  const { slots } = await gone.desk.call("agenda.next", { kind: kinds[0].id, limit: 6 });
  gone.wire.cut();
  for (const [at, family] of [
    [2, "Attendue"],
    [4, "Écartée"],
  ]) {
    await gone.desk.book({ kind: kinds[0], slot: slots[at] }, family);
  }
  const { desk: id } = await gone.desk.run("status");
  await central.revoke(id);
  gone.wire.mend();
  await gone.desk.call("sync.now");
  await until(
    "what waits is handed over",
    async () => {
      const status = await gone.desk.call("status.get");
      return status.put_aside > 0 && status.put_aside === status.pending;
    },
    { within: 60_000 },
  );
  await gone.page.getByRole("status").getByText("Poste retiré").first().click();
  await gone.page.getByText(/remises à la direction du CIO/).first().waitFor();
  await accessible(gone.page, "the desk that was removed");
  await picture(gone.page, "poste-retire");

  // The director, by the keyboard alone.
  const { page, desk } = here;
  const { people } = await desk.call("session.get");
  await desk.call("session.use", { person: people.find((one) => one.role === "director").id });
  await page.reload();
  await page.getByRole("navigation").getByRole("button", { name: /Conflits\s*4 à régler/ }).click();
  await page.getByRole("main").getByText(/4\s+saisies d’un poste retiré attendent votre choix/).waitFor();
  const aside = page.getByRole("complementary");
  await aside.getByText("Saisies d’un poste retiré").waitFor();
  await aside.getByText(/Essai Attendue/).first().waitFor();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `what was not sent, ${colorScheme}`);
    await picture(page, `saisies-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });

  // Only the service has them: without it that is said, and what comes back comes back by itself.
  here.wire.cut();
  await page.reload();
  await page.getByRole("navigation").getByRole("button", { name: /Conflits/ }).click();
  await aside.getByText(/elles se montrent ici dès qu’il répond/).waitFor();
  await accessible(page, "what was not sent, without the service");
  await picture(page, "saisies-hors-ligne");
  here.wire.mend();
  await aside.getByText(/Essai Attendue/).first().waitFor({ timeout: 60_000 });

  const apply = aside.getByRole("button", { name: /^Appliquer : Rendez-vous posé, Essai Attendue/ });
  await apply.focus();
  await page.keyboard.press("Enter");
  await until("it is applied", async () => (await apply.count()) === 0);
  assert.equal(await aside.getByText(/Essai Attendue/).count(), 0, "with the record that it needs");
  const found = await desk.call("clients.search", { query: "Essai Attendue" });
  assert.equal(found.length, 1, "the family is known here now");

  const discard = aside.getByRole("button", { name: /^Écarter : Rendez-vous posé, Essai Écartée/ });
  await discard.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/ne pourra plus être appliquée/).waitFor();
  await accessible(page, "the question");
  await picture(page, "saisies-ecarter");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await discard.count(), 1, "nothing has happened");
  await aside.getByRole("button", { name: "Tout écarter" }).click();
  await dialog.getByRole("button", { name: "Écarter", exact: true }).click();
  await until("nothing is left", async () => (await aside.getByText("Saisies d’un poste retiré").count()) === 0);
  assert.equal((await desk.call("clients.search", { query: "Essai Écartée" })).length, 0, "nothing came of it");
});
