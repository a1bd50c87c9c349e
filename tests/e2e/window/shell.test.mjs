// The shell itself, in the real window: what the page may do, and what it may not.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { openDisplay } from "../parts/display.mjs";
import { bin, temporaryFolder, until } from "../parts/processes.mjs";
import { ownFolders, Window } from "../parts/webdriver.mjs";

const program = path.join(bin, "passerelle-desktop");
let display;
let place;
let window;

before(async () => {
  display = await openDisplay();
  place = await temporaryFolder("shell");
  await mkdir(path.join(place.folder, "desk"));
  window = await open();
});

after(async () => {
  await window?.close();
  await display?.close();
  await place?.remove();
});

function open() {
  const args = ["--profile", path.join(place.folder, "desk")];
  return Window.open(program, args, { DISPLAY: display.name, ...ownFolders(place.folder) });
}

const invoke = (command, args) => window.__TAURI_INTERNALS__.invoke(command, args);

test("a desk without an office says what to do", async () => {
  assert.equal(await window.title(), "Passerelle");
  await window.see("Ce poste n’est rattaché à aucun CIO");
  assert.equal(await window.evaluate(() => document.documentElement.lang), "fr");
});

test("the page reaches the desk by its one command", async () => {
  const session = await window.evaluateAsync(invoke, "call", { name: "session.get", args: {} });
  assert.equal(session.state, "unenrolled");
});

test("an unknown command is refused with a code that the page has words for", async () => {
  const ask = () =>
    window.__TAURI_INTERNALS__
      .invoke("call", { name: "no.such", args: {} })
      .then(() => "answered", (error) => error);
  const error = await window.evaluateAsync(ask);
  assert.equal(error.code, "unknown_command");
  assert.deepEqual(Object.keys(error).sort(), ["code", "detail", "params", "retry"]);
});

test("nothing else of the shell is granted", async () => {
  const refused = [
    ["plugin:window|close", {}],
    ["plugin:window|set_title", { value: "autre" }],
    ["plugin:webview|create_webview_window", { options: { label: "second", url: "https://example.org" } }],
    ["plugin:event|emit", { event: "changed", payload: ["*"] }],
    ["plugin:app|version", {}],
    ["plugin:path|resolve_directory", { directory: 21 }],
    ["plugin:window-state|save_window_state", { flags: 1 }],
    ["plugin:resources|close", { rid: 1 }],
    ["plugin:menu|new", { kind: "Menu" }],
  ];
  for (const [command, args] of refused) {
    await assert.rejects(window.evaluateAsync(invoke, command, args), /not allowed/, `${command} must be refused`);
  }
});

test("the policy lets no script, style or connection of others in", async () => {
  const blocked = await window.evaluateAsync(async () => {
    const seen = [];
    document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
    const add = (name, fields) => document.head.append(Object.assign(document.createElement(name), fields));
    add("script", { textContent: "window.intruder = true" });
    add("script", { src: "https://example.org/a.js" });
    add("style", { textContent: "body { display: none }" });
    add("link", { rel: "stylesheet", href: "https://example.org/a.css" });
    const image = new Image();
    image.src = "https://example.org/a.png";
    const frame = document.createElement("iframe");
    frame.src = "https://example.org/";
    document.body.append(frame);
    await fetch("https://example.org/").catch(() => {});
    try {
      new WebSocket("wss://example.org/");
    } catch {
      // Some engines throw, all report.
    }
    let evaluated = true;
    try {
      (0, eval)("1");
    } catch {
      evaluated = false;
    }
    await new Promise((resume) => setTimeout(resume, 500));
    frame.remove();
    return { seen: [...new Set(seen)].sort(), intruder: window.intruder === true, evaluated };
  });
  assert.equal(blocked.intruder, false, "an inline script ran");
  assert.equal(blocked.evaluated, false, "eval ran");
  for (const directive of ["connect-src", "img-src", "script-src-elem", "style-src-elem", "frame-src"]) {
    assert.ok(blocked.seen.includes(directive), `${directive} was not enforced: ${blocked.seen}`);
  }
});

test("the web view cannot leave its page", async () => {
  let visits = 0;
  const elsewhere = createServer((_, response) => {
    visits += 1;
    response.setHeader("content-type", "text/html");
    response.end("<title>Ailleurs</title><p>Ailleurs</p>");
  });
  elsewhere.listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  try {
    const before = await window.url();
    await window.evaluate((url) => {
      location.href = url;
    }, `http://127.0.0.1:${elsewhere.address().port}/`);
    await new Promise((resume) => setTimeout(resume, 500));
    assert.equal(await window.url(), before);
    assert.equal(visits, 0, "another server was asked for its page");
    await window.see("Ce poste n’est rattaché à aucun CIO");
  } finally {
    elsewhere.close();
  }
});

test("the window opens again where it was, and as large", async () => {
  const wanted = { x: 30, y: 20, width: 1100, height: 720 };
  await window.place(wanted);
  const remembered = path.join(place.folder, "desk", "window.json");
  await until("the place to be written", async () =>
    JSON.parse(await readFile(remembered, "utf8")).main.width === wanted.width,
  );
  // As a power cut would: nothing may wait for a good end.
  await window.kill();
  window = await open();
  await window.see("Ce poste n’est rattaché à aucun CIO");
  assert.deepEqual(await window.rect(), wanted);
});
