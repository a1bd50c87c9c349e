import { describe, expect, it } from "vitest";
import type { LeaseView } from "~/shared/backend";
import { halvesText, heldDays } from "./heldDays";

function lease(date: string, name: string, morning: boolean, desk = "a"): LeaseView {
  return {
    id: `${name}:${date}:${morning ? "am" : "pm"}/1`,
    counsellor: { id: name, name },
    date,
    morning,
    until: `${date}T12:00:00Z`,
    desk,
    desk_name: `Poste ${desk}`,
    here: desk === "a",
    asked_back: false,
  };
}

describe("days that a desk holds", () => {
  const leases = [
    lease("2026-11-23", "Mme Leroy", false),
    lease("2026-11-24", "Mme Dupont", true),
    lease("2026-11-24", "Mme Leroy", true),
    lease("2026-11-24", "Mme Dupont", false),
    lease("2026-11-24", "M. Haddad", true, "b"),
  ];

  it("stand by day and desk", () => {
    expect(heldDays(leases).map((day) => [day.date, day.desk, day.leases.length])).toEqual([
      ["2026-11-23", "Poste a", 1],
      ["2026-11-24", "Poste a", 3],
      ["2026-11-24", "Poste b", 1],
    ]);
  });

  it("say who is held when", () => {
    expect(halvesText(heldDays(leases)[1]?.leases ?? [])).toEqual([
      "journée\u00a0: Mme Dupont",
      "matin\u00a0: Mme Leroy",
    ]);
    expect(halvesText(heldDays(leases)[0]?.leases ?? [])).toEqual(["après-midi\u00a0: Mme Leroy"]);
  });
});
