import { useState, type KeyboardEvent, type MouseEvent, type RefObject } from "react";
import { chordOf } from "~/shared/keyboard/chord";
import { useNotices } from "~/shared/notices/notices";

export interface At {
  row: number;
  column: number;
}

interface CellProps {
  "data-row": number;
  "data-column": number;
  tabIndex: 0 | -1;
}

/** A table of cells with one tab stop: arrows, Home and End walk it, Enter acts, and where one is gets said. */
export function useTableWalk(
  table: RefObject<HTMLTableElement | null>,
  options: {
    rows: number;
    columns: number;
    first: At;
    say: (at: At) => string;
    onEnter: (at: At) => void;
    /** Other keys; true when it was used. */
    onKey?: (chord: string, at: At) => boolean;
    /** A step over an edge: true when there is something beyond it. */
    beyond?: (chord: string, at: At) => boolean;
  },
): {
  at: At;
  /** `focus` false: only where Tab will come. */
  goTo: (at: At, focus?: boolean) => void;
  cell: (at: At) => CellProps;
  onKeyDown: (event: KeyboardEvent) => void;
  onClick: (event: MouseEvent) => void;
} {
  const { announce } = useNotices();
  const [wanted, setAt] = useState(options.first);
  const within = (value: number, count: number): number => Math.max(0, Math.min(value, count - 1));
  const at = { row: within(wanted.row, options.rows), column: within(wanted.column, options.columns) };

  const goTo = (next: At, focus = true): void => {
    setAt(next);
    if (!focus) return;
    announce(options.say(next));
    table.current
      ?.querySelector<HTMLElement>(`[data-row="${String(next.row)}"][data-column="${String(next.column)}"]`)
      ?.focus();
  };

  const stepped = (chord: string): At | null => {
    switch (chord) {
      case "ArrowUp":
        return { ...at, row: at.row - 1 };
      case "ArrowDown":
        return { ...at, row: at.row + 1 };
      case "ArrowLeft":
        return { ...at, column: at.column - 1 };
      case "ArrowRight":
        return { ...at, column: at.column + 1 };
      case "Home":
        return { ...at, column: 0 };
      case "End":
        return { ...at, column: options.columns - 1 };
      case "Ctrl+Home":
        return { row: 0, column: 0 };
      case "Ctrl+End":
        return { row: options.rows - 1, column: options.columns - 1 };
      default:
        return null;
    }
  };

  return {
    at,
    goTo,
    cell: (place) => ({
      "data-row": place.row,
      "data-column": place.column,
      tabIndex: place.row === at.row && place.column === at.column ? 0 : -1,
    }),
    onKeyDown: (event) => {
      if (event.defaultPrevented) return;
      const chord = chordOf(event.nativeEvent);
      const next = stepped(chord);
      if (next !== null) {
        event.preventDefault();
        const inside =
          next.row >= 0 && next.row < options.rows && next.column >= 0 && next.column < options.columns;
        if (inside) goTo(next);
        else options.beyond?.(chord, at);
      } else if (chord === "Enter" || chord === "Space") {
        event.preventDefault();
        options.onEnter(at);
      } else if (options.onKey?.(chord, at)) event.preventDefault();
    },
    onClick: (event) => {
      const found = (event.target as HTMLElement).closest<HTMLElement>("[data-row][data-column]");
      if (found === null) return;
      const pressed = { row: Number(found.dataset["row"]), column: Number(found.dataset["column"]) };
      setAt(pressed);
      options.onEnter(pressed);
    },
  };
}
