import { useEffect, useMemo, type KeyboardEvent, type ReactNode, type Ref } from "react";
import type { CatalogueAnswer } from "~/shared/backend";
import { kindCount, kindTitle } from "~/shared/catalogue/kinds";
import { figure } from "~/shared/format/numbers";
import type { PinStanding } from "~/shared/pins/useRecordPins";
import { Icon } from "~/shared/ui/Icon";
import { Hit } from "./Hit";
import { entriesOf, type Entry } from "./query";
import styles from "./Results.module.css";

export interface ListProps {
  ref: Ref<HTMLDivElement>;
  /** Names the list and, with its place, each of its lines. */
  id: string;
  /** The line that one stands on. */
  at: number;
  marked: ReadonlySet<string>;
  pinned: ReadonlyMap<string, PinStanding>;
  onStand: (index: number) => void;
  onOpen: (index: number) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

export function lineId(list: string, index: number): string {
  return `${list}-${String(index)}`;
}

function kindOf(entry: Entry): string {
  return entry.type === "hit" ? entry.hit.kind : entry.kind;
}

/** The best of each kind, one kind under the other, in one list that the arrows walk. */
export function Results({
  ref,
  id,
  at,
  marked,
  pinned,
  answer,
  wide,
  onStand,
  onOpen,
  onKeyDown,
}: ListProps & {
  answer: CatalogueAnswer;
  /** How many of each kind there would be without what narrows the search. */
  wide: ReadonlyMap<string, number> | null;
}): ReactNode {
  const entries = useMemo(() => entriesOf(answer), [answer]);
  useEffect(() => {
    // The first line brings the title of its kind with it.
    if (at <= 0) document.getElementById(id)?.scrollTo({ top: 0 });
    else document.getElementById(lineId(id, at))?.scrollIntoView({ block: "nearest" });
  }, [id, at, answer]);
  const line = (entry: Entry, index: number): ReactNode => (
    <div
      key={entry.id}
      id={lineId(id, index)}
      role="option"
      aria-selected={index === at}
      className={entry.type === "hit" ? styles.line : styles.more}
      onClick={() => {
        if (entry.type === "hit") onStand(index);
        else onOpen(index);
      }}
      onDoubleClick={() => {
        if (entry.type === "hit") onOpen(index);
      }}
    >
      {entry.type === "hit" ? (
        <Hit hit={entry.hit} marked={marked.has(entry.id)} pinned={pinned.get(entry.id)} />
      ) : (
        <>
          Voir les {kindCount(entry.kind, entry.total)}
          <Icon name="right" small />
        </>
      )}
    </div>
  );
  return (
    <div
      ref={ref}
      id={id}
      role="listbox"
      aria-label="Résultats"
      tabIndex={0}
      aria-activedescendant={at < 0 ? undefined : lineId(id, at)}
      className={styles.list}
      onKeyDown={onKeyDown}
    >
      {answer.groups.map((group) => {
        const from = entries.findIndex((entry) => kindOf(entry) === group.kind);
        const own = entries.filter((entry) => kindOf(entry) === group.kind);
        const all = wide?.get(group.kind);
        const count =
          all === undefined || all === group.total
            ? figure(group.total)
            : `${figure(group.total)} sur ${figure(all)}`;
        return (
          <div key={group.kind} role="group" aria-label={`${kindTitle(group.kind)}, ${count}`}>
            <p className={styles.group} aria-hidden="true">
              <b>{kindTitle(group.kind)}</b>
              <span className="num">{count}</span>
            </p>
            {own.map((entry, index) => line(entry, from + index))}
          </div>
        );
      })}
    </div>
  );
}
