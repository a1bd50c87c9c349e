// From the key that books to the block in the grid, in the browser: the page marks the key and the paint itself, and
// the time between them has the desk, its database and its disk in it.

import path from "node:path";
import { openBrowser, openPage } from "../e2e/parts/browser.mjs";
import { Central } from "../e2e/parts/central.mjs";
import { Desk } from "../e2e/parts/desk.mjs";
import { temporaryFolder } from "../e2e/parts/processes.mjs";

const TIMES = 20;

export async function measure() {
  const { folder, remove } = await temporaryFolder("bench");
  const central = await Central.start(folder);
  const desk = await (await Desk.enrol(central, path.join(folder, "desk"))).open();
  const browser = await openBrowser();
  try {
    const page = await openPage(browser, desk);
    await page.getByRole("grid").waitFor();
    const next = page.getByRole("button", { name: "Jour suivant" });
    const free = page.getByRole("gridcell", { name: "libre", exact: true });
    const open = [];
    const book = [];
    for (let time = 0; time < TIMES; time += 1) {
      // Two bookings a day at most, so that there is always a free cell.
      if (time % 2 === 0) {
        await next.click();
        await free.nth(3).waitFor();
      }
      await free.nth(3).focus();
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
      open.push(await opened);
      await page.keyboard.type(`Essai ${String.fromCharCode(65 + time)}rnaud`);
      await page.getByRole("option", { name: /Nouvel usager/ }).click();
      const group = page.getByRole("group", { name: "Nouvel usager" });
      for (const field of ["Nom", "Prénom"]) {
        const input = group.getByRole("textbox", { name: field, exact: true });
        if ((await input.inputValue()) === "") await input.fill("Essai");
      }
      await page.evaluate(() => performance.clearMeasures("passerelle:book"));
      await page.keyboard.press("Control+Enter");
      const duration = await page.waitForFunction(
        () => performance.getEntriesByName("passerelle:book")[0]?.duration ?? false,
      );
      book.push(await duration.jsonValue());
    }
    return [
      { what: "Enter on a free slot to the panel", unit: "ms", values: open, target: 100 },
      { what: "key that books to the block in the grid", unit: "ms", values: book, target: 100 },
    ];
  } finally {
    await browser.close();
    await desk.close();
    await central.stop();
    await remove();
  }
}
