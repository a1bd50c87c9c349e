import { expect, it } from "vitest";
import { civilTime, minuteOf, readClock } from "./clocks";

it("reads a time of day as people write it", () => {
  expect(["8h30", "8:30", "14h", "14", "14 h 05", "0:00", "24h"].map(readClock)).toEqual([
    510, 510, 840, 840, 845, 0, 1440,
  ]);
  expect(["", "8h60", "25", "midi", "24:30"].map(readClock)).toEqual([null, null, null, null, null]);
});

it("writes it as the desk does, and back", () => {
  expect(civilTime(510)).toBe("08:30:00");
  for (const minute of [0, 5, 510, 1439]) expect(minuteOf(civilTime(minute))).toBe(minute);
});
