import { describe, expect, it } from "vitest";
import type { AppointmentView } from "~/shared/backend";
import { EVERYTHING, kept, sorted } from "./rows";

function row(id: string, start: string, over: Partial<AppointmentView> = {}): AppointmentView {
  const [given = "", family = ""] = id.split(" ");
  return {
    id,
    start: `2026-11-23T${start}:00Z`,
    status: "booked",
    status_missing: false,
    conflict: null,
    sync: "acknowledged",
    standing: "confirmed",
    counsellor: { id: "p1", name: "Mme Dupont" },
    second: null,
    session: null,
    site: "s1",
    client: { id, name: id, given_name: given, family_name: family, class_level: null, phone: null },
    kind: { id: "k", name: "Entretien", duration_min: 45, capacity: 1, colour: "green" },
    ...over,
  } as AppointmentView;
}

const ROWS = [
  row("Zoé Émery", "09:00", { status: "attended", counsellor: { id: "p2", name: "M. Haddad" } }),
  row("Anna Dubois", "08:00", { status_missing: true }),
  row("Bilal Eddine", "10:00", { site: "s2" }),
  row("Chloé Aubry", "09:00"),
];
const names = (rows: AppointmentView[]): string[] => rows.map((one) => one.id);

describe("a list of meetings", () => {
  it("is put in order by time, family name without accents, counsellor, or what asks for somebody", () => {
    const byTime = ["Anna Dubois", "Zoé Émery", "Chloé Aubry", "Bilal Eddine"];
    expect(names(sorted(ROWS, { by: "time", down: false }))).toEqual(byTime);
    expect(names(sorted(ROWS, { by: "person", down: false }))).toEqual([
      "Chloé Aubry",
      "Anna Dubois",
      "Bilal Eddine",
      "Zoé Émery",
    ]);
    expect(names(sorted(ROWS, { by: "counsellor", down: true }))[3]).toBe("Zoé Émery");
    expect(names(sorted(ROWS, { by: "state", down: false }))).toEqual([
      "Anna Dubois",
      "Chloé Aubry",
      "Bilal Eddine",
      "Zoé Émery",
    ]);
    expect(names(ROWS)[0]).toBe("Zoé Émery");
  });

  it("is kept to a state as it is drawn, a person, a site", () => {
    expect(names(kept(ROWS, { ...EVERYTHING, state: "missing" }))).toEqual(["Anna Dubois"]);
    expect(names(kept(ROWS, { ...EVERYTHING, state: "booked" }))).toEqual(["Bilal Eddine", "Chloé Aubry"]);
    expect(names(kept(ROWS, { ...EVERYTHING, counsellor: "p2" }))).toEqual(["Zoé Émery"]);
    const both = row("Dina Fall", "11:00", { second: { id: "p2", name: "M. Haddad" } });
    expect(names(kept([...ROWS, both], { ...EVERYTHING, counsellor: "p2" }))).toEqual([
      "Zoé Émery",
      "Dina Fall",
    ]);
    expect(names(kept(ROWS, { state: "booked", counsellor: "p1", site: "s2" }))).toEqual(["Bilal Eddine"]);
    expect(kept(ROWS, EVERYTHING)).toHaveLength(4);
  });
});
