// The main job, done in the real window on a virtual display, with a picture of each step: an enquiry arrives, becomes
// a meeting, the network goes, work goes on, somebody else gets a slot, and the conflict is shown.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pressFree } from "./parts/agenda.mjs";
import { openDisplay } from "./parts/display.mjs";
import { Desk } from "./parts/desk.mjs";
import { enquiry } from "./parts/enquiry.mjs";
import { bin, until } from "./parts/processes.mjs";
import { Key, ownFolders, Window } from "./parts/webdriver.mjs";

const ASKS = "Maëlle Caron";
const LONG = 60_000;

/** Presses the first button whose words match. */
async function press(window, words) {
  await until(`a button « ${words} »`, () =>
    window.evaluate((pattern) => {
      document.querySelector("[data-pressed]")?.removeAttribute("data-pressed");
      const wanted = new RegExp(pattern);
      const name = (button) => button.getAttribute("aria-label") ?? button.innerText;
      // What is behind a dialog cannot be pressed.
      const place = document.querySelector('[role="dialog"]') ?? document;
      const found = [...place.querySelectorAll("button")].find((one) => !one.disabled && wanted.test(name(one).trim()));
      found?.setAttribute("data-pressed", "");
      return found !== undefined;
    }, words),
  );
  await window.click("[data-pressed]");
}

export async function mainJob({ central, wire, desk, folder, say }) {
  const display = await openDisplay();
  let window;
  let step = 0;
  const picture = async (name) => {
    // Two frames, and the end of the short movements.
    await new Promise((resume) => setTimeout(resume, 600));
    const file = path.join(folder, `${(step += 1)}-${name}.png`);
    await display.picture(file);
    say(`  ${path.basename(file)}`);
  };
  try {
    window = await Window.open(path.join(bin, "passerelle-desktop"), ["--profile", desk.profile], {
      DISPLAY: display.name,
      ...ownFolders(folder),
    });
    await window.place({ width: display.width, height: display.height });
    await window.see("En ligne", LONG);

    say("1. An enquiry arrives while the inbox is open.");
    await press(window, "^Demandes");
    const receipt = await central.post(enquiry({ name: ASKS }));
    await window.see(ASKS, LONG);
    await until("the line of the enquiry", () =>
      window.evaluate((id) => document.querySelector(`[data-enquiry="${id}"]`) !== null, receipt.id),
    );
    await window.click(`[data-enquiry="${receipt.id}"]`);
    await window.see("infirmiers", LONG);
    await picture("arrivee-de-la-demande");

    say("2. It becomes a meeting, in one gesture.");
    await window.press("p");
    await until("the booking dialog", () => window.evaluate(() => document.querySelector('[role="dialog"] form') !== null));
    await until("a slot in it", () =>
      window.evaluate(() => document.querySelector('[role="dialog"] [aria-pressed="true"]') !== null),
    );
    await picture("conversion");
    await press(window, "^Poser");
    await window.see("Rendez-vous posé", LONG);
    const booked = await until("the meeting on record", async () => {
      const shown = await desk.run("enquiries", "show", receipt.id);
      return shown.status === "converted" ? shown.appointment : false;
    });
    const id = typeof booked === "string" ? booked : booked.id;
    const meeting = await desk.run("appointments", "show", id);
    await window.see("En ligne · à jour", LONG);

    say("3. It is in the agenda.");
    await press(window, "^Agenda");
    await until("the grid", () => window.evaluate(() => document.querySelector('[role="grid"]') !== null));
    const drawn = () => window.evaluate((block) => document.querySelector(`[data-block="${block}"]`) !== null, id);
    let found = false;
    for (let day = 0; day < 20 && !found; day += 1) {
      if (day > 0) await press(window, "^Jour suivant");
      found = await until("the meeting on this day", drawn, { within: 2_000 }).catch(() => false);
    }
    assert.ok(found, `the meeting of ${meeting.start} is in the agenda`);
    await window.evaluate((block) => {
      document.querySelector(`[data-block="${block}"]`)?.scrollIntoView({ block: "center" });
    }, id);
    await picture("agenda-avec-le-rendez-vous");
    const calendar = path.join(folder, "rendez-vous.ics");
    await desk.run("agenda", "export", "--appointment", id, "--out", calendar);
    const ics = await readFile(calendar, "utf8");
    assert.match(ics, /^BEGIN:VCALENDAR\r\n[\s\S]*BEGIN:VEVENT\r\n[\s\S]*END:VCALENDAR\r\n$/, "the calendar is whole");
    say(`  rendez-vous.ics, ${meeting.start}`);

    const sheet = path.join(folder, "feuille-du-jour.pdf");
    const { pages } = await desk.run("daysheet", "--date", meeting.start.slice(0, 10), "--out", sheet);
    assert.equal((await readFile(sheet)).subarray(0, 5).toString(), "%PDF-", "the day sheet is a PDF");
    say(`  feuille-du-jour.pdf, ${pages} pages`);

    say("4. The network goes; work goes on.");
    const other = await Desk.enrol(central, path.join(folder, "other-desk"));
    wire.cut();
    await press(window, "^Jour suivant");
    await new Promise((resume) => setTimeout(resume, 500));
    await pressFree(window);
    await window.type("Benali");
    await until("somebody known", () =>
      window.evaluate(() => document.querySelector('[role="option"]')?.textContent.includes("Benali") ?? false),
    );
    await window.press(Key.Enter);
    await window.press([Key.Control, Key.Enter]);
    await window.see("Rendez-vous posé", LONG);
    await window.see("Hors ligne depuis", LONG);
    await picture("hors-ligne");

    say("5. Another desk gives the same slot to somebody else; the network comes back.");
    // The words of the first booking may still stand there while the second one is being written.
    let mine;
    await until("what waits to be sent", async () => {
      const listed = await desk.run("appointments", "list", "--from", meeting.start.slice(0, 10));
      mine = listed.find((one) => one.sync !== "acknowledged");
      return mine !== undefined;
    });
    const [somebody] = await other.run("clients", "search", "Carpentier");
    const kind = mine.kind.id ?? mine.kind;
    const counsellor = mine.counsellor.id ?? mine.counsellor;
    await other.run("book", "--kind", kind, "--counsellor", counsellor, "--start", mine.start, "--client", somebody.id);
    await other.run("sync");
    wire.mend();
    await press(window, "^Conflits");
    await window.see("Posé ici", LONG);
    await picture("conflit");
  } catch (error) {
    await display.picture(path.join(folder, "last-seen.png")).catch(() => {});
    throw error;
  } finally {
    await window?.kill();
    await display.close();
  }
}
