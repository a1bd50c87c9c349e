// A desk that a director sits at, with its page opened anew for each test: for the tests of the settings.

import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { openBrowser, openPage } from "./browser.mjs";
import { Central } from "./central.mjs";
import { Clock } from "./clock.mjs";
import { Desk } from "./desk.mjs";
import { callScreen } from "./page.mjs";
import { temporaryFolder } from "./processes.mjs";

/** Prepares all tests of a file: `desk`, `browser`, `people` and `page` are there in each of them. */
export function onDirectorsDesk(name) {
  const on = {
    /** Somebody of that role sits down at the desk. */
    as: (role) => on.desk.call("session.use", { person: on.people.find((one) => one.role === role).id }),
    /** What the page says that it just did. */
    notice: (words) =>
      on.page.getByRole("region", { name: "Ce qui vient d’être fait" }).getByText(words).first(),
  };
  let place;
  let central;

  before(async () => {
    place = await temporaryFolder(name);
    central = await Central.start(place.folder, { clock: new Clock() });
    on.desk = await (await Desk.enrol(central, path.join(place.folder, "desk"))).open();
    on.browser = await openBrowser();
    ({ people: on.people } = await on.desk.call("session.get"));
  });

  after(async () => {
    await on.browser?.close();
    await on.desk?.close();
    await central?.stop();
    await place?.remove();
  });

  beforeEach(async () => {
    await on.as("director");
    on.page = await openPage(on.browser, on.desk);
    await on.page.getByRole("grid").waitFor();
  });

  afterEach(async () => {
    const { complaints } = on.page;
    await on.page.context().close();
    assert.deepEqual(complaints, [], "errors of the page");
  });

  return on;
}

/** Opens a page of the settings by keyboard. */
export async function openSettings(page, label) {
  await callScreen(page, "Réglages");
  const entry = page
    .getByRole("navigation", { name: "Réglages" })
    .getByRole("button", { name: new RegExp(`^${label}`) });
  await entry.waitFor();
  await entry.focus();
  await page.keyboard.press("Enter");
  await page.locator(`[aria-current="page"]`, { hasText: label }).waitFor();
}
