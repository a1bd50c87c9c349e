/* Turns what a day holds into the cells of a table: pure, in minutes since midnight, so that it can be tested without a screen. */

/** Minutes of a row. */
export const STEP = 15;

/** Something that takes time in a column. */
export interface Block<T> {
  id: string;
  from: number;
  to: number;
  data: T;
}

/** Something that took time and gave it back: one line, over time that is free. */
export type Ghost<T> = Block<T>;

export interface ColumnInput<T> {
  id: string;
  /** When meetings can be taken; the rest is closed. */
  open: readonly { from: number; to: number }[];
  blocks: readonly Block<T>[];
  ghosts: readonly Ghost<T>[];
  /** The minute before which a free cell has passed: 0 for a day to come, 1440 for a day gone. */
  pastUntil: number;
}

/** A block in its cell: its lane beside others at the same time, its place in percent of the height of the cell. */
export interface Placed<T> extends Block<T> {
  lane: number;
  lanes: number;
  top: number;
  height: number;
}

export type CellKind = "free" | "past" | "closed" | "busy";

export interface Cell<T> {
  column: number;
  /** First row and number of rows. */
  row: number;
  span: number;
  kind: CellKind;
  from: number;
  to: number;
  blocks: Placed<T>[];
  ghosts: Ghost<T>[];
}

export interface Layout<T> {
  from: number;
  to: number;
  rows: number;
  /** For each column, its cells from top to bottom; together they cover every row once. */
  columns: Cell<T>[][];
}

/** The hours to show: those asked for, widened to the whole rows that hold everything. */
export function hoursShown<T>(
  columns: readonly ColumnInput<T>[],
  atLeast: { from: number; to: number },
): { from: number; to: number } {
  let { from, to } = atLeast;
  for (const column of columns) {
    for (const span of [...column.open, ...column.blocks]) {
      from = Math.min(from, span.from);
      to = Math.max(to, span.to);
    }
  }
  return { from: Math.floor(from / 30) * 30, to: Math.ceil(to / 30) * 30 };
}

export function layOut<T>(
  columns: readonly ColumnInput<T>[],
  hours: { from: number; to: number },
): Layout<T> {
  const rows = Math.max(1, Math.ceil((hours.to - hours.from) / STEP));
  return {
    from: hours.from,
    to: hours.from + rows * STEP,
    rows,
    columns: columns.map((column, index) => columnCells(column, index, hours.from, rows)),
  };
}

function columnCells<T>(input: ColumnInput<T>, column: number, start: number, rows: number): Cell<T>[] {
  const rowOf = (minute: number): number => Math.floor((minute - start) / STEP);
  const clusters = clustersOf(input.blocks, start, rows);
  const cells: Cell<T>[] = [];
  let row = 0;
  while (row < rows) {
    const cluster = clusters.find((one) => one.row === row);
    if (cluster !== undefined) {
      const from = start + row * STEP;
      const to = from + cluster.span * STEP;
      cells.push({
        column,
        row,
        span: cluster.span,
        kind: "busy",
        from,
        to,
        blocks: place(cluster.blocks, from, to),
        ghosts: [],
      });
      row += cluster.span;
      continue;
    }
    const from = start + row * STEP;
    const open = input.open.some((span) => span.from < from + STEP && span.to > from);
    let span = 1;
    if (!open) {
      // Closed time is one cell, so that crossing it takes one key.
      while (
        row + span < rows &&
        !clusters.some((one) => one.row === row + span) &&
        !input.open.some((time) => time.from < from + (span + 1) * STEP && time.to > from + span * STEP)
      )
        span++;
    }
    const to = from + span * STEP;
    const ghosts = input.ghosts.filter((ghost) => rowOf(ghost.from) >= row && rowOf(ghost.from) < row + span);
    const kind: CellKind = open ? (to <= input.pastUntil ? "past" : "free") : "closed";
    cells.push({ column, row, span, kind, from, to, blocks: [], ghosts });
    row += span;
  }
  return cells;
}

interface Cluster<T> {
  row: number;
  span: number;
  blocks: Block<T>[];
}

/** Blocks that touch the same rows go into one cell. */
function clustersOf<T>(blocks: readonly Block<T>[], start: number, rows: number): Cluster<T>[] {
  const sorted = [...blocks].sort((a, b) => a.from - b.from || b.to - a.to);
  const clusters: Cluster<T>[] = [];
  for (const block of sorted) {
    const first = Math.max(0, Math.floor((block.from - start) / STEP));
    const end = Math.min(rows, Math.max(first + 1, Math.ceil((block.to - start) / STEP)));
    if (first >= rows || end <= 0) continue;
    const last = clusters.at(-1);
    if (last !== undefined && first < last.row + last.span) {
      last.span = Math.max(last.span, end - last.row);
      last.blocks.push(block);
    } else clusters.push({ row: first, span: end - first, blocks: [block] });
  }
  return clusters;
}

/** Overlapping blocks side by side, each as far left as it goes. */
function place<T>(blocks: readonly Block<T>[], from: number, to: number): Placed<T>[] {
  const ends: number[] = [];
  const laned = blocks.map((block) => {
    let lane = ends.findIndex((end) => end <= block.from);
    if (lane < 0) lane = ends.length;
    ends[lane] = block.to;
    return { block, lane };
  });
  const height = to - from;
  return laned.map(({ block, lane }) => ({
    ...block,
    lane,
    lanes: ends.length,
    top: ((Math.max(from, block.from) - from) / height) * 100,
    height: ((Math.min(to, block.to) - Math.max(from, block.from)) / height) * 100,
  }));
}
