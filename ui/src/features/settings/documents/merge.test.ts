import { describe, expect, it } from "vitest";
import { giveWay, merge } from "./merge";

interface Kind {
  name: string;
  minutes: number;
  before?: string;
}

const base: Kind = { name: "Entretien", minutes: 45 };

describe("changes made side by side", () => {
  it("keeps both when they touch different fields", () => {
    const merged = merge<Kind>(base, { ...base, minutes: 60 }, { ...base, name: "Entretien long" });
    expect(merged.doc).toEqual({ name: "Entretien long", minutes: 60 });
    expect(merged.theirs.map((one) => one.field)).toEqual(["minutes"]);
    expect(merged.clashes).toEqual([]);
    expect(merged.clean).toBe(false);
  });

  it("asks when both changed the same field, each otherwise", () => {
    const merged = merge<Kind>(base, { ...base, minutes: 60 }, { ...base, minutes: 30, name: "Court" });
    expect(merged.doc).toEqual({ name: "Court", minutes: 30 });
    expect(merged.clashes).toEqual([{ field: "minutes", base: 45, theirs: 60, mine: 30 }]);
    expect(giveWay(merged)).toEqual({ name: "Court", minutes: 60 });
  });

  it("has nothing to ask when both had the same thought", () => {
    const merged = merge<Kind>(base, { ...base, minutes: 60 }, { ...base, minutes: 60 });
    expect(merged.theirs).toEqual([]);
    expect(merged.clean).toBe(true);
  });

  it("keeps a field that I emptied, and one that they added", () => {
    const told: Kind = { ...base, before: "Apportez vos bulletins." };
    expect(merge<Kind>(told, { ...told, minutes: 60 }, base).doc).toEqual({ ...base, minutes: 60 });
    expect(merge<Kind>(base, told, { ...base, minutes: 30 }).doc).toEqual({ ...told, minutes: 30 });
  });

  it("is clean when what was typed was taken back, whatever the order of fields", () => {
    expect(merge<Kind>(base, base, { minutes: 45, name: "Entretien" }).clean).toBe(true);
  });
});
