import { describe, expect, it } from "vitest";
import type { SiteDoc } from "~/shared/backend";
import {
  changesFor,
  daysOf,
  knownOf,
  monthAway,
  monthsOf,
  rangeOf,
  rangeWords,
  schoolYearOf,
  stretchesOf,
  weeksOf,
  workdays,
} from "./year";

const site = (id: string, closures: string[]): SiteDoc => ({
  id,
  name: id,
  kind: "main",
  address: "",
  zone: "Europe/Paris",
  holidays: "metropole",
  closures,
});

describe("the school year", () => {
  it("begins in September", () => {
    expect(schoolYearOf("2026-08-31")).toBe(2025);
    expect(schoolYearOf("2026-09-01")).toBe(2026);
    expect(monthsOf(2026).at(0)).toBe("2026-09-01");
    expect(monthsOf(2026).at(-1)).toBe("2027-08-01");
  });

  it("holds each day of a month once, under its weekday", () => {
    for (const first of [...monthsOf(2023), ...monthsOf(2026)]) {
      const days = weeksOf(first).flat();
      const own = days.filter((day) => day !== null);
      expect(own[0]).toBe(first);
      expect(new Set(own).size).toBe(own.length);
      expect(own.every((day) => day.startsWith(first.slice(0, 7)))).toBe(true);
      expect(days.length % 7).toBe(0);
    }
    expect(weeksOf("2024-02-01").flat().filter(Boolean).length).toBe(29);
  });

  it("steps months to days that exist", () => {
    expect(monthAway("2027-01-31", 1)).toBe("2027-02-28");
    expect(monthAway("2027-03-31", -1)).toBe("2027-02-28");
    expect(monthAway("2026-12-15", 1)).toBe("2027-01-15");
  });
});

describe("a range", () => {
  it("is said as one says it", () => {
    expect(rangeWords(rangeOf("2026-12-31", "2026-12-28"))).toBe("du lundi 28 au jeudi 31 décembre 2026");
    expect(rangeWords(rangeOf("2026-12-28", "2027-01-02"))).toBe(
      "du lundi 28 décembre au samedi 2 janvier 2027",
    );
    expect(rangeWords(rangeOf("2026-12-28", "2026-12-28"))).toBe("lundi 28 décembre 2026");
  });

  it("counts only days on which somebody would work", () => {
    const known = knownOf(
      [
        {
          public: [{ date: "2026-12-25", name: "Noël", alsace_moselle: false }],
          school: [],
          school_zone: null,
          known_until: null,
        },
      ],
      2026,
    );
    expect(workdays(daysOf(rangeOf("2026-12-24", "2026-12-28")), known)).toEqual([
      "2026-12-24",
      "2026-12-28",
    ]);
  });
});

describe("closures", () => {
  it("are stretches of days in a row at the same sites", () => {
    const sites = [site("a", ["2026-12-28", "2026-12-29", "2026-12-31"]), site("b", ["2026-12-29"])];
    expect(stretchesOf(sites, 2026).map(({ first, last, sites: at }) => [first, last, at.length])).toEqual([
      ["2026-12-28", "2026-12-28", 1],
      ["2026-12-29", "2026-12-29", 2],
      ["2026-12-31", "2026-12-31", 1],
    ]);
  });

  it("are added and taken out only where that changes something", () => {
    const sites = [site("a", ["2026-12-28"]), site("b", [])];
    const close = changesFor(sites, ["2026-12-28"], true);
    expect(close.map((change) => change.to.doc)).toEqual([{ ...site("b", ["2026-12-28"]) }]);
    expect(changesFor(sites, ["2026-12-28"], false).map((change) => change.to.doc)).toEqual([site("a", [])]);
    expect(changesFor(sites, ["2027-01-04"], false)).toEqual([]);
  });
});
