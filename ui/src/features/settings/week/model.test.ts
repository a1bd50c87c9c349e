import { describe, expect, it } from "vitest";
import type { OccurrenceView } from "~/shared/backend";
import { repeatText } from "../words";
import { mondayOf, movedTo, rowsOf, shifted, walk } from "./model";

const DAYS = ["2026-11-23", "2026-11-24", "2026-11-25"];

function plage(date: string, from: number, over: Partial<OccurrenceView> = {}): OccurrenceView {
  return {
    entity: "opening",
    id: `o-${date}-${String(from)}`,
    counsellor: { id: "p1", name: "Mme Dupont" },
    date,
    last_date: date,
    blocks: [{ from, to: from + 240 }],
    site: "s1",
    site_name: "CIO d’Amiens",
    label: null,
    duty: false,
    repeats: true,
    changed: false,
    suppressed: null,
    suppressed_name: null,
    ...over,
  };
}

const STAFF = [
  { id: "p1", name: "Mme Dupont" },
  { id: "p2", name: "M. Haddad" },
];
const ROWS = rowsOf(STAFF, DAYS, [
  plage("2026-11-23", 510),
  plage("2026-11-23", 810),
  plage("2026-11-25", 510, { counsellor: { id: "p2", name: "M. Haddad" } }),
]);

describe("the week of openings", () => {
  it("begins on Monday, whatever the day", () => {
    expect(["2026-11-23", "2026-11-25", "2026-11-29"].map(mondayOf)).toEqual(Array(3).fill("2026-11-23"));
  });

  it("walks the plages of a cell before it leaves it, and stays at the edges", () => {
    const start = { row: 0, column: 0, item: 0 };
    const second = walk(ROWS, start, "ArrowDown");
    expect(second).toEqual({ row: 0, column: 0, item: 1 });
    expect(walk(ROWS, second, "ArrowDown")).toEqual({ row: 1, column: 0, item: 0 });
    expect(walk(ROWS, { row: 1, column: 0, item: 0 }, "ArrowUp")).toEqual(second);
    expect(walk(ROWS, second, "ArrowRight")).toEqual({ row: 0, column: 1, item: 0 });
    expect(walk(ROWS, start, "ArrowLeft")).toEqual(start);
    expect(walk(ROWS, start, "End")).toEqual({ row: 0, column: 2, item: 0 });
  });

  it("draws an absence of several days in each of them", () => {
    const long = plage("2026-11-23", 510, { entity: "absence", last_date: "2026-11-24" });
    expect(rowsOf(STAFF, DAYS, [long])[0]?.cells.map((cell) => cell.length)).toEqual([1, 1, 0]);
  });

  it("moves a plage as a whole, or its end alone", () => {
    const one = plage("2026-11-23", 510);
    expect(movedTo(one, "2026-11-25").date).toBe("2026-11-25");
    expect(shifted(one, 15, false).blocks).toEqual([{ from: 525, to: 765 }]);
    expect(shifted(one, -15, true).blocks).toEqual([{ from: 510, to: 735 }]);
  });
});

describe("words of a repetition", () => {
  const weekly = {
    frequency: "weekly",
    interval: 1,
    weekdays: ["Mon", "Thu"],
    nth_weekday: null,
    until: null,
  } as const;
  it("says it as one would", () => {
    const text = (rule: object): string =>
      repeatText({ ...weekly, weekdays: [...weekly.weekdays], ...rule }, "2026-11-24");
    expect(text({})).toBe("chaque semaine, le lundi et le jeudi");
    expect(text({ interval: 2, weekdays: [] })).toBe("toutes les 2 semaines, le mardi");
    expect(text({ frequency: "monthly", weekdays: [], nth_weekday: { nth: -1, weekday: "Fri" } })).toBe(
      "le dernier vendredi de chaque mois",
    );
    expect(text({ until: "2027-07-03" })).toContain("jusqu’au samedi 3 juillet 2027");
    expect(repeatText(null, "2026-11-24")).toBe("le mardi 24 novembre 2026 seulement");
  });
});
