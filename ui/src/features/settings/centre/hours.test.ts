import { expect, it } from "vitest";
import { added, changed, dayOf, likeMonday, total, type Hours } from "./hours";

const HOURS: Hours = [
  { weekday: 0, from: "13:30:00", to: "17:30:00" },
  { weekday: 0, from: "08:30:00", to: "12:30:00" },
  { weekday: 5, from: "09:00:00", to: "12:00:00" },
];

it("gives a weekday its stretches in order, each with its own place", () => {
  expect(dayOf(HOURS, 0)).toEqual([
    { index: 1, from: 510, to: 750 },
    { index: 0, from: 810, to: 1050 },
  ]);
  expect(dayOf(HOURS, 1)).toEqual([]);
});

it("changes one stretch and leaves the others", () => {
  const next = changed(HOURS, 2, { to: 750 });
  expect(next[2]).toEqual({ weekday: 5, from: "09:00:00", to: "12:30:00" });
  expect(next.slice(0, 2)).toEqual(HOURS.slice(0, 2));
});

it("adds a stretch after those that are there", () => {
  const tuesday = added(added(HOURS, 1), 1);
  expect(dayOf(tuesday, 1).map(({ from, to }) => [from, to])).toEqual([
    [510, 750],
    [810, 1050],
  ]);
  const evening = dayOf(added(HOURS, 0), 0).at(-1);
  expect([evening?.from, evening?.to]).toEqual([1080, 1200]);
});

it("spreads Monday over the week and leaves Saturday alone", () => {
  const week = likeMonday(HOURS);
  for (const weekday of [0, 1, 2, 3, 4]) expect(dayOf(week, weekday).length).toBe(2);
  expect(dayOf(week, 5)).toEqual(dayOf(week, 5));
  expect(total(week)).toBe("43\u00a0h par semaine");
});
