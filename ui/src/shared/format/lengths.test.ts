import { expect, it } from "vitest";
import { lengthWords, readLength } from "./lengths";

it("reads a length as people write it", () => {
  for (const [text, minutes] of [
    ["45", 45],
    ["45 min", 45],
    ["1h30", 90],
    ["1 h 30 min", 90],
    ["1\u00a0h\u00a005", 65],
    ["2 j", 2880],
    ["1 jour", 1440],
    ["0", 0],
  ] as const) {
    expect(readLength(text), text).toBe(minutes);
  }
});

it("takes for no length what is none", () => {
  for (const text of ["", "bientôt", "-5", "1:30", "4 h avant"]) expect(readLength(text), text).toBeNull();
});

it("says a length so that it can be read back", () => {
  for (const minutes of [0, 5, 45, 60, 65, 90, 240, 1440, 2880, 20160]) {
    expect(readLength(lengthWords(minutes)), lengthWords(minutes)).toBe(minutes);
  }
});
