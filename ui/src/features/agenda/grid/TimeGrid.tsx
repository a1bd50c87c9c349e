import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent as ReactKeyboardEvent,
  type MouseEvent as ReactMouseEvent,
  type ReactNode,
  type Ref,
} from "react";
import type { AppointmentView, DayColumn } from "~/shared/backend";
import { clockOf, type Day } from "~/shared/format/dates";
import { cx } from "~/shared/format/text";
import { chordOf } from "~/shared/keyboard/chord";
import { useNotices } from "~/shared/notices/notices";
import { cellText, type Item } from "../dayModel";
import { useDrag } from "../useDrag";
import { ColumnHead, GridCell, NowLine } from "./cells";
import type { GridColumn } from "./column";
import { STEP, type Cell, type Layout } from "./layout";
import styles from "./TimeGrid.module.css";
import { cellAt, cellOf, settle, stepOf, walk, type Stop } from "./walk";

/** States in which a meeting may still change its hour. */
const MOVABLE = new Set<AppointmentView["status"]>(["held", "booked"]);

/** What the keyboard or the pointer is on. */
export interface Target {
  date: Day;
  column: DayColumn;
  /** Where a booking begun here would start. */
  minute: number;
  cell: Cell<Item>;
  /** The block at this place, if there is one. */
  item: Item | null;
  /** Meetings that gave this time back. */
  ghosts: AppointmentView[];
}

export interface TimeGridHandle {
  /** Gives the keyboard to the cell that holds this minute, in the column of this key. */
  focus: (key: string, minute: number) => void;
  /** What the keyboard was last on. */
  current: () => Target | null;
  /** The drawn cell of the slot being booked or of a block. */
  element: (id: string) => HTMLElement | null;
}

interface TimeGridProps {
  ref: Ref<TimeGridHandle>;
  /** Its name, read aloud. */
  label: string;
  columns: readonly GridColumn[];
  layout: Layout<Item>;
  /** Today and its minute; the line is drawn where a column is of today. */
  now: { date: Day; minute: number; instant: number };
  cutId: string | null;
  /** Enter or a press: true when it was a key. */
  onOpen: (target: Target) => void;
  /** A meeting was dragged there. */
  onMove: (appointment: AppointmentView, to: { date: Day; column: DayColumn; minute: number }) => void;
  /** A key that is not a step; true when it was used. */
  onKey: (chord: string, target: Target) => boolean;
}

