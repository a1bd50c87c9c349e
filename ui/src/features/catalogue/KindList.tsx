import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useImperativeHandle, useRef, type ReactNode } from "react";
import { kindTitle } from "~/shared/catalogue/kinds";
import { Hit } from "./Hit";
import type { Entry } from "./query";
import { lineId, type ListProps } from "./Results";
import styles from "./Results.module.css";
import { useLineHeight } from "./useLineHeight";

/** Lines drawn before and after what is in sight. */
const AROUND = 8;

/** All hits of one kind: only the lines in sight are there, and their pages are read as they come. */
export function KindList({
  ref,
  id,
  kind,
  question,
  at,
  count,
  entryAt,
  onSee,
  marked,
  pinned,
  onStand,
  onOpen,
  onKeyDown,
}: ListProps & {
  kind: string;
  /** What is answered: another question is read from its beginning. */
  question: unknown;
  count: number;
  entryAt: (index: number) => Entry | undefined;
  onSee: (first: number, last: number) => void;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => box.current as HTMLDivElement);
  const height = useLineHeight();
  // The compiler cannot see through what this returns; nothing here is memoised around it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const lines = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: AROUND,
  });
  useEffect(() => {
    lines.measure();
  }, [height, lines]);
  useEffect(() => {
    if (box.current !== null) box.current.scrollTop = 0;
  }, [question]);
  useEffect(() => {
    if (at >= 0) lines.scrollToIndex(at, { align: "auto" });
  }, [at, lines]);
  const drawn = lines.getVirtualItems();
  const first = drawn[0]?.index ?? 0;
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    onSee(first, last);
  });
  const shown = drawn.some((line) => line.index === at);
  return (
    <div
      ref={box}
      id={id}
      role="listbox"
      aria-label={kindTitle(kind)}
      tabIndex={0}
      aria-activedescendant={shown ? lineId(id, at) : undefined}
      className={styles.long}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" className={styles.track} style={{ height: lines.getTotalSize() }}>
        {drawn.map((line) => {
          const entry = entryAt(line.index);
          return (
            <div
              key={line.index}
              id={lineId(id, line.index)}
              role="option"
              aria-selected={line.index === at}
              aria-setsize={count}
              aria-posinset={line.index + 1}
              className={styles.line}
              style={{ height, transform: `translateY(${String(line.start)}px)` }}
              onClick={() => {
                onStand(line.index);
              }}
              onDoubleClick={() => {
                onOpen(line.index);
              }}
            >
              {entry?.type === "hit" ? (
                <Hit hit={entry.hit} marked={marked.has(entry.id)} pinned={pinned.get(entry.id)} />
              ) : (
                <span className={styles.blank}>
                  <span className="vh">Chargement</span>
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
