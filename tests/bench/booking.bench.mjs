// From the key that books to the block in the grid, in the browser: the page marks the key and the paint itself, and
// the time between them has the desk, its database and its disk in it.

import path from "node:path";
import { openBrowser, openPage } from "../e2e/parts/browser.mjs";
import { Central } from "../e2e/parts/central.mjs";
import { Desk } from "../e2e/parts/desk.mjs";
import { Clock } from "../e2e/parts/clock.mjs";
import { freeCells, nextDay } from "../e2e/parts/page.mjs";
import { temporaryFolder } from "../e2e/parts/processes.mjs";

const TIMES = 20;

/** Family names of the demonstration. */
const PEOPLE = ["Carpentier", "Lemaire", "Verhaeghe", "Fontaine", "Belkacem", "Masson", "Quentin"];

/** The least that any key can take here: milliseconds from a key without meaning to the next paint, median of 20. */
async function idleKey(page) {
  const times = [];
  for (let time = 0; time < TIMES; time += 1) {
    const painted = page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener(
            "keydown",
            (event) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - event.timeStamp), 0)),
            { once: true, capture: true },
          );
        }),
    );
    // The listener is there once the page has answered something else.
    await page.evaluate(() => true);
    await page.keyboard.press("Shift");
    times.push(await painted);
  }
  return times.toSorted((a, b) => a - b)[TIMES / 2];
}

export async function measure() {
  const { folder, remove } = await temporaryFolder("bench");
  const central = await Central.start(folder, { clock: new Clock() });
  const desk = await (await Desk.enrol(central, path.join(folder, "desk"))).open();
  const browser = await openBrowser();
  try {
    const page = await openPage(browser, desk);
    await page.getByRole("grid").waitFor();
    const free = freeCells(page);
    const open = [];
    const book = [];
    for (let time = 0; time < TIMES; time += 1) {
      // Two bookings a day at most, so that there is always a free cell.
      if (time % 2 === 0) await nextDay(page);
      await free.first().waitFor();
      await free.first().focus();
      const opened = page.evaluate(
        () =>
          new Promise((resolve) => {
            let began;
            addEventListener("keydown", (event) => (began = event.timeStamp), { once: true, capture: true });
            const watch = new MutationObserver(() => {
              if (document.activeElement?.getAttribute("role") !== "combobox") return;
              watch.disconnect();
              requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began), 0));
            });
            watch.observe(document.body, { childList: true, subtree: true, attributes: true });
            document.addEventListener("focusin", () => {
              if (document.activeElement?.getAttribute("role") !== "combobox") return;
              watch.disconnect();
              requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began), 0));
            });
          }),
      );
      await page.keyboard.press("Enter");
      const opening = await opened;
      // A key that came before the page listened has no beginning.
      if (Number.isFinite(opening)) open.push(opening);
      // Somebody else each time of a day: the same person twice would be asked about first.
      const name = PEOPLE[time % PEOPLE.length];
      await page.keyboard.type(name);
      await page
        .getByRole("option", { name: new RegExp(name) })
        .first()
        .waitFor();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-expanded") === "false");
      await page.evaluate(() => performance.clearMeasures("passerelle:book"));
      const booked = (timeout) =>
        page.waitForFunction(() => performance.getEntriesByName("passerelle:book")[0]?.duration ?? false, null, {
          timeout,
        });
      await page.keyboard.press("Control+Enter");
      // Who has a meeting that day already is asked about, or cannot come: that is no booking, and not measured.
      const duration = await booked(2_000).catch(() => null);
      if (duration !== null) book.push(await duration.jsonValue());
      else await page.getByRole("button", { name: "Fermer" }).first().click();
    }
    if (book.length < TIMES / 2) throw new Error(`only ${book.length} of ${TIMES} bookings were made`);
    const baseline = { what: "a key that does nothing, to the next paint", value: await idleKey(page) };
    return [
      { what: "Enter on a free slot to the panel", unit: "ms", values: open, target: 100, baseline },
      { what: "key that books to the block in the grid", unit: "ms", values: book, target: 100, baseline },
    ];
  } finally {
    await browser.close();
    await desk.close();
    await central.stop();
    await remove();
  }
}
