// A virtual display, for machines and tests without a screen, and pictures of what it shows.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { png } from "./png.mjs";
import { temporaryFolder } from "./processes.mjs";

/** Starts Xvfb on a display number that it chooses itself. */
export async function openDisplay({ width = 1440, height = 900 } = {}) {
  const frames = await temporaryFolder("display");
  const screen = ["-screen", "0", `${width}x${height}x24`, "-fbdir", frames.folder];
  const child = spawn("Xvfb", ["-displayfd", "3", ...screen, "-nolisten", "tcp", "-noreset"], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const failed = Promise.race([
    once(child, "exit").then(([code]) => {
      throw new Error(`Xvfb ended with ${code} before it had a display`);
    }),
    once(child, "error").then(([error]) => {
      throw new Error(`Xvfb could not start: ${error.message}`);
    }),
  ]);
  failed.catch(() => {});
  const number = await Promise.race([
    failed,
    (async () => {
      let text = "";
      for await (const chunk of child.stdio[3]) {
        text += chunk;
        if (text.includes("\n")) return text.trim();
      }
      throw new Error("Xvfb said no display number");
    })(),
  ]);
  return {
    name: `:${number}`,
    width,
    height,
    /** The file in which the display's picture is kept, always as it is now. */
    frames: path.join(frames.folder, "Xvfb_screen0"),
    /** Writes what the display shows as PNG. WebKitWebDriver's own screenshot never answers without a compositor. */
    async picture(file) {
      await writeFile(file, fromXwd(await readFile(path.join(frames.folder, "Xvfb_screen0"))));
    },
    async close() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await frames.remove();
    },
  };
}

/** A PNG from an X window dump of 32 bits a pixel (X11/XWDFile.h: a header of big-endian words, colours, rows). */
function fromXwd(dump) {
  const word = (index) => dump.readUInt32BE(index * 4);
  const [headerSize, format, width, height] = [word(0), word(2), word(4), word(5)];
  const [bigEndian, bitsPerPixel, bytesPerLine, colours] = [word(7) === 1, word(11), word(12), word(19)];
  if (format !== 2 || bitsPerPixel !== 32) {
    throw new Error(`an X dump of format ${format} with ${bitsPerPixel} bits a pixel cannot be read`);
  }
  const start = headerSize + colours * 12;
  const [red, green, blue] = bigEndian ? [1, 2, 3] : [2, 1, 0];
  const rgb = Buffer.alloc(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    let from = start + y * bytesPerLine;
    for (let x = 0; x < width; x += 1, from += 4) {
      rgb[to++] = dump[from + red];
      rgb[to++] = dump[from + green];
      rgb[to++] = dump[from + blue];
    }
  }
  return png(width, height, rgb);
}
