// How a person gets about in the page, in the browser.

import { until } from "./processes.mjs";

/** A cell of the grid that a counsellor has free. The seventh column is the room, which group sessions alone may take. */
export const freeCells = (page) =>
  page
    .locator('td[role="gridcell"]:not([data-column="6"])')
    .and(page.getByRole("gridcell", { name: "libre", exact: true }));

/** Goes to the next working day; gives its date in words. */
export async function nextDay(page) {
  const heading = page.getByRole("heading", { level: 1 });
  const before = await heading.textContent();
  await page.getByRole("button", { name: "Jour suivant" }).click();
  await page.waitForFunction((was) => document.querySelector("h1")?.textContent !== was, before);
  const day = await heading.textContent();
  await page.getByRole("grid", { name: new RegExp(day.replace(/ \d{4}$/, "")) }).waitFor();
  return day;
}

/** Opens a screen from the side bar. */
export async function openScreen(page, name) {
  await page.getByRole("navigation").getByRole("button", { name: new RegExp(`^${name}`) }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Opens a screen by keyboard: Ctrl K, its name, Enter. */
export async function callScreen(page, name) {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Rechercher ou commander" }).waitFor();
  await page.keyboard.type(`>ouvrir ${name.toLowerCase()}`);
  await page.getByRole("option", { name: `Ouvrir ${name}`, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** More presses of Tab than any screen needs. */
const MOST_TABS = 80;

/** Presses Tab until the focus is where `there` finds it: a function that runs in the page, with its argument. */
export async function tabTo(page, what, there, argument) {
  for (let press = 0; press < MOST_TABS; press += 1) {
    if (await page.evaluate(there, argument)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`not reached by ${MOST_TABS} tabs: ${what}`);
}

/** Waits until the desk has sent all it had to. */
export async function sent(desk) {
  await until(
    "everything to be sent",
    async () => {
      const status = await desk.call("status.get");
      return status.online === true && status.pending === 0 && !status.syncing;
    },
    { within: 60_000 },
  );
}
