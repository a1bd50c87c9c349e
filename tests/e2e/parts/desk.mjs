// A real desk: its profile, its command line, and the loopback bridge that serves the window's page to a browser.

import path from "node:path";
import { bin, freePort, root, Running, runToEnd } from "./processes.mjs";

export class Desk {
  #running;

  constructor(profile, clock) {
    this.profile = profile;
    this.clock = clock;
  }

  /** A new profile, enrolled with a central service and by its clock, over a wire of its own if one is given. */
  static async enrol(central, profile, wire = central) {
    const desk = new Desk(profile, central.clock);
    await desk.run("enrol", "--central", wire.url, "--code", await central.code());
    await desk.run("sync");
    return desk;
  }

  /** Runs a command of `passerelle` on this profile: its answer, or an error with the exit code in `code`. */
  async run(...command) {
    const args = ["--profile", this.profile, "--json", ...(this.clock?.args ?? []), ...command];
    const { code, out, err } = await runToEnd(path.join(bin, "passerelle"), args);
    if (code !== 0) {
      throw Object.assign(new Error(`passerelle ${command.join(" ")}: exit ${code}\n${out}${err}`), { code, out });
    }
    return out.trim() === "" ? undefined : JSON.parse(out);
  }

  /** Opens the bridge on this profile; `url` is then the page's address. */
  async open() {
    const listen = `127.0.0.1:${await freePort()}`;
    this.url = `http://${listen}/`;
    this.#running = new Running(path.join(bin, "passerelle-bridge"), [
      ...["--profile", this.profile, "--listen", listen],
      ...["--ui", path.join(root, "ui/dist-bridge"), ...(this.clock?.args ?? [])],
    ]);
    await this.#running.ready(async () => (await fetch(this.url)).ok);
    return this;
  }

  /** Books somebody new at a place that was proposed, as the page does. Resolves to the meeting. */
  async book({ kind, slot }, family) {
    const draft = {
      kind: kind.id,
      counsellor: slot.counsellor.id,
      start: slot.local,
      new_client: { family_name: family, given_name: "Essai" },
      seen_warnings: [],
    };
    return (await this.call("appointments.book", draft)).appointment;
  }

  /** What the page's own `call` would answer. */
  async call(name, args = {}) {
    const response = await fetch(new URL(`api/call/${name}`, this.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    const body = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${name}: ${JSON.stringify(body)}`), { answer: body });
    return body;
  }

  async close() {
    await this.#running?.stop();
  }

  async kill() {
    await this.#running?.kill();
  }

  get said() {
    return this.#running?.said ?? "";
  }
}
