// How a person uses the agenda, in the real window.

import { until } from "./processes.mjs";
import { Key } from "./webdriver.mjs";

/** Waits for the agenda of a day. */
export async function seeAgenda(window) {
  await until("the grid of the day", () => window.evaluate(() => document.querySelector('[role="grid"]') !== null));
}

/** Goes to the next working day and waits until it is shown; gives its heading. */
export async function nextDay(window) {
  const heading = () => document.querySelector("h1")?.textContent ?? "";
  const before = await window.evaluate(heading);
  await window.click('button[aria-label="Jour suivant"]');
  return until("another day in the heading", async () => {
    const now = await window.evaluate(heading);
    const drawn = await window.evaluate(() => document.querySelector('[role="grid"]')?.getAttribute("aria-label") ?? "");
    return now !== before && drawn.includes(now.split(" ").slice(0, 3).join(" ")) ? now : false;
  });
}

/**
 * Presses the cell `rank` of those that a counsellor has free for three quarters of an hour, whatever day it is, and waits
 * for the panel of a booking. The seventh column is the room, which group sessions alone may take.
 */
export async function pressFree(window, rank = 0) {
  const found = await window.evaluate((wanted) => {
    const cells = [...document.querySelectorAll('td[role="gridcell"][data-column]:not([data-column="6"])')];
    const free = (one) => one?.textContent.trim() === "libre";
    const below = (one) =>
      one?.closest("tr")?.nextElementSibling?.querySelector(`td[data-column="${one.dataset.column}"]`);
    const cell = cells.filter((one) => free(one) && free(below(one)) && free(below(below(one))))[wanted];
    cell?.setAttribute("data-chosen", "");
    // Later in the day the grid is scrolled, and a click would meet the head of the column that lies over the cell.
    cell?.scrollIntoView({ block: "center" });
    return cell !== undefined;
  }, rank);
  if (!found) throw new Error(`no free cell number ${rank} on this day`);
  await window.click("[data-chosen]");
  await window.evaluate(() => document.querySelector("[data-chosen]")?.removeAttribute("data-chosen"));
  await until("the focus in the name field", () =>
    window.evaluate(() => document.activeElement?.getAttribute("role") === "combobox"),
  );
}

/** Books somebody known, found by name, in the free cell `rank` of the counsellors. */
export async function bookKnown(window, name, rank = 0) {
  await pressFree(window, rank);
  await window.type(name);
  await until(`somebody named ${name}`, () =>
    window.evaluate(
      (wanted) => document.querySelector('[role="option"]')?.textContent.includes(wanted) ?? false,
      name,
    ),
  );
  await window.press(Key.Enter);
  await until("the person to be chosen", () =>
    window.evaluate(() => document.activeElement?.getAttribute("aria-expanded") === "false"),
  );
  await window.press([Key.Control, Key.Enter]);
  await window.see("Rendez-vous posé");
}

/** What the grid shows: the text of each block, by its id. */
export async function blocks(window) {
  return window.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll("[data-block]")].map((block) => [block.dataset.block, block.textContent]),
    ),
  );
}
