import { describe, expect, it } from "vitest";
import type { CatalogueAnswer, CatalogueHit, CatalogueRecord } from "~/shared/backend";
import { rowsOf } from "./compare";
import { leftText } from "~/shared/format/numbers";
import { endText, filesOf, percentOf, progressText, sizeText } from "./importWords";
import { markToggled } from "./memory";
import { entriesOf, isIdle, NO_FILTERS, queryOf, toggled, widened, type Asked } from "./query";

const asked = (part: Partial<Asked> = {}): Asked => ({
  text: "",
  filters: NO_FILTERS,
  near: "80090 Amiens",
  within: null,
  order: "relevance",
  ...part,
});

const hit = (id: string, kind = "programme"): CatalogueHit => ({
  id,
  kind,
  title: [{ text: id, hit: false }],
  subtitle: "",
  snippet: [],
  distance_km: null,
  places: 0,
  why: [],
});

describe("what is asked", () => {
  it("is nothing while nothing narrows it", () => {
    expect(isIdle(asked({ text: "  " }))).toBe(true);
    expect(isIdle(asked({ within: 30 }))).toBe(false);
    expect(isIdle(asked({ filters: toggled(NO_FILTERS, "kinds", "faq") }))).toBe(false);
  });
  it("asks for a page of one kind, and for a few of each", () => {
    const one = queryOf(asked({ text: " soin ", filters: toggled(NO_FILTERS, "kinds", "occupation") }));
    expect([one.text, one.kinds, one.limit]).toEqual(["soin", ["occupation"], 100]);
    expect(queryOf(asked()).limit).toBe(5);
  });
  it("is not held to a distance from nowhere", () => {
    const query = queryOf(asked({ near: " ", within: 30, order: "distance" }));
    expect([query.near, query.within_km, query.order]).toEqual([null, null, "relevance"]);
  });
  it("is widened to the words alone", () => {
    expect(widened(asked({ text: "soin", within: 30 }))).toEqual({ text: "soin", limit: 1, offset: 0 });
  });
  it("chooses a value, and lets go of it", () => {
    const chosen = toggled(NO_FILTERS, "levels", "bac");
    expect(chosen.levels).toEqual(["bac"]);
    expect(toggled(chosen, "levels", "bac")).toEqual(NO_FILTERS);
  });
});

describe("the list", () => {
  it("ends each kind with the way to all of it, where there is more", () => {
    const answer: CatalogueAnswer = {
      total: 4,
      groups: [
        { kind: "programme", total: 3, hits: [hit("FOR.1"), hit("FOR.2")] },
        { kind: "faq", total: 1, hits: [hit("FAQ.1", "faq")] },
      ],
      facets: [],
      unknown: [],
      relaxed: false,
      near: null,
      release: "",
      took_us: 0,
    };
    expect(entriesOf(answer).map((entry) => entry.id)).toEqual(["FOR.1", "FOR.2", "tous:programme", "FAQ.1"]);
  });
});

describe("comparing", () => {
  const record = (id: string, duration: string, occupations: string[]): CatalogueRecord => ({
    id,
    kind: "programme",
    title: id,
    subtitle: "",
    facts: [
      { key: "duration", value: duration },
      { key: "level", value: "bac" },
    ],
    texts: [{ key: "access", blocks: [{ type: "list", items: ["après la 3e"] }] }],
    programmes: [],
    occupations: occupations.map((label) => ({ id: label, label, known: true })),
    institutions: [],
    questions: [],
    places: [],
    places_total: 0,
    open_days: [],
    near: null,
    distance_km: null,
    url: null,
    answer: null,
    gone_since: null,
    named_only: false,
    sources: [],
  });
  const rows = rowsOf([
    record("FOR.1", "2 ans", ["soigneur", "vétérinaire"]),
    record("FOR.2", "3 ans", ["vétérinaire"]),
  ]);
  const row = (key: string) => rows.find((one) => one.key === key);

  it("says where they differ, and by what", () => {
    expect(row("duration")?.differs).toBe(true);
    expect(row("level")?.differs).toBe(false);
    expect(row("access")?.cells.map((cell) => cell.values)).toEqual([["après la 3e"], ["après la 3e"]]);
    expect([...(row("occupations")?.cells[0]?.own ?? [])]).toEqual(["soigneur"]);
    expect([...(row("occupations")?.cells[1]?.own ?? [])]).toEqual([]);
  });
  it("leaves out what none of them says", () => {
    expect(row("cost")).toBeUndefined();
  });
  it("takes three at most: the oldest gives way", () => {
    const one = (id: string) => ({ id, title: id });
    const three = ["a", "b", "c"].map(one);
    expect(markToggled(three, one("d")).map(({ id }) => id)).toEqual(["b", "c", "d"]);
    expect(markToggled(three, one("b")).map(({ id }) => id)).toEqual(["a", "c"]);
  });
});

describe("an import", () => {
  it("is a part of a whole, where the whole is known", () => {
    expect(percentOf({ done: 50, total: 200 })).toBe(25);
    expect(percentOf({ done: 500, total: 200 })).toBe(100);
    expect(percentOf({ done: 5, total: 0 })).toBeNull();
  });
  it("says how much, and how long it will take", () => {
    const work = {
      stage: "reading",
      file: "",
      done: 1.2e6,
      total: 2.4e8,
      rows: 1200,
      seconds: 2,
      left_s: 42,
    };
    expect(progressText(work)).toBe(
      "1,2\u00a0Mo sur 240\u00a0Mo · 1\u202f200\u00a0lignes lues · encore 45\u00a0s environ",
    );
    expect(progressText({ ...work, stage: "indexing", done: 10, total: 20, left_s: null })).toBe(
      "10 sur 20\u00a0fiches",
    );
    expect([leftText(0.3), leftText(61), sizeText(999)]).toEqual([
      "presque fini",
      "encore 2\u00a0min environ",
      "999\u00a0o",
    ]);
  });
  it("tells the files of a refusal, one or several", () => {
    const fault = { file: "a.csv", reason: "vide" };
    expect(filesOf(fault)).toEqual([fault]);
    expect(filesOf({ files: [fault, { file: 3 }, null] })).toEqual([fault]);
    expect(filesOf({})).toEqual([]);
  });
  it("is said to be stopped, failed or done", () => {
    const done = {
      failed: null,
      read: 1200,
      kept: 1199,
      rejected: 1,
      rejects: [],
      ignored: [],
      by_kind: [],
      seconds: 2,
    };
    const failed = (code: string) => ({ ...done, failed: { code, params: {}, retry: false, detail: null } });
    expect(endText(done)).toContain("1\u202f199\u00a0lignes gardées sur 1\u202f200");
    expect(endText(failed("stopped"))).toBe("Import arrêté");
    expect(endText(failed("catalogue_fault"))).toBe("L’import n’a pas abouti");
  });
});
