import { useCallback, useMemo, useState } from "react";
import type { DayColumn } from "~/shared/backend";
import { useSession } from "~/shared/session/session";

/** Which columns this person keeps hidden: remembered, and never all of them. */
export function useColumns(columns: readonly DayColumn[]): {
  hidden: ReadonlySet<string>;
  shown: DayColumn[];
  /** The place of each among all, from 1: its key. */
  keys: ReadonlyMap<string, number>;
  toggle: (id: string) => void;
} {
  const { user } = useSession();
  const store = `passerelle.colonnes.${user.id}`;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => readIds(localStorage.getItem(store)));

  const toggle = useCallback(
    (id: string) => {
      setHidden((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        localStorage.setItem(store, JSON.stringify([...after]));
        return after;
      });
    },
    [store],
  );

  return useMemo(() => {
    const kept = columns.filter((column) => !hidden.has(column.id));
    return {
      hidden: kept.length === 0 ? new Set<string>() : hidden,
      shown: kept.length === 0 ? [...columns] : kept,
      keys: new Map(columns.map((column, index) => [column.id, index + 1])),
      toggle,
    };
  }, [columns, hidden, toggle]);
}

function readIds(kept: string | null): ReadonlySet<string> {
  try {
    const ids: unknown = JSON.parse(kept ?? "[]");
    return new Set(Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string") : []);
  } catch {
    return new Set();
  }
}
