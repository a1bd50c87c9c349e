import { describe, expect, it } from "vitest";
import type { CatalogueHit, CatalogueOpenDay, CataloguePlace, CatalogueRecord } from "~/shared/backend";
import { EDGE, nearMap, SIDE } from "./nearMap";
import { appended, plainOfMarkdown, replyText } from "./reply";
import { openDayText, releaseText, whyText } from "./words";

const place = (id: string, offset: [number, number] | null): CataloguePlace => ({
  id,
  programme: { id: "FOR.1", label: "CAP cuisine", known: true },
  institution: { id: `ENS.${id}`, label: "Lycée Saint-Rémi", known: true },
  place: "lycée professionnel · Amiens, Somme",
  attendance: ["temps plein"],
  duration: "2 ans",
  distance_km: offset === null ? null : Math.hypot(...offset),
  offset_km: offset,
  url: null,
  gone_since: null,
});

const record = (part: Partial<CatalogueRecord>): CatalogueRecord => ({
  id: "FOR.1",
  kind: "programme",
  title: "CAP cuisine",
  subtitle: "CAP · 2 ans",
  facts: [{ key: "duration", value: "2 ans" }],
  texts: [],
  programmes: [],
  occupations: [],
  institutions: [],
  questions: [],
  places: [place("1", [3, 4])],
  places_total: 1,
  open_days: [],
  near: "80090 Amiens",
  distance_km: null,
  url: "https://www.example.org/FOR.1",
  answer: null,
  gone_since: null,
  named_only: false,
  sources: [],
  ...part,
});

const day = (part: Partial<CatalogueOpenDay>): CatalogueOpenDay => ({
  institution: { id: "ENS.1", label: "Lycée", known: true },
  from: "2026-12-05",
  to: null,
  opens: null,
  closes: null,
  online: false,
  written: "le 05/12/2026",
  url: null,
  ...part,
});

describe("what goes into a reply", () => {
  it("is the name, the nearest place and the official page of a programme", () => {
    expect(replyText(record({})).split("\n")).toEqual([
      "CAP cuisine, CAP, 2 ans",
      "Lieu le plus proche\u00a0: Lycée Saint-Rémi, lycée professionnel, Amiens, Somme, 5,0\u00a0km",
      "https://www.example.org/FOR.1",
    ]);
  });

  it("says no nearest place where no home was said, and the duration where nothing else does", () => {
    const text = replyText(record({ near: null, subtitle: "CAP", places: [place("1", null)] }));
    expect(text).toContain("Durée\u00a0: 2 ans");
    expect(text).toContain("Par exemple\u00a0: Lycée Saint-Rémi");
    expect(text).not.toContain("km");
  });

  it("keeps every letter of an address, question marks too", () => {
    const url = "https://www.example.org/recherche?id=1;b=2!";
    expect(replyText(record({ url })).split("\n").at(-1)).toBe(url);
  });

  it("is the answer to a question without the signs of its markup", () => {
    const answer = [
      "## En bref",
      "",
      "Oui, **sans internat** : voir [la liste](https://www.example.org/liste) et *surtout* le `CAP`.",
      "",
      "* un",
      "* deux_trois_quatre",
      "",
      "> cité",
      "<https://www.example.org>",
    ].join("\r\n");
    expect(plainOfMarkdown(answer)).toBe(
      [
        "En bref",
        "",
        "Oui, sans internat : voir la liste (https://www.example.org/liste) et surtout le CAP.",
        "",
        "- un",
        "- deux_trois_quatre",
        "",
        "cité",
        "https://www.example.org",
      ].join("\n"),
    );
    expect(replyText(record({ kind: "faq", answer: "**Oui**." }))).toBe("Oui.");
  });

  it("stands a line under what is written, and alone where nothing is", () => {
    expect(appended("Bonjour,  \n", "CAP")).toBe("Bonjour,\n\nCAP\n");
    expect(appended(" ", "CAP")).toBe("CAP\n");
  });
});

describe("which words led to a hit", () => {
  const hit: Pick<CatalogueHit, "title" | "subtitle" | "snippet" | "why"> = {
    title: [
      { text: "Mécanicien", hit: true },
      { text: " / mécanicienne ", hit: false },
      { text: "automobile", hit: true },
    ],
    subtitle: "mécanique",
    snippet: [],
    why: [
      { asked: "voiture", how: "exact", found: null },
      { asked: "garagiste", how: "synonym", found: "mecanicien" },
      { asked: "garagiste", how: "synonym", found: "mecanicien" },
    ],
  };
  it("is said once each, as the record writes them, the surprising ones first", () => {
    expect(whyText(hit)).toBe("garagiste → mécanicien, «\u202fvoiture\u202f»");
  });
  it("leaves as it is what the record does not write", () => {
    const why = [{ asked: "meca", how: "synonym", found: "soudeur" }];
    expect(whyText({ ...hit, why })).toBe("meca → soudeur");
  });
});

describe("open days", () => {
  it("are said as one says them", () => {
    expect(openDayText(day({ opens: "09:30:00", closes: "16:30:00" }))).toBe(
      "samedi 5 décembre, de 9\u00a0h\u00a030 à 16\u00a0h\u00a030",
    );
    expect(openDayText(day({ to: "2026-12-06", online: true }))).toBe("du 5 au 6 décembre, en ligne");
    expect(openDayText(day({ from: null, written: "sur rendez-vous ; tous les mercredis" }))).toBe(
      "sur rendez-vous\u202f; tous les mercredis",
    );
  });
});

describe("a release", () => {
  it("is said by its day", () => {
    expect(releaseText("20261102-081500")).toBe("2 novembre 2026");
    expect(releaseText("2026-11-02")).toBe("2 novembre 2026");
    expect(releaseText("essai")).toBe("essai");
  });
});

describe("the little map", () => {
  it("puts east to the right and north on top, at the square root of the distance", () => {
    const map = nearMap([place("e", [50, 0]), place("n", [0, 12.5]), place("home", [0, 0])]);
    expect(map?.rings.at(-1)).toEqual({ km: 50, radius: EDGE });
    const [east, north, home] = map?.points ?? [];
    expect([east?.x, east?.y]).toEqual([SIDE / 2 + EDGE, SIDE / 2]);
    expect(north?.x).toBe(SIDE / 2);
    expect(north?.y).toBeCloseTo(SIDE / 2 - EDGE / 2);
    expect([home?.x, home?.y]).toEqual([SIDE / 2, SIDE / 2]);
  });
  it("keeps in the drawing what is beyond the sea, and is not drawn where nothing is known", () => {
    const point = nearMap([place("far", [-6000, -4000])])?.points[0];
    expect(point?.far).toBe(true);
    expect(Math.hypot((point?.x ?? 0) - SIDE / 2, (point?.y ?? 0) - SIDE / 2)).toBeLessThan(SIDE / 2);
    expect(nearMap([place("unknown", null)])).toBeNull();
  });
});
