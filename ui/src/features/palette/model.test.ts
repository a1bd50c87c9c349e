import { describe, expect, it, vi } from "vitest";
import type { PaletteItem } from "~/shared/backend";
import { answers, linesOf, rangesOf, readScope, type Action } from "./model";

const action = (label: string): Action => ({ id: label, label, icon: "plus", run: vi.fn() });
const context = {
  today: "2026-11-23",
  actions: [action("Poser un rendez-vous"), action("Passer au thème sombre")],
  people: [],
};
const client: PaletteItem = {
  kind: "client",
  id: "c1",
  title: "Martel, Éloïse",
  detail: "3e",
  date: null,
  slot: null,
  count: null,
  matched: [[0, 4]],
};

describe("the palette", () => {
  it("reads what stands before the words", () => {
    expect(readScope(" @mart")).toEqual({ scope: "people", query: "mart" });
    expect(readScope("> thème")).toEqual({ scope: "actions", query: "thème" });
    expect(readScope("lun 14h")).toEqual({ scope: "all", query: "lun 14h" });
  });
  it("answers accents and beginnings of words, in any order", () => {
    expect(answers("Passer au thème sombre", "theme pas")).toBe(true);
    expect(answers("Passer au thème sombre", "ombre")).toBe(false);
  });
  it("marks each beginning once", () => {
    expect(rangesOf("Métiers de l’art", "art me")).toEqual([
      [0, 2],
      [13, 16],
    ]);
  });
  it("puts days before people before actions", () => {
    const lines = linesOf("mar", [client], context);
    expect(lines.map((line) => line.group)).toEqual(["Créneaux et jours", "Personnes"]);
    expect(lines[0]?.target).toEqual({ type: "day", date: "2026-11-24" });
  });
  it("puts the catalogue after people, and keeps to it when asked", () => {
    const record: PaletteItem = {
      ...client,
      kind: "catalogue",
      id: "MET.1",
      title: "Martelier",
      matched: [[0, 4]],
    };
    const found = [client, record];
    expect(linesOf("mart", found, context).map((line) => line.group)).toEqual(["Personnes", "Catalogue"]);
    const [only, ...more] = linesOf("#mart", found, context);
    expect(only?.target).toEqual({ type: "catalogue", id: "MET.1" });
    expect(more).toEqual([]);
  });
  it("keeps to people or to actions when asked", () => {
    expect(linesOf("@mart", [client], context).map((line) => line.group)).toEqual(["Personnes"]);
    expect(linesOf(">", [client], context).map((line) => line.group)).toEqual(["Actions", "Actions"]);
  });
});
