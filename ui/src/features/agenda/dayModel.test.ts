import { describe, expect, it } from "vitest";
import type { AppointmentView, DayColumn } from "~/shared/backend";
import {
  around,
  cellText,
  columnsOf,
  narrowName,
  secondLine,
  sessionCount,
  sessionState,
  pastUntil,
  markOf,
  stateOf,
  type DraftTime,
  type Item,
} from "./dayModel";
import { keyOf } from "./grid/column";
import { layOut, type ColumnInput } from "./grid/layout";
import { cellAt } from "./grid/walk";

const NBSP = "\u00a0";
const LEROY: DayColumn = {
  id: "p3",
  kind: "counsellor",
  name: "Mme Leroy",
  place: "Bureau 3",
  free: 2,
  open: [{ from_min: 510, to_min: 750, site: "s", site_name: null, school: false, duty: false }],
  absences: [],
};

function meeting(over: Partial<AppointmentView>): AppointmentView {
  return {
    id: "a1",
    start: "2026-11-23T08:45:00Z",
    end: "2026-11-23T09:30:00Z",
    zone: "Europe/Paris",
    date: "2026-11-23",
    from_min: 585,
    to_min: 630,
    kind: { id: "k", name: "Entretien d’orientation", duration_min: 45, capacity: 1, colour: "green" },
    counsellor: { id: "p3", name: "Mme Leroy" },
    second: null,
    session: null,
    seat: true,
    site: "s",
    site_name: null,
    room: null,
    room_name: null,
    status: "booked",
    held_until: null,
    client: {
      id: "c",
      name: "Inès Marchetti",
      given_name: "Inès",
      family_name: "Marchetti",
      class_level: "Tle G",
      phone: null,
    },
    companions: [],
    enquiry: null,
    arrived_at: null,
    override_reason: null,
    version: 1,
    sync: "acknowledged",
    standing: "confirmed",
    status_missing: false,
    conflict: null,
    history: [],
    ...over,
  };
}

const DATE = "2026-11-23";
const EVE = { date: "2026-11-22", minute: 600 };

/** The columns of that Monday, seen the day before. */
function inputs(
  blocks: AppointmentView[],
  columns: DayColumn[] = [LEROY],
  draft: DraftTime | null = null,
): ColumnInput<Item>[] {
  const placed = columns.map((of) => ({ key: keyOf(DATE, of.id), date: DATE, of }));
  return columnsOf(placed, (date) => blocks.filter((block) => block.date === date), draft, EVE);
}

function said(blocks: AppointmentView[], minute: number): string {
  const cell = cellAt(layOut<Item>(inputs(blocks), { from: 510, to: 1080 }), 0, minute);
  if (cell === undefined) throw new Error("the minute is in the day");
  return cellText(cell, 0, LEROY, DATE, minute);
}

describe("what a cell says", () => {
  it("names day, hour, person and what is there", () => {
    expect(said([], 585)).toBe(`lundi 23, 9${NBSP}h${NBSP}45, Mme Leroy, libre`);
    expect(said([meeting({ sync: "local" })], 600)).toBe(
      `lundi 23, 9${NBSP}h${NBSP}45, Mme Leroy, Inès Marchetti, confirmé, à envoyer, 45${NBSP}min, Tle G`,
    );
    expect(said([], 760)).toContain("fermé jusqu’à");
  });

  it("names a kind that has a mark", () => {
    const kind = {
      id: "b",
      name: "Bilan d'orientation",
      duration_min: 60,
      capacity: 1,
      colour: "violet" as const,
    };
    expect(said([meeting({ kind })], 600)).toContain("confirmé, Bilan d’orientation, ");
  });

  it("says a freed slot free, with who freed it", () => {
    const text = said([meeting({ status: "excused" })], 585);
    expect(text).toContain("libre");
    expect(text).toContain("Inès Marchetti, excusé");
  });
});

