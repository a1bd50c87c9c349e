// A real central service with the demonstration data, on a port of its own.

import path from "node:path";
import { bin, freePort, Running, runToEnd } from "./processes.mjs";

const program = path.join(bin, "passerelle-central");

/** The office of the demonstration that the tests are about: the CIO of Amiens. */
export const OFFICE = "0801234G";

export class Central {
  #running;

  constructor(folder, port, clock) {
    this.clock = clock;
    this.database = `sqlite:${path.join(folder, "central.db")}`;
    this.listen = `127.0.0.1:${port}`;
    this.url = `http://${this.listen}`;
  }

  /** Starts central with its demonstration data in a folder; by the machine's clock if no other is given. */
  static async start(folder, { clock } = {}) {
    const central = new Central(folder, await freePort(), clock);
    await central.restart();
    return central;
  }

  /** Starts it again on the same database and the same address. */
  async restart() {
    const args = ["serve", "--database", this.database, "--listen", this.listen, "--demo"];
    this.#running = new Running(program, [...args, ...(this.clock?.args ?? [])]);
    await this.#running.ready(async () => (await fetch(`${this.url}/readyz`)).ok, 60_000);
  }

  async stop() {
    await this.#running.stop();
  }

  async kill() {
    await this.#running.kill();
  }

  /** A one-time code with which a desk joins the office. */
  async code(office = OFFICE) {
    return (await this.#say(["desk", "code", "--office", office])).code;
  }

  /** This desk holds the next days of its office. */
  async reception(desk) {
    return this.#say(["desk", "reception", "--desk", desk]);
  }

  /** This desk is trusted no longer. */
  async revoke(desk) {
    return this.#say(["desk", "revoke", "--desk", desk]);
  }

  /** Publishes files as a release of the catalogue; without any, the catalogue of the demonstration. */
  async publish(...paths) {
    return this.#say(["catalogue", "publish", ...(paths.length ? paths : ["--demo"])]);
  }

  async #say(command) {
    const args = [...command, "--database", this.database, "--json"];
    const { code, out, err } = await runToEnd(program, args);
    if (code !== 0) throw new Error(`passerelle-central ${args.join(" ")}: exit ${code}\n${err}`);
    return JSON.parse(out);
  }

  /** Posts an enquiry as the public site does. */
  async post(enquiry, key = crypto.randomUUID()) {
    const response = await fetch(`${this.url}/v1/enquiries`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(enquiry),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(`central refused the enquiry: HTTP ${response.status} ${JSON.stringify(body)}`);
    return body;
  }
}
