import { describe, expect, it } from "vitest";
import { absenceOf, typedOf, type AbsenceTyped } from "./draft";

const TYPED: AbsenceTyped = {
  people: ["p1", "p2"],
  label: " Formation ",
  detail: "",
  first: "2026-11-25",
  last: "2026-11-26",
  whole: true,
  from: 540,
  to: 720,
  rule: null,
};

describe("an absence as typed", () => {
  it("lasts to the end of its last day, and comes back as it was typed", () => {
    const doc = absenceOf(TYPED, "p1", "a1", []);
    expect([doc.start, doc.end, doc.label]).toEqual([
      "2026-11-25T00:00:00",
      "2026-11-27T00:00:00",
      "Formation",
    ]);
    expect("rule" in doc || "detail" in doc).toBe(false);
    expect(typedOf(doc)).toMatchObject({ first: "2026-11-25", last: "2026-11-26", whole: true });
  });

  it("keeps its hours", () => {
    const doc = absenceOf({ ...TYPED, whole: false, last: "2026-11-25" }, "p1", "a1", ["2026-12-02"]);
    expect([doc.start, doc.end, doc.except]).toEqual([
      "2026-11-25T09:00:00",
      "2026-11-25T12:00:00",
      ["2026-12-02"],
    ]);
    expect(typedOf(doc)).toMatchObject({ whole: false, from: 540, to: 720, last: "2026-11-25" });
  });
});
