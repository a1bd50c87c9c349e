import { describe, expect, it } from "vitest";
import { blank, draftOf, newGuardian } from "./form";
import { birthErrorText } from "./words";

describe("a birth date that is none", () => {
  it("says where the month ends, in the year that was typed", () => {
    expect(birthErrorText("no_such_day", "31/02/2010")).toBe(
      "Ce jour n’existe pas\u00a0: février s’arrête au 28 en 2010.",
    );
    expect(birthErrorText("no_such_day", "30/02/2012")).toContain("au 29 en 2012");
    expect(birthErrorText("no_such_day", "2010-04-31")).toContain("avril s’arrête au 30");
    expect(birthErrorText("date", "hier")).toContain("jour/mois/année");
    expect(birthErrorText("in_the_future", "01/01/2050")).toBe("Cette date est à venir.");
  });
});

describe("the form", () => {
  it("starts with what was searched for in its place", () => {
    expect(blank("benchekroun ines")).toMatchObject({ family_name: "Benchekroun", given_name: "Ines" });
    expect(blank("06 39 98 14 70")).toMatchObject({ family_name: "", phone: "0639981470" });
  });

  it("leaves out a guardian about whom nothing was said, and fills in the shared family name", () => {
    const empty = newGuardian("mother", "Petit");
    const father = { ...newGuardian("father", ""), given_name: "Paul", phone: " 06 39 98 15 81 " };
    const typed = { ...blank("Petit Nolan"), guardians: [empty, father] };
    expect(draftOf(typed).guardians).toEqual([
      {
        id: null,
        relation: "father",
        given_name: "Paul",
        family_name: "Petit",
        phone: "06 39 98 15 81",
        mail: null,
      },
    ]);
  });

  it("sends nothing for a field that is empty", () => {
    expect(draftOf(blank("Petit"))).toMatchObject({
      birth_date: null,
      phone: null,
      school: null,
      category: null,
    });
  });
});
