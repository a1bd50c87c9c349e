import { useCallback, useMemo, useState } from "react";
import type { DayColumn } from "~/shared/backend";
import { useSession } from "~/shared/session/session";
import { groupOf, hiddenBy, readGroups, withGroup, withoutGroup, type Group } from "./groups";

export interface Columns {
  hidden: ReadonlySet<string>;
  shown: DayColumn[];
  /** The place of each among all, from 1: its key. */
  keys: ReadonlyMap<string, number>;
  toggle: (id: string) => void;
  showAll: () => void;
  /** Named groups of columns, in the order of their keys. */
  groups: readonly Group[];
  /** The group that is shown just now, if the columns are those of one. */
  group: Group | null;
  showGroup: (group: Group) => void;
  /** Gives the columns that are shown a name. */
  saveGroup: (name: string) => void;
  removeGroup: (name: string) => void;
}

/** Which columns this person keeps hidden, and the groups that they named: remembered, and never all hidden. */
export function useColumns(columns: readonly DayColumn[]): Columns {
  const { user } = useSession();
  const store = `passerelle.colonnes.${user.id}`;
  const groupStore = `passerelle.groupes.${user.id}`;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => readIds(localStorage.getItem(store)));
  const [groups, setGroups] = useState<readonly Group[]>(() => readGroups(localStorage.getItem(groupStore)));

  const keep = useCallback(
    (after: ReadonlySet<string>) => {
      localStorage.setItem(store, JSON.stringify([...after]));
      setHidden(after);
    },
    [store],
  );
  const keepGroups = useCallback(
    (after: readonly Group[]) => {
      localStorage.setItem(groupStore, JSON.stringify(after));
      setGroups(after);
    },
    [groupStore],
  );

  return useMemo(() => {
    const kept = columns.filter((column) => !hidden.has(column.id));
    const shown = kept.length === 0 ? [...columns] : kept;
    const ids = columns.map((column) => column.id);
    return {
      hidden: kept.length === 0 ? new Set<string>() : hidden,
      shown,
      keys: new Map(columns.map((column, index) => [column.id, index + 1])),
      toggle: (id) => {
        const after = new Set(hidden);
        if (!after.delete(id)) after.add(id);
        keep(after);
      },
      showAll: () => {
        keep(new Set());
      },
      groups,
      group: groupOf(
        groups,
        ids,
        shown.map((column) => column.id),
      ),
      showGroup: (group) => {
        keep(hiddenBy(group, ids));
      },
      saveGroup: (name) => {
        keepGroups(withGroup(groups, { name, columns: shown.map((column) => column.id) }));
      },
      removeGroup: (name) => {
        keepGroups(withoutGroup(groups, name));
      },
    };
  }, [columns, hidden, groups, keep, keepGroups]);
}

function readIds(kept: string | null): ReadonlySet<string> {
  try {
    const ids: unknown = JSON.parse(kept ?? "[]");
    return new Set(Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string") : []);
  } catch {
    return new Set();
  }
}
