// The programs of the computer that show files and pages, in front of its own on PATH.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** All that are asked in turn, the first one first. */
const PROGRAMS = ["xdg-open", "gio", "gnome-open", "kde-open", "wslview"];

/** Programs that start, note what they are asked to show, and then do it or fail as they are told. */
export class Programs {
  #folder;

  /** They fail at first: as they do where none is there for what they are asked to show. */
  static async lay(folder) {
    const programs = new Programs();
    programs.#folder = path.join(folder, "programs");
    await mkdir(programs.#folder);
    const script = `#!/bin/sh
printf '%s\\n' "$@" >> '${programs.#noted}'
[ -e '${programs.#works}' ] || exit 3
`;
    for (const name of PROGRAMS) await writeFile(path.join(programs.#folder, name), script, { mode: 0o755 });
    return programs;
  }

  get #noted() {
    return path.join(this.#folder, "asked");
  }

  get #works() {
    return path.join(this.#folder, "works");
  }

  /** PATH with these in front. */
  get path() {
    return `${this.#folder}:${process.env.PATH}`;
  }

  /** From now on they show what they are asked to. */
  async work() {
    await writeFile(this.#works, "");
  }

  /** What they were asked to show since this was last asked, each once and in order. */
  async asked() {
    const text = await readFile(this.#noted, "utf8").catch(() => "");
    await rm(this.#noted, { force: true });
    return [...new Set(text.split("\n").filter(Boolean))];
  }
}
