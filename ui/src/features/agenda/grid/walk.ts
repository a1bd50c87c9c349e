import type { Cell, Layout } from "./layout";

/** Where the keyboard is: a cell, and a lane where several blocks share it. `minute` is remembered while moving sideways. */
export interface Stop {
  column: number;
  row: number;
  lane: number;
  minute: number;
}

export type Step =
  "up" | "down" | "left" | "right" | "home" | "end" | "pageUp" | "pageDown" | "top" | "bottom";

/** Rows of an hour. */
const PAGE_MINUTES = 60;

export function cellAt<T>(layout: Layout<T>, column: number, minute: number): Cell<T> | undefined {
  const cells = layout.columns[column];
  return (
    cells?.find((cell) => minute >= cell.from && minute < cell.to) ??
    (minute < layout.from ? cells?.[0] : cells?.at(-1))
  );
}

export function cellOf<T>(layout: Layout<T>, stop: Pick<Stop, "column" | "row">): Cell<T> | undefined {
  return layout.columns[stop.column]?.find((cell) => cell.row === stop.row);
}

function stopIn<T>(cell: Cell<T>, lane: number, minute: number): Stop {
  return {
    column: cell.column,
    row: cell.row,
    lane: Math.min(lane, Math.max(0, cell.blocks.length - 1)),
    minute,
  };
}

/** The stop one key away; the same one at the edge. */
export function walk<T>(layout: Layout<T>, stop: Stop, step: Step): Stop {
  const cell = cellOf(layout, stop);
  if (cell === undefined) return stop;
  const cells = layout.columns[stop.column] ?? [];
  const index = cells.indexOf(cell);
  const minute = Math.min(Math.max(stop.minute, cell.from), cell.to - 1);
  const vertical = (target: Cell<T> | undefined): Stop =>
    target === undefined ? stop : stopIn(target, 0, target.from);
  const sideways = (column: number, lane: number): Stop => {
    const target = cellAt(layout, column, minute);
    return target === undefined ? stop : stopIn(target, lane, minute);
  };
  switch (step) {
    case "up":
      return vertical(cells[index - 1]);
    case "down":
      return vertical(cells[index + 1]);
    case "left":
      if (stop.lane > 0) return { ...stop, lane: stop.lane - 1 };
      return stop.column === 0 ? stop : sideways(stop.column - 1, Number.MAX_SAFE_INTEGER);
    case "right":
      if (stop.lane < cell.blocks.length - 1) return { ...stop, lane: stop.lane + 1 };
      return stop.column === layout.columns.length - 1 ? stop : sideways(stop.column + 1, 0);
    case "home":
      return sideways(0, 0);
    case "end":
      return sideways(layout.columns.length - 1, 0);
    case "pageUp":
      return vertical(cellAt(layout, stop.column, Math.max(layout.from, cell.from - PAGE_MINUTES)));
    case "pageDown":
      return vertical(
        cellAt(layout, stop.column, Math.min(layout.to - 1, Math.max(cell.from + PAGE_MINUTES, cell.to))),
      );
    case "top":
      return vertical(cells[0]);
    case "bottom":
      return vertical(cells.at(-1));
  }
}

const KEYS: Record<string, Step> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Home: "home",
  End: "end",
  PageUp: "pageUp",
  PageDown: "pageDown",
  "Ctrl+Home": "top",
  "Ctrl+End": "bottom",
};

export function stepOf(chord: string): Step | undefined {
  return KEYS[chord];
}

/** Puts a stop back on its feet after the day, the columns or the blocks changed: the cell that holds its minute now. */
export function settle<T>(layout: Layout<T>, stop: Stop): Stop {
  const column = Math.min(stop.column, Math.max(0, layout.columns.length - 1));
  const cell = cellAt(layout, column, stop.minute);
  return cell === undefined ? { ...stop, column, row: 0, lane: 0 } : stopIn(cell, stop.lane, stop.minute);
}
