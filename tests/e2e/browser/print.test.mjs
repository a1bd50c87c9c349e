// Printing from the agenda, by keyboard alone: tomorrow's sheet, a letter, the sign-in sheet of a session. The pages are
// files, which the desk writes; what is on them is read back by poppler where it is installed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { promisify } from "node:util";
import { accessible, openBrowser, openPage } from "../parts/browser.mjs";
import { Central } from "../parts/central.mjs";
import { Clock } from "../parts/clock.mjs";
import { Desk } from "../parts/desk.mjs";
import { temporaryFolder } from "../parts/processes.mjs";

const run = promisify(execFile);

let place;
let central;
let desk;
let browser;
let page;

before(async () => {
  place = await temporaryFolder("print");
  central = await Central.start(place.folder, { clock: new Clock() });
  desk = await (await Desk.enrol(central, path.join(place.folder, "desk"))).open();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await desk?.close();
  await central?.stop();
  await place?.remove();
});

beforeEach(async () => {
  page = await openPage(browser, desk);
  await page.getByRole("grid").waitFor();
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, [], "errors of the page");
});

/** The file that the notice names, once it is there. Its folder is said only when it is asked for and cannot be shown. */
async function printed(words) {
  const notice = page.getByText(words).first();
  await notice.waitFor();
  const said = await notice.textContent();
  const name = /(\S+\.pdf)$/.exec(said)?.[1];
  assert.ok(name && !name.includes("/"), `the notice names the file, without its folders: ${said}`);
  const open = page.getByRole("button", { name: "Ouvrir le dossier" }).last();
  await open.focus();
  await page.keyboard.press("Enter");
  const place = page.getByText(/^Le dossier\s: /).last();
  const folder = (await place.textContent()).replace(/^Le dossier\s: /, "");
  await page.getByRole("button", { name: "Fermer ce message" }).last().click();
  const file = path.join(folder, name);
  const bytes = await readFile(file);
  assert.equal(bytes.subarray(0, 5).toString(), "%PDF-", `${file} is a PDF`);
  return file;
}

/** What is on it; nothing where poppler is not installed. */
async function textOf(file) {
  try {
    return (await run("pdftotext", ["-raw", file, "-"])).stdout.replace(/[\u00a0\u202f]/g, " ");
  } catch (error) {
    assert.equal(error.code, "ENOENT", String(error));
    assert.ok(!process.env.CI, "poppler-utils is not installed");
    return null;
  }
}

test("Ctrl P and Enter print tomorrow, a page a counsellor", async () => {
  await page.keyboard.press("Control+p");
  const dialog = page.getByRole("dialog", { name: "Imprimer la feuille du jour" });
  await dialog.waitFor();
  const first = dialog.getByRole("group", { name: "Jour" }).getByRole("button").first();
  assert.equal(await first.getAttribute("aria-pressed"), "true", "the next working day is chosen");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  const file = await printed(/Feuille du jour prête/);
  assert.match(path.basename(file), /^feuille-du-jour-\d{4}-\d\d-\d\d\.pdf$/, "no name of a person");
  const text = await textOf(file);
  if (text !== null) assert.match(text, /Mme Dupont[^]*créneau/, "the sheet of a counsellor");
});

test("the list for the desk is chosen by keyboard, and is the choice of the next time", async () => {
  await page.getByRole("button", { name: /^Demain/ }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Imprimer la feuille du jour" });
  const desks = dialog.getByRole("button", { name: "Une page pour l’accueil" });
  await desks.waitFor();
  await dialog.getByRole("button", { name: /^Imprimer/ }).press("Shift+Tab");
  assert.equal(await desks.evaluate((one) => one === document.activeElement), true, "one step before the button");
  await page.keyboard.press("Enter");
  assert.equal(await desks.getAttribute("aria-pressed"), "true");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const file = await printed(/Feuille du jour prête/);
  assert.match(path.basename(file), /^feuille-accueil-/);
  await dialog.waitFor({ state: "hidden" });
  await page.keyboard.press("Control+p");
  assert.equal(await desks.getAttribute("aria-pressed"), "true", "remembered");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("a letter is printed from a meeting, a sign-in sheet from a session", async () => {
  const today = central.clock.now.slice(0, 10);
  const coming = await desk.run("appointments", "list", "--from", today, "--status", "booked");
  const kinds = new Map(coming.map((one) => [one.kind_name, one]));
  const single = coming.find((one) => one.client !== null && !one.kind_name.startsWith("Atelier"));
  const session = [...kinds.values()].find((one) => one.kind_name.startsWith("Atelier"));
  assert.ok(single && session, "somebody is expected, alone and in a session");
  for (const [meeting, button, words, name] of [
    [single, "Convocation", /Convocation prête, 1\spage/, /^convocation-/],
    [session, "Émargement", /Feuille d’émargement prête, 1\spage/, /^emargement-/],
  ]) {
    await page.keyboard.press("Control+k");
    const day = meeting.start.slice(0, 10).split("-").reverse().join("/");
    await page.getByRole("combobox").fill(day);
    await page.getByRole("option", { name: /Aller au/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(`[data-block="${meeting.id}"], [data-people~="${meeting.id}"]`).first().click();
    const pressed = page.getByRole("button", { name: button });
    await pressed.focus();
    await page.keyboard.press("Enter");
    const file = await printed(words);
    assert.match(path.basename(file), name);
    const text = await textOf(file);
    if (text !== null && meeting === single) assert.ok(text.includes(meeting.client.family_name), text);
    await page.keyboard.press("Escape");
  }
});

test("the dialog is accessible in both themes", async () => {
  for (const theme of ["light", "dark"]) {
    const themed = await openPage(browser, desk, { theme });
    await themed.getByRole("grid").waitFor();
    await themed.keyboard.press("Control+p");
    await themed.getByRole("dialog", { name: "Imprimer la feuille du jour" }).waitFor();
    await accessible(themed, `the dialog of printing, ${theme}`);
    await themed.context().close();
  }
});
