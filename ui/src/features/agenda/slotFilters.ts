import { useCallback, useState } from "react";
import type { NextQuery } from "~/shared/backend";

/** What "next free" is narrowed to. Remembered by this desk, and used by the key N as well. */
export interface SlotFilters {
  kind: string;
  counsellor: string;
  site: string;
  /** Wednesday afternoon: when pupils are free. */
  wednesday: boolean;
  /** After 16:30: after the lessons. */
  evening: boolean;
  /** Civil days ahead. */
  days: number;
}

export const EVERYBODY = "";
export const HORIZONS = [7, 14, 30, 60];
const WEDNESDAY = 2;
const NOON = 12 * 60;
const EVENING = 16 * 60 + 30;
const STORE = "passerelle.creneaux";
const ANY: SlotFilters = {
  kind: "",
  counsellor: EVERYBODY,
  site: "",
  wednesday: false,
  evening: false,
  days: 60,
};

export function readFilters(): SlotFilters {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    if (typeof kept !== "object" || kept === null) return ANY;
    const one = { ...ANY, ...kept };
    const text =
      typeof one.kind === "string" && typeof one.counsellor === "string" && typeof one.site === "string";
    const flags = typeof one.wednesday === "boolean" && typeof one.evening === "boolean";
    return text && flags && HORIZONS.includes(one.days) ? one : ANY;
  } catch {
    return ANY;
  }
}

/** The filters, and how to change some of them. */
export function useSlotFilters(): [SlotFilters, (part: Partial<SlotFilters>) => void] {
  const [filters, setFilters] = useState(readFilters);
  const change = useCallback((part: Partial<SlotFilters>) => {
    setFilters((before) => {
      const after = { ...before, ...part };
      localStorage.setItem(STORE, JSON.stringify(after));
      return after;
    });
  }, []);
  return [filters, change];
}

/** The hours and days of the filters as the desk takes them; both together are Wednesdays after 16:30. */
export function hoursOf(filters: SlotFilters): Pick<NextQuery, "weekdays" | "after_min"> {
  return {
    weekdays: filters.wednesday ? [WEDNESDAY] : [],
    after_min: filters.evening ? EVENING : filters.wednesday ? NOON : null,
  };
}