/** Columns of time as a real table: one tab stop, arrows walk its cells, each cell says what it is. */
export function TimeGrid(props: TimeGridProps): ReactNode {
  const { ref, label, columns, layout, now, cutId, onOpen, onMove, onKey } = props;
  const { announce } = useNotices();
  const table = useRef<HTMLTableElement>(null);
  const [wanted, setWanted] = useState<Stop>(() => firstStop(layout, columns, now));
  const stop = useMemo(() => settle(layout, wanted), [layout, wanted]);
  const focusNext = useRef(false);
  /** The focus was in the grid when it was last seen. */
  const held = useRef(false);
  /** The focus is being given by the grid itself, which knows the minute. */
  const own = useRef(false);

  const target = useCallback(
    (at: Stop, exactMinute?: number): Target | null => {
      const cell = cellOf(layout, at);
      const column = columns[at.column];
      if (cell === undefined || column === undefined) return null;
      const item = cell.blocks[at.lane]?.data ?? null;
      const spans = item !== null || cell.kind === "closed";
      const inside = Math.min(Math.max(exactMinute ?? at.minute, cell.from), cell.to - 1);
      const minute = spans ? inside - ((inside - cell.from) % STEP) : cell.from;
      const ghosts = cell.ghosts.flatMap(({ data }) =>
        data.type === "appointment" ? [data.appointment] : [],
      );
      return { date: column.date, column: column.of, minute, cell, item, ghosts };
    },
    [layout, columns],
  );

  const say = useCallback(
    (at: Stop) => {
      const cell = cellOf(layout, at);
      const column = columns[at.column];
      if (cell !== undefined && column !== undefined)
        announce(cellText(cell, at.lane, column.of, column.date, at.minute));
    },
    [layout, columns, announce],
  );

  const giveFocus = useCallback((at: Pick<Stop, "column" | "row" | "lane">): boolean => {
    const element = elementOf(table.current, at);
    if (element === null) return false;
    own.current = true;
    element.focus();
    own.current = false;
    return true;
  }, []);

  // After a step, and when the cells change under the keyboard: the focus stays with the hour that it was on.
  useLayoutEffect(() => {
    const { activeElement } = document;
    const inside = table.current?.contains(activeElement) ?? false;
    // A cell that goes away while it has the focus leaves it to nobody.
    const lost = held.current && (activeElement === null || activeElement === document.body);
    if (!focusNext.current && !inside && !lost) return;
    focusNext.current = false;
    if (elementOf(table.current, stop) !== document.activeElement) giveFocus(stop);
  }, [stop, layout, giveFocus]);

  useImperativeHandle(
    ref,
    () => ({
      focus: (key, minute) => {
        const column = Math.max(
          0,
          columns.findIndex((one) => one.key === key),
        );
        const cell = cellAt(layout, column, minute);
        if (cell === undefined) return;
        focusNext.current = true;
        setWanted({ column, row: cell.row, lane: 0, minute });
        // The stop may be the same as before: then nothing is drawn again and the focus is given here.
        if (giveFocus({ column, row: cell.row, lane: 0 })) focusNext.current = false;
      },
      current: () => target(stop),
      element: (id) => {
        const name = CSS.escape(id);
        return (
          table.current?.querySelector<HTMLElement>(`[data-block="${name}"], [data-people~="${name}"]`) ??
          null
        );
      },
    }),
    [layout, columns, stop, target, giveFocus],
  );

  const pressed = (event: ReactKeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const chord = chordOf(event.nativeEvent);
    const step = stepOf(chord);
    if (step !== undefined) {
      event.preventDefault();
      const next = walk(layout, stop, step);
      focusNext.current = true;
      setWanted({ ...next });
      say(next);
      return;
    }
    const at = target(stop);
    if (at === null) return;
    if (chord === "Enter" || chord === "Space") {
      event.preventDefault();
      onOpen(at);
    } else if (onKey(chord, at)) event.preventDefault();
  };

  const shade = useRef<HTMLDivElement>(null);
  const drag = useDrag(table, shade, layout, (block, to) => {
    const column = columns[to.column];
    if (column !== undefined && block.data.type === "appointment")
      onMove(block.data.appointment, { date: column.date, column: column.of, minute: to.minute });
  });

  const grabbed = (event: React.PointerEvent): void => {
    const id = (event.target as HTMLElement).closest<HTMLElement>("[data-block]")?.dataset["block"];
    const block = layout.columns
      .flat()
      .flatMap((cell) => cell.blocks)
      .find((one) => one.id === id);
    if (block?.data.type !== "appointment") return;
    if (MOVABLE.has(block.data.appointment.status)) drag.start(event, block);
  };

  const clicked = (event: ReactMouseEvent): void => {
    if (drag.swallow()) return;
    const found = (event.target as HTMLElement).closest<HTMLElement>("[data-column]");
    if (found === null) return;
    const column = Number(found.dataset["column"]);
    const row = Number(found.dataset["row"]);
    const lane = Number(found.dataset["lane"] ?? 0);
    const box = found.getBoundingClientRect();
    const cell = cellOf(layout, { column, row });
    if (cell === undefined) return;
    const minute = cell.from + Math.floor(((event.clientY - box.top) / box.height) * (cell.to - cell.from));
    const at = { column, row, lane, minute };
    setWanted(at);
    const aimed = target(at, minute);
    if (aimed !== null) onOpen(aimed);
  };

  const left = (event: React.FocusEvent): void => {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    requestAnimationFrame(() => {
      held.current = table.current?.contains(document.activeElement) ?? false;
    });
  };

  const focused = (event: React.FocusEvent): void => {
    held.current = true;
    if (own.current) {
      if (!event.currentTarget.contains(event.relatedTarget)) say(stop);
      return;
    }
    // A pointer or a screen reader may put the focus on any cell: the keys then go on from there.
    const found = (event.target as HTMLElement).closest<HTMLElement>("[data-column]");
    const column = Number(found?.dataset["column"] ?? stop.column);
    const row = Number(found?.dataset["row"] ?? stop.row);
    const lane = Number(found?.dataset["lane"] ?? 0);
    const cell = cellOf(layout, { column, row });
    const moved = column !== stop.column || row !== stop.row || lane !== stop.lane;
    const here = moved && cell !== undefined ? { column, row, lane, minute: cell.from } : stop;
    if (moved) setWanted(here);
    if (moved || !event.currentTarget.contains(event.relatedTarget)) say(here);
  };

  const style = {
    "--columns": columns.length,
    "--rows": layout.rows,
    "--now": (now.minute - layout.from) / STEP,
  } as CSSProperties;
  const several = columns.some((column) => column.date !== columns[0]?.date);
  const inSight = now.minute >= layout.from && now.minute < layout.to;
  const todays = inSight ? columns.flatMap((column, index) => (column.today ? [index] : [])) : [];
  const rows = useMemo(() => rowsOf(layout), [layout]);

  return (
    <div className={cx(styles.wrap, headClass(columns))} style={style}>
      <table
        ref={table}
        role="grid"
        className={styles.grid}
        aria-label={label}
        aria-rowcount={layout.rows + 1}
        aria-colcount={columns.length + 1}
        onKeyDown={pressed}
        onClick={clicked}
        onPointerDown={grabbed}
        onFocus={focused}
        onBlur={left}
      >
        <colgroup>
          <col className={styles.hours} />
          {columns.map((column) => (
            <col key={column.key} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">
              <span className="vh">Heure</span>
            </th>
            {columns.map((column) => (
              <ColumnHead key={column.key} column={column} marked={column.today && several} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => {
            const minute = layout.from + row * STEP;
            const drawn = minute % 30 === 0;
            return (
              <tr key={minute} className={minute % 60 === 0 ? styles.hour : drawn ? styles.half : undefined}>
                <th scope="row">{drawn ? clockOf(minute) : <span className="vh">{clockOf(minute)}</span>}</th>
                {cells.map((cell) => {
                  const column = columns[cell.column];
                  if (column === undefined) return null;
                  const here = cell.column === stop.column && cell.row === stop.row;
                  return (
                    <GridCell
                      key={`${column.key}-${String(cell.row)}`}
                      cell={cell}
                      column={column.of}
                      stopLane={here ? stop.lane : null}
                      now={cell.blocks.length > 0 ? Math.floor(now.instant / 60_000) * 60_000 : 0}
                      cutId={cutId !== null && cell.blocks.some((block) => block.id === cutId) ? cutId : null}
                      closedWord={cell.kind === "closed" && cell.column === 0 && cell.span >= 2}
                    />
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      <div ref={shade} className={styles.shade} hidden aria-hidden="true" />
      {todays[0] !== undefined && (
        <NowLine
          minute={now.minute}
          first={todays[0]}
          count={todays.length}
          whole={todays.length === columns.length}
        />
      )}
    </div>
  );
}

/** How tall the heads are: a name of more letters than a narrow column holds wraps once, a very long one twice. */
function headClass(columns: readonly GridColumn[]): string | undefined {
  const longest = Math.max(0, ...columns.map((column) => column.name.length));
  if (longest > 24) return styles.longest;
  return longest > 14 ? styles.long : undefined;
}

/** Where the keyboard is at first: now where today is shown, else the first free hour. */
function firstStop(layout: Layout<Item>, columns: readonly GridColumn[], now: { minute: number }): Stop {
  const today = columns.findIndex((column) => column.today);
  const free = layout.columns[0]?.find((cell) => cell.kind === "free")?.from ?? layout.from;
  return { column: Math.max(0, today), row: 0, lane: 0, minute: today < 0 ? free : now.minute };
}

function rowsOf(layout: Layout<Item>): Cell<Item>[][] {
  const rows: Cell<Item>[][] = Array.from({ length: layout.rows }, () => []);
  for (const cells of layout.columns) for (const cell of cells) rows[cell.row]?.push(cell);
  return rows;
}

function elementOf(table: HTMLElement | null, at: Pick<Stop, "column" | "row" | "lane">): HTMLElement | null {
  const cell = `[data-column="${String(at.column)}"][data-row="${String(at.row)}"]`;
  return (
    table?.querySelector<HTMLElement>(`${cell}[data-lane="${String(at.lane)}"]`) ??
    table?.querySelector<HTMLElement>(cell) ??
    null
  );
}

/** Scrolls so that the working hours around now are in view when a day or a week opens. */
export function useOpeningScroll(scroller: HTMLElement | null, shown: string, row: number | null): void {
  useEffect(() => {
    if (scroller === null || row === null) return;
    const head = scroller.querySelector("thead")?.getBoundingClientRect().height ?? 0;
    const line = scroller.querySelectorAll("tbody tr")[Math.max(0, row - 4)];
    if (line instanceof HTMLElement && scroller.scrollHeight > scroller.clientHeight)
      scroller.scrollTo({ top: line.offsetTop - head });
    // Only when another day is shown: scrolling is the person's from then on.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [scroller, shown]);
}