describe("the columns of a day", () => {
  it("keep an absence on both sides of a meeting held in it", () => {
    expect(around({ from: 510, to: 750 }, [{ from: 585, to: 630 }])).toEqual([
      { from: 510, to: 585 },
      { from: 630, to: 750 },
    ]);
    const absent = { ...LEROY, absences: [{ from_min: 510, to_min: 750, label: "Formation", detail: null }] };
    const blocks = inputs([meeting({})], [absent])[0]?.blocks ?? [];
    expect(blocks.map((block) => [block.data.type, block.from, block.to])).toEqual([
      ["appointment", 585, 630],
      ["absence", 510, 585],
      ["absence", 630, 750],
    ]);
  });

  it("show a group session once, in the column of its counsellor and in that of its room", () => {
    const kind = {
      id: "g",
      name: "Atelier Parcoursup : comprendre",
      duration_min: 90,
      capacity: 12,
      colour: "green" as const,
    };
    const people = [1, 2, 3].map((number) =>
      meeting({ id: `g${String(number)}`, kind, session: "s1", room: "A", room_name: "Salle A" }),
    );
    const room: DayColumn = { ...LEROY, id: "A", kind: "room", name: "Salle A" };
    const all = [...people, meeting({ id: "gone", kind, session: "s1", room: "A", status: "excused" })];
    for (const column of inputs(all, [LEROY, room])) {
      expect(
        column.blocks.map((block) => block.data.type),
        column.id,
      ).toEqual(["session"]);
      expect(column.ghosts, column.id).toEqual([]);
    }
    expect(sessionCount(people)).toBe(`9${NBSP}places sur 12`);
  });

  it("have passed up to the quarter that runs, each on its own date", () => {
    const now = { date: DATE, minute: 622 };
    expect(["2026-11-20", DATE, "2026-11-24"].map((date) => pastUntil(date, now))).toEqual([1440, 615, 0]);
  });

  it("put the slot being booked where it may stand beside another", () => {
    const drawn = inputs([meeting({})], [LEROY], { column: keyOf(DATE, "p3"), from: 600, to: 645 });
    const layout = layOut(drawn, { from: 510, to: 1080 });
    expect(cellAt(layout, 0, 600)?.blocks.map((block) => [block.id, block.lane])).toEqual([
      ["a1", 0],
      ["draft", 1],
    ]);
  });
});

describe("a meeting in few words", () => {
  it("shows a conflict and a forgotten status before its state", () => {
    expect(stateOf(meeting({ conflict: "x", status_missing: true }))).toBe("conflict");
    expect(stateOf(meeting({ status_missing: true }))).toBe("missing");
    expect(stateOf(meeting({ status: "no_show" }))).toBe("no_show");
    expect(stateOf(meeting({ conflict: "x", standing: "to_replace" }))).toBe("to_replace");
  });

  it("is confirmed by the service alone", () => {
    const local = { sync: "local" } as const;
    expect(stateOf(meeting({ ...local, standing: "guaranteed" }))).toBe("guaranteed");
    expect(stateOf(meeting({ ...local, standing: "reserved" }))).toBe("reserved");
    expect(markOf(meeting({ ...local, standing: "reserved" }))).toBe("provisional");
    // A proposal does not say so itself.
    const held = meeting({ ...local, status: "held", standing: "reserved" });
    expect([stateOf(held), markOf(held)]).toEqual(["held", "reserved"]);
    expect(markOf(meeting({}))).toBe(null);
    expect(said([meeting({ ...local, standing: "reserved" })], 600)).toContain("sous réserve, à envoyer");
  });

  it("keeps the family name whole and shortens the given one", () => {
    const client = {
      id: "c",
      name: "Maximilien-Alexandre Vandenbussche-Ramanantsoa",
      given_name: "Maximilien-Alexandre",
      family_name: "Vandenbussche-Ramanantsoa",
      class_level: null,
      phone: null,
    };
    expect(narrowName(meeting({ client }))).toBe("Vandenbussche-Ramanantsoa, M.");
    expect(narrowName(meeting({}))).toBe("Inès Marchetti");
  });

  it("counts the seats of a session, whether or not anybody comes yet", () => {
    const kind = { id: "g", name: "Atelier", duration_min: 90, capacity: 3, colour: "green" as const };
    const planned = meeting({ id: "p", kind, session: "s", seat: false, client: null });
    const seat = (id: string): AppointmentView => meeting({ id, kind, session: "s" });
    expect(sessionCount([planned])).toBe(`3${NBSP}places sur 3`);
    expect(sessionCount([planned, seat("a"), seat("b")])).toBe(`1${NBSP}place sur 3`);
    expect(sessionCount([planned, seat("a"), seat("b"), seat("c")])).toBe(`complet, 3${NBSP}inscrits`);
    expect(sessionState([planned])).toBe("booked");
  });

  it("stands in the columns of both who hold it, and says in each who the other is", () => {
    const haddad: DayColumn = { ...LEROY, id: "p2", name: "M. Haddad" };
    const both = meeting({ second: { id: "p2", name: "M. Haddad" } });
    const people = [LEROY, haddad];
    const said = inputs([both], people).map((column, index) =>
      column.blocks.map(({ id, data }) => [
        id,
        data.type === "appointment" ? secondLine(data.appointment, people[index]?.id) : null,
      ]),
    );
    expect(said).toEqual([[["a1", "avec M. Haddad"]], [["a1", "avec Mme Leroy"]]]);
  });

  it("takes the state of a session from whoever needs somebody", () => {
    const states = (...list: AppointmentView["status"][]): string =>
      sessionState(list.map((status) => meeting({ status })));
    expect(states("attended", "no_show")).toBe("attended");
    expect(states("booked", "arrived")).toBe("arrived");
    expect(states("held", "booked")).toBe("booked");
    expect(sessionCount([meeting({ status: "attended" }), meeting({ status: "no_show" })])).toBe(
      `1${NBSP}présent sur 2`,
    );
  });
});
