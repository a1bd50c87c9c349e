import { describe, expect, it } from "vitest";
import {
  addDays,
  ageOn,
  civil,
  clock,
  dayAndHour,
  dayName,
  dayNear,
  duration,
  hour,
  instantOf,
  stepWorkday,
} from "./dates";
import { readDay } from "./dayInput";
import { fold, french, phone, plural, shortSurname } from "./text";

const PARIS = "Europe/Paris";
const NBSP = "\u00a0";
const NARROW = "\u202f";

describe("instants and civil time", () => {
  it("reads winter and summer time in the zone given, whatever the computer's", () => {
    expect(civil("2026-11-23T13:30:00Z", PARIS)).toEqual({ day: "2026-11-23", minute: 14 * 60 + 30 });
    expect(civil("2026-07-01T22:30:00Z", PARIS)).toEqual({ day: "2026-07-02", minute: 30 });
    expect(civil("2026-11-23T13:30:00Z", "Indian/Reunion")).toEqual({
      day: "2026-11-23",
      minute: 17 * 60 + 30,
    });
  });

  it("gives back the instant of a civil time on both sides of a change of clocks", () => {
    for (const day of ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"])
      for (const minute of [0, 480, 870, 1380])
        expect(civil(instantOf(day, minute, PARIS), PARIS), `${day} ${String(minute)}`).toEqual({
          day,
          minute,
        });
    expect(instantOf("2026-11-23", 870, PARIS)).toBe("2026-11-23T13:30:00Z");
  });

  it("writes hours for grids and for sentences", () => {
    expect(clock("2026-11-23T08:05:00Z", PARIS)).toBe("9:05");
    expect(hour("2026-11-23T13:30:00Z", PARIS)).toBe(`14${NBSP}h${NBSP}30`);
    expect(hour("2026-11-23T08:00:00Z", PARIS)).toBe(`9${NBSP}h`);
    expect(dayAndHour("2026-11-23T13:30:00Z", PARIS)).toBe(`lundi 23 novembre, 14${NBSP}h${NBSP}30`);
    expect(duration(17)).toBe(`17${NBSP}min`);
    expect(duration(65)).toBe(`1${NBSP}h${NBSP}05`);
  });
});

describe("days", () => {
  it("are written in French, the first of a month as 1er", () => {
    expect(dayName("2026-11-23")).toBe("lundi 23 novembre");
    expect(dayName("2026-12-01")).toBe("mardi 1er décembre");
    expect(dayName("2026-12-01", "short")).toBe("mar. 1er déc.");
    expect(dayName("2026-12-16", "short")).toBe("mer. 16 déc.");
    expect(dayName("2026-12-11")).toBe("vendredi 11 décembre");
    expect(dayName("2026-11-25", "bare")).toBe(`mer.${NBSP}25`);
    expect(dayName("2009-03-04", "digits")).toBe("04/03/2009");
    expect(dayNear("2026-11-24", "2026-11-23")).toBe("demain");
    expect(dayNear("2026-12-02", "2026-11-23")).toBe("mer. 2 déc.");
  });

  it("step over week ends and across years", () => {
    expect(stepWorkday("2026-11-27", 1)).toBe("2026-11-30");
    expect(stepWorkday("2026-11-23", -1)).toBe("2026-11-20");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(ageOn("2009-11-24", "2026-11-23")).toBe(16);
    expect(ageOn("2009-11-23", "2026-11-23")).toBe(17);
  });
});

describe("a day as typed at a counter", () => {
  const today = "2026-11-23";
  const cases: [string, string, number?][] = [
    ["lun 14h", "2026-11-23", 840],
    ["mar", "2026-11-24"],
    ["mercredi 9h30", "2026-11-25", 570],
    ["mer 25 nov 9:15", "2026-11-25", 555],
    ["demain", "2026-11-24"],
    ["aujourd’hui", "2026-11-23"],
    ["24", "2026-11-24"],
    ["3", "2026-12-03"],
    ["24/11", "2026-11-24"],
    ["4/1", "2027-01-04"],
    ["04/03/2009", "2009-03-04"],
    ["1er décembre", "2026-12-01"],
    ["16 déc. 2027", "2027-12-16"],
    ["+7", "2026-11-30"],
    ["14h", "2026-11-23", 840],
    ["ven. 27 à 14 h 05", "2026-11-27", 845],
  ];
  it.each(cases)("%s", (typed, day, minute) => {
    expect(readDay(typed, today)).toEqual(minute === undefined ? { day } : { day, minute });
  });
  it.each(["", "benai", "31/02", "lun 25h", "31 avril", "12/13", "ma", "Lundi Martin"])(
    "not a day: %s",
    (typed) => {
      expect(readDay(typed, today)).toBeNull();
    },
  );
});

describe("French text", () => {
  it("has its spaces and apostrophes", () => {
    expect(french("Quoi ? Rien d'autre ; oui !")).toBe(`Quoi${NARROW}? Rien d’autre${NARROW}; oui${NARROW}!`);
    expect(french("À vérifier : la salle")).toBe(`À vérifier${NBSP}: la salle`);
    expect(french("dites « oui »")).toBe(`dites «${NARROW}oui${NARROW}»`);
    expect(french("à 14:30")).toBe("à 14:30");
  });
  it("counts zero and one alike", () => {
    expect(plural(0, "libre")).toBe(`0${NBSP}libre`);
    expect(plural(2, "libre")).toBe(`2${NBSP}libres`);
    expect(plural(3, "rendez-vous", "rendez-vous")).toBe(`3${NBSP}rendez-vous`);
  });
  it("compares without accents, case or ligatures", () => {
    expect(fold("Bénaïssa")).toBe("benaissa");
    expect(fold("L’Œuvre")).toBe("l'oeuvre");
  });
  it("writes French numbers in pairs and leaves others alone", () => {
    expect(phone("0612401855")).toBe(["06", "12", "40", "18", "55"].join(NBSP));
    expect(phone("+33 6 12 40 18 55")).toBe(["06", "12", "40", "18", "55"].join(NBSP));
    expect(phone("+32 2 555 12 12")).toBe("+32 2 555 12 12");
  });
  it("shortens a long compound surname at its hyphen, and no other", () => {
    expect(shortSurname("Mme Vandenbroucke-Ramanantsoa")).toBe("Mme Vandenbroucke-R.");
    expect(shortSurname("M. Étchegaray-Öberg-Saint-Martin")).toBe("M. Étchegaray-Ö.");
    expect(shortSurname("M. Aït-Ahmed")).toBe("M. Aït-Ahmed");
    expect(shortSurname("Mme Papadimitrakopoulos")).toBe("Mme Papadimitrakopoulos");
  });
});
