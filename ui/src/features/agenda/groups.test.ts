import { describe, expect, it } from "vitest";
import { groupOf, hiddenBy, readGroups, withGroup, withoutGroup, type Group } from "./groups";

const ALL = ["a", "b", "c", "d"];
const MORNING: Group = { name: "Matin", columns: ["a", "c"] };
const LYCEES: Group = { name: "Lycées", columns: ["b", "gone"] };

describe("named groups of columns", () => {
  it("show their own and hide the others, those who left apart", () => {
    expect([...hiddenBy(MORNING, ALL)]).toEqual(["b", "d"]);
    expect([...hiddenBy(LYCEES, ALL)]).toEqual(["a", "c", "d"]);
    expect(hiddenBy({ name: "Anciens", columns: ["gone"] }, ALL).size).toBe(0);
  });

  it("are known again by what is shown, and everybody is no group", () => {
    expect(groupOf([MORNING, LYCEES], ALL, ["c", "a"])?.name).toBe("Matin");
    expect(groupOf([MORNING, LYCEES], ALL, ["b"])?.name).toBe("Lycées");
    expect(groupOf([MORNING], ALL, ["a"])).toBeNull();
    expect(groupOf([{ name: "Tous", columns: ALL }], ALL, ALL)).toBeNull();
  });

  it("are replaced under the same name and never more than the keys reach", () => {
    const twice = withGroup([MORNING, LYCEES], { name: " matin ", columns: ["d"] });
    expect(twice).toEqual([{ name: "matin", columns: ["d"] }, LYCEES]);
    const nine = Array.from({ length: 9 }, (_, place): Group => ({
      name: `G${String(place)}`,
      columns: ["a"],
    }));
    expect(withGroup(nine, MORNING)).toEqual(nine);
    expect(withoutGroup(twice, "Lycées")).toHaveLength(1);
  });

  it("survive whatever was kept", () => {
    expect(readGroups(JSON.stringify([MORNING, { name: 3 }, null, { name: "", columns: [] }]))).toEqual([
      MORNING,
    ]);
    for (const kept of [null, "", "{", "7", '{"name":"x"}']) expect(readGroups(kept)).toEqual([]);
  });
});
