import { describe, expect, it } from "vitest";
import { hoursShown, layOut, type ColumnInput } from "./layout";
import { cellAt, settle, stepOf, walk, type Step, type Stop } from "./walk";

const MORNING = { from: 510, to: 750 };
const AFTERNOON = { from: 810, to: 1050 };
const DAY = { from: 510, to: 1080 };

function column(
  id: string,
  blocks: [string, number, number][],
  ghosts: [string, number, number][] = [],
  pastUntil = 0,
): ColumnInput<string> {
  const make = ([name, from, to]: [string, number, number]): {
    id: string;
    from: number;
    to: number;
    data: string;
  } => ({
    id: name,
    from,
    to,
    data: name,
  });
  return { id, open: [MORNING, AFTERNOON], blocks: blocks.map(make), ghosts: ghosts.map(make), pastUntil };
}

/** A repeatable run of numbers in [0, 1): the same blocks at each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

describe("the cells of a day", () => {
  it("cover every row of a column once, whatever stands in it", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = numbers(seed);
      const blocks = Array.from({ length: Math.floor(next() * 12) }, (_, index): [string, number, number] => {
        const from = 480 + Math.floor(next() * 590);
        return [String(index), from, from + 5 + Math.floor(next() * 120)];
      });
      const layout = layOut([column("a", blocks, [], Math.floor(next() * 1440))], DAY);
      let row = 0;
      for (const cell of layout.columns[0] ?? []) {
        expect(cell.row, `seed ${String(seed)}`).toBe(row);
        expect(cell.to - cell.from).toBe(cell.span * 15);
        row += cell.span;
      }
      expect(row, `seed ${String(seed)}`).toBe(layout.rows);
      const drawn = (layout.columns[0] ?? []).flatMap((cell) => cell.blocks);
      // Two blocks at the same time never share a lane.
      for (const one of drawn)
        for (const other of drawn)
          if (one.id !== other.id && one.from < other.to && other.from < one.to)
            expect(one.lane, `seed ${String(seed)}: ${one.id} and ${other.id}`).not.toBe(other.lane);
    }
  });

  it("draw closed time as one cell, and split it where a meeting stands", () => {
    const closed = layOut([column("a", [])], DAY).columns[0]?.filter((cell) => cell.kind === "closed");
    expect(closed?.map((cell) => [cell.from, cell.to])).toEqual([
      [750, 810],
      [1050, 1080],
    ]);
    const split = layOut([column("a", [["x", 765, 780]])], DAY).columns[0];
    expect(split?.filter((cell) => cell.from >= 750 && cell.to <= 810).map((cell) => cell.kind)).toEqual([
      "closed",
      "busy",
      "closed",
    ]);
  });

  it("show freed time as free, with the line of what freed it", () => {
    const cell = cellAt(layOut([column("a", [], [["gone", 630, 675]])], DAY), 0, 630);
    expect(cell?.kind).toBe("free");
    expect(cell?.ghosts.map((ghost) => ghost.id)).toEqual(["gone"]);
  });

  it("say past only of what has wholly passed", () => {
    const layout = layOut([column("a", [], [], 622)], DAY);
    expect(cellAt(layout, 0, 600)?.kind).toBe("past");
    expect(cellAt(layout, 0, 615)?.kind).toBe("free");
  });

  it("place a block that starts between two rows by its minutes", () => {
    const cell = cellAt(layOut([column("a", [["x", 560, 605]])], DAY), 0, 560);
    const block = cell?.blocks[0];
    expect([cell?.from, cell?.to]).toEqual([555, 615]);
    expect(block?.top).toBeCloseTo((5 / 60) * 100);
    expect(block?.height).toBeCloseTo(75);
  });

  it("widen the hours to what happens outside them", () => {
    expect(hoursShown([column("a", [["late", 1065, 1115]])], DAY)).toEqual({ from: 510, to: 1140 });
  });
});

describe("walking the cells", () => {
  const layout = layOut(
    [
      column("a", [["x", 540, 585]]),
      column("b", []),
      column("c", [
        ["l", 540, 600],
        ["r", 540, 570],
      ]),
    ],
    DAY,
  );
  const at = (columnIndex: number, minute: number): Stop =>
    settle(layout, { column: columnIndex, row: 0, lane: 0, minute });
  const go = (stop: Stop, ...steps: Step[]): Stop =>
    steps.reduce((now, step) => walk(layout, now, step), stop);
  const minuteOf = (stop: Stop): number =>
    layout.columns[stop.column]?.find((cell) => cell.row === stop.row)?.from ?? -1;

  it("takes one key over a block, and one over closed time", () => {
    expect(minuteOf(go(at(0, 525), "down"))).toBe(540);
    expect(minuteOf(go(at(0, 525), "down", "down"))).toBe(585);
    expect(minuteOf(go(at(0, 735), "down", "down"))).toBe(810);
    expect(minuteOf(go(at(0, 585), "up", "up"))).toBe(525);
  });

  it("remembers the hour across a taller cell", () => {
    const crossed = go(at(1, 570), "left", "right");
    expect(minuteOf(crossed)).toBe(570);
  });

  it("visits each of two meetings at the same time", () => {
    const first = go(at(1, 540), "right");
    expect([first.column, first.lane]).toEqual([2, 0]);
    const second = go(first, "right");
    expect([second.column, second.lane]).toEqual([2, 1]);
    expect(go(second, "right")).toEqual(second);
    expect(go(second, "left", "left").column).toBe(1);
  });

  it("stays inside the grid at its edges", () => {
    expect(go(at(0, 510), "up", "left")).toEqual(at(0, 510));
    expect(minuteOf(go(at(0, 510), "bottom", "down"))).toBe(1050);
    expect(go(at(0, 600), "end").column).toBe(2);
    expect(go(at(2, 615), "home").column).toBe(0);
    expect(minuteOf(go(at(0, 600), "pageDown"))).toBe(660);
    expect(minuteOf(go(at(0, 660), "pageUp"))).toBe(600);
  });

  it("reaches every cell of every column by arrows alone", () => {
    layout.columns.forEach((cells, index) => {
      let stop = go(at(index, 510), "top");
      const seen = new Set([stop.row]);
      for (let count = 0; count < layout.rows; count++) {
        stop = go(stop, "down");
        seen.add(stop.row);
      }
      expect(seen.size).toBe(cells.length);
    });
  });

  it("finds its feet when the blocks under it change", () => {
    const stop = at(0, 555);
    const emptied = layOut([column("a", [])], DAY);
    expect(settle(emptied, { ...stop, minute: 555 }).row).toBe(3);
    expect(settle(emptied, { ...stop, column: 5 }).column).toBe(0);
  });

  it("knows its keys", () => {
    expect(stepOf("ArrowDown")).toBe("down");
    expect(stepOf("Ctrl+Home")).toBe("top");
    expect(stepOf("a")).toBeUndefined();
  });
});
