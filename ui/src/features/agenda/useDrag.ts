import { useEffect, useRef, type PointerEvent as ReactPointerEvent, type RefObject } from "react";
import { STEP, type Block, type Layout } from "./grid/layout";
import type { Item } from "./dayModel";

export interface Drop {
  column: number;
  minute: number;
}

/** A press that moves less than this is a press. */
const STILL_PX = 5;

interface Run {
  block: Block<Item>;
  /** Minutes between the start of the block and the pointer. */
  held: number;
  x: number;
  y: number;
  moving: boolean;
  drop: Drop | null;
}

/** Moving by mouse: an outline shows where the meeting may fall. It is placed through the DOM, so that a frame draws nothing else. */
export function useDrag(
  table: RefObject<HTMLTableElement | null>,
  shade: RefObject<HTMLDivElement | null>,
  layout: Layout<Item>,
  onDrop: (block: Block<Item>, to: Drop) => void,
): {
  start: (event: ReactPointerEvent, block: Block<Item>) => void;
  /** True once after a drag: the click that ends it is not a press. */
  swallow: () => boolean;
} {
  const run = useRef<Run | null>(null);
  const ended = useRef(false);
  const latest = useRef({ layout, onDrop });
  useEffect(() => {
    latest.current = { layout, onDrop };
  });

  useEffect(() => {
    function hide(): void {
      if (shade.current) shade.current.hidden = true;
    }
    function moved(event: PointerEvent): void {
      const now = run.current;
      if (now === null) return;
      if (!now.moving && Math.hypot(event.clientX - now.x, event.clientY - now.y) < STILL_PX) return;
      now.moving = true;
      now.drop = placeAt(table.current, latest.current.layout, event, now);
      const box = shade.current;
      if (box === null) return;
      box.hidden = now.drop === null;
      if (now.drop === null) return;
      const minutes = now.block.to - now.block.from;
      const taken = isTaken(latest.current.layout, now.drop, minutes, now.block.id);
      box.dataset["taken"] = String(taken);
      box.style.setProperty("--column", String(now.drop.column));
      box.style.setProperty("--row", String((now.drop.minute - latest.current.layout.from) / STEP));
      box.style.setProperty("--span", String(minutes / STEP));
    }
    function released(): void {
      const now = run.current;
      run.current = null;
      hide();
      if (!now?.moving) return;
      ended.current = true;
      // Without a click after it, the next press must be heard again.
      setTimeout(() => {
        ended.current = false;
      }, 0);
      if (now.drop !== null) latest.current.onDrop(now.block, now.drop);
    }
    function given(event: KeyboardEvent): void {
      if (event.key !== "Escape" || run.current === null) return;
      run.current = null;
      hide();
      event.preventDefault();
    }
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", released);
    window.addEventListener("keydown", given, true);
    return () => {
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", released);
      window.removeEventListener("keydown", given, true);
    };
  }, [table, shade]);

  return {
    start: (event, block) => {
      if (event.button !== 0 || event.pointerType === "touch") return;
      const rows = table.current?.tBodies[0]?.getBoundingClientRect();
      if (rows === undefined) return;
      const under = minuteAt(rows, layout, event.clientY);
      run.current = {
        block,
        held: under - block.from,
        x: event.clientX,
        y: event.clientY,
        moving: false,
        drop: null,
      };
    },
    swallow: () => {
      const was = ended.current;
      ended.current = false;
      return was;
    },
  };
}

function minuteAt(rows: DOMRect, layout: Layout<Item>, y: number): number {
  return layout.from + ((y - rows.top) / rows.height) * (layout.to - layout.from);
}

function placeAt(
  table: HTMLTableElement | null,
  layout: Layout<Item>,
  event: PointerEvent,
  run: Run,
): Drop | null {
  const heads = table?.tHead?.rows[0]?.cells;
  const rows = table?.tBodies[0]?.getBoundingClientRect();
  if (heads === undefined || rows === undefined) return null;
  const column = [...heads].slice(1).findIndex((head) => {
    const box = head.getBoundingClientRect();
    return event.clientX >= box.left && event.clientX < box.right;
  });
  if (column < 0) return null;
  const raw = minuteAt(rows, layout, event.clientY) - run.held;
  const minute = Math.round(raw / STEP) * STEP;
  return minute < layout.from || minute >= layout.to ? null : { column, minute };
}

function isTaken(layout: Layout<Item>, drop: Drop, minutes: number, own: string): boolean {
  return (layout.columns[drop.column] ?? []).some((cell) =>
    cell.blocks.some(
      (block) =>
        block.id !== own &&
        (block.data.type === "appointment" || block.data.type === "session") &&
        block.from < drop.minute + minutes &&
        block.to > drop.minute,
    ),
  );
}
