// Desks of one office, each behind a wire of its own that can be cut, each with a page in the browser.

import assert from "node:assert/strict";
import path from "node:path";
import { openPage } from "./browser.mjs";
import { Desk } from "./desk.mjs";
import { until } from "./processes.mjs";
import { Wire } from "./wire.mjs";

/** Enrols a desk over a new wire and opens it. */
export async function lay(central, folder, name) {
  const wire = await Wire.lay(central.url);
  return { wire, desk: await (await Desk.enrol(central, path.join(folder, name), wire)).open() };
}

/** Closes desks, as far as they came about. */
export async function takeUp(desks) {
  for (const one of desks) {
    await one?.desk.close();
    await one?.wire.remove();
  }
}

/** Opens a page for each, with its agenda. */
export async function openPages(browser, desks) {
  for (const one of desks) {
    one.page = await openPage(browser, one.desk);
    await one.page.getByRole("grid").waitFor();
  }
}

/** Closes the pages, none of which may have complained. */
export async function closePages(desks) {
  for (const { page } of desks) {
    const { complaints } = page;
    await page.context().close();
    assert.deepEqual(complaints, [], "errors of the page");
  }
}

/** A picture, where somebody wants to look. */
export async function picture(page, name) {
  const folder = process.env.PASSERELLE_PICTURES;
  if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** Waits until each desk knows who holds which half-days. */
export async function heardOfLeases(desks) {
  for (const { desk } of desks) {
    await until("the leases", async () => {
      await desk.call("sync.now");
      return (await desk.call("leases.list")).leases.length > 0;
    });
  }
}
