import { useMemo } from "react";
import type { AppointmentView } from "~/shared/backend";
import type { Day } from "~/shared/format/dates";
import { columnsOf, type Item } from "./dayModel";
import type { Draft } from "./draft";
import { keyOf, type GridDays } from "./grid/column";
import { hoursShown, layOut, type Layout } from "./grid/layout";

/** The cells of the days that are shown, with the slot being booked; null until there is something to draw. */
export function useLayout(
  days: GridDays | undefined,
  draft: Draft | null,
  now: { date: Day; minute: number },
): Layout<Item> | null {
  const draftKey = draft === null ? null : keyOf(draft.date, draft.counsellor);
  const second = draft?.second ?? null;
  const secondKey = draft === null || second === null ? null : keyOf(draft.date, second);
  const from = draft?.minute ?? 0;
  const to = from + (draft?.minutes ?? 0);
  const { date: today, minute } = now;
  return useMemo(() => {
    if (days === undefined) return null;
    const time = draftKey === null ? null : { column: draftKey, second: secondKey, from, to };
    const on = (date: Day): AppointmentView[] => days.blocks.filter((block) => block.date === date);
    const columns = columnsOf(days.columns, on, time, { date: today, minute });
    return layOut(columns, hoursShown(columns, days));
  }, [days, draftKey, secondKey, from, to, today, minute]);
}
