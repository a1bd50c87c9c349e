import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { useRemember, type AppointmentView } from "~/shared/backend";
import { mondayOf, type Day } from "~/shared/format/dates";
import type { Draft } from "./draft";
import { keyOf, type GridDays } from "./grid/column";
import type { TimeGridHandle } from "./grid/TimeGrid";

/** A place of the grid: the column of a person or a room on a date, and a minute in it. */
export interface Spot {
  date: Day;
  column: string;
  minute: number;
}

/** The meeting whose panel is open, the column that it was opened in, and who else is in its session. */
export interface Opened {
  id: string;
  column: string;
  session?: string[];
}

export interface Panels {
  draft: Draft | null;
  setDraft: (draft: Draft | null) => void;
  opened: Opened | null;
  setOpened: (opened: Opened | null) => void;
  /** Closes what is open and gives the keyboard back to its cell. */
  close: () => void;
  /** The keyboard goes there once it is drawn. */
  focusAt: (spot: Spot) => void;
  /** A meeting was just booked: it is drawn before the day is read again. */
  booked: (appointment: AppointmentView | null) => void;
}

/**
 * What lies open beside the grid, and where the keyboard goes when it closes. `days` is undefined until it is what was
 * asked for. `held`: a dialog has the keyboard, which comes back to the grid after it.
 */
export function usePanels(
  grid: RefObject<TimeGridHandle | null>,
  days: GridDays | undefined,
  held: boolean,
): Panels {
  const remember = useRemember();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const painting = useRef<string | null>(null);
  const focusLater = useRef<Spot | null>(null);

  const focusAt = useCallback((spot: Spot) => {
    focusLater.current = spot;
  }, []);

  const close = useCallback(() => {
    if (draft !== null)
      focusLater.current = { date: draft.date, column: draft.counsellor, minute: draft.minute };
    else if (opened !== null) {
      const block = days?.blocks.find((one) => one.id === opened.id);
      if (block)
        focusLater.current = {
          date: block.date,
          column: opened.column === "" ? block.counsellor.id : opened.column,
          minute: block.from_min,
        };
    }
    setDraft(null);
    setOpened(null);
  }, [draft, opened, days]);

  const booked = useCallback(
    (appointment: AppointmentView | null) => {
      painting.current = appointment?.id ?? null;
      if (appointment !== null) {
        const { date, counsellor, id } = appointment;
        const put = (blocks: AppointmentView[]): AppointmentView[] => [
          ...blocks.filter((block) => block.id !== id),
          appointment,
        ];
        remember("agenda.day", { date }, (before) => ({ ...before, blocks: put(before.blocks) }));
        remember("agenda.week", { date: mondayOf(date), counsellor: counsellor.id }, (before) => ({
          ...before,
          days: before.days.map((day) => (day.date === date ? { ...day, blocks: put(day.blocks) } : day)),
        }));
      }
      close();
    },
    [remember, close],
  );

  // The keyboard goes back to the grid once the grid is drawn without the panel's slot.
  useLayoutEffect(() => {
    const spot = focusLater.current;
    if (spot === null || held || draft !== null || opened !== null || days === undefined) return;
    // Another day was asked for and is still on its way.
    const onDate = days.columns.filter((column) => column.date === spot.date);
    if (onDate.length === 0) return;
    if (painting.current !== null && !days.blocks.some((block) => block.id === painting.current)) return;
    focusLater.current = null;
    const key = keyOf(spot.date, spot.column);
    const there = onDate.find((column) => column.key === key) ?? onDate[0];
    if (there !== undefined) grid.current?.focus(there.key, spot.minute);
  });

  // From the key that books to the block on the screen.
  useEffect(() => {
    const id = painting.current;
    if (id === null || !days?.blocks.some((block) => block.id === id)) return;
    painting.current = null;
    requestAnimationFrame(() => {
      setTimeout(() => {
        performance.measure("passerelle:book", "passerelle:book:key");
      }, 0);
    });
  }, [days]);

  return { draft, setDraft, opened, setOpened, close, focusAt, booked };
}
