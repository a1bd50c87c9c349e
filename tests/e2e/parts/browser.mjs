// Debian's Chromium, driven by Playwright, and the accessibility checker in its pages.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const axe = await readFile(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** The standards that each screen must meet. */
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Starts the browser without a window and without a word to the outside. */
export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.PASSERELLE_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page on a desk. What it writes to its console as an error, and what it throws, is kept in `page.complaints`. */
export async function openPage(browser, desk, { width = 1440, height = 900, theme = "light" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: "fr-FR",
    // Another zone than the office's: the computer's own must never matter.
    timezoneId: "America/Cayenne",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  page.on("console", (message) => {
    // A refusal by the desk is an answer, which the page has to show; the browser notes it by itself.
    if (message.type() === "error" && !message.text().includes("status of 409")) page.complaints.push(message.text());
  });
  await page.goto(desk.url);
  return page;
}

/** Fails when the page as it is now breaks a rule of accessibility; says which, and where. */
export async function accessible(page, what) {
  // The page's own policy forbids inline scripts, as it should: evaluate goes through the debugger instead.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    STANDARDS,
  );
  assert.ok(passes.length > 5, `${what}: only ${passes.length} rules applied; the page may be empty`);
  const said = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(" ")}  ${node.failureSummary}`).join("\n")}`,
  );
  assert.deepEqual(said, [], `${what}: accessibility`);
}
