// The real programs that the tests drive: started, listened to, stopped.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the workspace. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Where the built programs are. */
export const bin = process.env.PASSERELLE_BIN ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug");

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** A folder that goes with the test. */
export async function temporaryFolder(name) {
  const folder = await mkdtemp(path.join(tmpdir(), `passerelle-${name}-`));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

/** Asks until the answer is true; says what was waited for when it never is. */
export async function until(what, ask, { within = 20_000, every = 50 } = {}) {
  const end = Date.now() + within;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${within / 1000} s in vain: ${what}`, { cause: last });
    }
    await new Promise((resume) => setTimeout(resume, every));
  }
}

/** A running program. What it says is kept, and shown when it dies without being asked. */
export class Running {
  #child;
  #said = "";
  #ended;

  constructor(program, args, { env = {}, cwd } = {}) {
    this.name = path.basename(program);
    this.#child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        this.#said = (this.#said + text).slice(-200_000);
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve({ error }));
      this.#child.once("exit", (code, signal) => resolve({ code, signal }));
    });
  }

  get pid() {
    return this.#child.pid;
  }

  get said() {
    return this.#said;
  }

  /** Waits until the program is ready, as `ask` finds out; a program that ends before is an error with its last words. */
  async ready(ask, within = 20_000) {
    const ended = this.#ended.then((how) => {
      throw new Error(`${this.name} ended before it was ready: ${JSON.stringify(how)}\n${this.#said}`);
    });
    ended.catch(() => {});
    await Promise.race([ended, until(`${this.name} to be ready`, ask, { within })]).catch((error) => {
      throw new Error(`${error.message}\n${this.#said}`, { cause: error });
    });
    return this;
  }

  /** Asks the program to end, and makes it after ten seconds. */
  async stop() {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    const how = await this.#ended;
    clearTimeout(timer);
    return how;
  }

  /** Ends the program at once, as a power cut would. */
  async kill() {
    this.#child.kill("SIGKILL");
    return this.#ended;
  }

  /** How it ended. */
  get ended() {
    return this.#ended;
  }
}

/** Runs a program to its end: its code and what it said on both streams. */
export async function runToEnd(program, args, { env = {}, cwd, input } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  child.stdin.end(input ?? "");
  const [code] = await once(child, "close");
  return { code, out, err };
}
