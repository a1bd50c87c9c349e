// A small W3C WebDriver client, for the real window: WebKitWebDriver starts the application and speaks to its web view.

import path from "node:path";
import { freePort, Running, until } from "./processes.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Keys that are not characters, as the standard numbers them. */
export const Key = {
  Backspace: "\uE003",
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Alt: "\uE00A",
  Escape: "\uE00C",
  End: "\uE010",
  Home: "\uE011",
  Left: "\uE012",
  Up: "\uE013",
  Right: "\uE014",
  Down: "\uE015",
};

async function send(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  let value;
  try {
    ({ value } = JSON.parse(text));
  } catch {
    throw new Error(`${method} ${url}: HTTP ${response.status}, not JSON: ${text.slice(0, 200)}`);
  }
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value?.error}: ${value?.message}`);
  return value;
}

/** One application in its window, under a driver of its own. */
export class Window {
  #driver;
  #session;

  /** Starts the application: `env` must hold DISPLAY and the folders it may use. */
  static async open(binary, args, env) {
    const window = new Window();
    const port = await freePort();
    window.#driver = new Running("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
      env: { TAURI_WEBVIEW_AUTOMATION: "true", NO_AT_BRIDGE: "1", ...env },
    });
    const base = `http://127.0.0.1:${port}`;
    await window.#driver.ready(async () => (await send("GET", `${base}/status`)).ready);
    try {
      const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary, args } } };
      const created = await send("POST", `${base}/session`, { capabilities });
      window.#session = `${base}/session/${created.sessionId}`;
    } catch (error) {
      await window.#driver.stop();
      throw new Error(`${binary} did not open: ${error.message}\n${window.#driver.said}`, { cause: error });
    }
    return window;
  }

  get said() {
    return this.#driver.said;
  }

  /** Closes the window as its cross does: the application ends by itself. */
  async close() {
    try {
      await send("DELETE", `${this.#session}/window`);
    } finally {
      await this.kill();
    }
  }

  /** Ends the application at once, as a power cut would: the driver kills it with the session. */
  async kill() {
    try {
      // The session is gone already when its last window was closed.
      await send("DELETE", this.#session).catch(() => {});
    } finally {
      await this.#driver.stop();
    }
  }

  async find(css) {
    const found = await send("POST", `${this.#session}/element`, { using: "css selector", value: css });
    return found[ELEMENT];
  }

  /** The visible text of an element. */
  async text(css) {
    return send("GET", `${this.#session}/element/${await this.find(css)}/text`);
  }

  async click(css) {
    await send("POST", `${this.#session}/element/${await this.find(css)}/click`, {});
  }

  /** Types into the element that has the focus; a chord is given as one array. */
  async press(...keys) {
    const actions = [];
    for (const key of keys) {
      const chord = Array.isArray(key) ? key : [key];
      for (const value of chord) actions.push({ type: "keyDown", value });
      for (const value of chord.toReversed()) actions.push({ type: "keyUp", value });
    }
    await send("POST", `${this.#session}/actions`, { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** Types a text into the element that has the focus. */
  async type(text) {
    await this.press(...text);
  }

  /** Runs a function in the page and gives back its answer. It sees nothing from here but its arguments. */
  async evaluate(fn, ...args) {
    return send("POST", `${this.#session}/execute/sync`, { script: `return (${fn}).apply(null, arguments);`, args });
  }

  /** The same for a function that returns a promise. */
  async evaluateAsync(fn, ...args) {
    const script = `
      const done = arguments[arguments.length - 1];
      Promise.resolve((${fn}).apply(null, Array.prototype.slice.call(arguments, 0, -1)))
        .then((value) => done({ value }), (error) => done({ error: String(error && error.message || error) }));`;
    const answer = await send("POST", `${this.#session}/execute/async`, { script, args });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  /** Waits for a text anywhere in the page. */
  async see(text, within = 20_000) {
    const all = () => document.body.innerText;
    await until(`« ${text} » in the window`, async () => (await this.evaluate(all)).includes(text), { within }).catch(
      async (error) => {
        throw new Error(`${error.message}; it shows:\n${await this.evaluate(all).catch(String)}`, { cause: error });
      },
    );
  }

  async title() {
    return send("GET", `${this.#session}/title`);
  }

  async url() {
    return send("GET", `${this.#session}/url`);
  }

  async place({ x = 0, y = 0, width, height }) {
    await send("POST", `${this.#session}/window/rect`, { x, y, width, height });
  }

  async rect() {
    return send("GET", `${this.#session}/window/rect`);
  }
}

/** Folders of the desktop's standards inside one folder, so that two applications share nothing. */
export function ownFolders(folder) {
  return {
    HOME: folder,
    XDG_CONFIG_HOME: path.join(folder, "config"),
    XDG_DATA_HOME: path.join(folder, "data"),
    XDG_CACHE_HOME: path.join(folder, "cache"),
    XDG_DOWNLOAD_DIR: path.join(folder, "downloads"),
    // No session bus: neither the tray nor the search for a first instance may need one.
    DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent",
  };
}
