import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { AppointmentView } from "~/shared/backend";
import { clockOf, dayName, hourOf } from "~/shared/format/dates";
import { cx, french, phone } from "~/shared/format/text";
import { chordOf } from "~/shared/keyboard/chord";
import { useNotices } from "~/shared/notices/notices";
import { Chip } from "~/shared/ui/Chip";
import { Icon } from "~/shared/ui/Icon";
import { KindMark } from "~/shared/ui/KindMark";
import { STATES } from "~/shared/ui/states";
import { companionsText, heldBy, stateOf, titleOf } from "../dayModel";
import { Mark } from "../Mark";
import styles from "./MeetingList.module.css";
import type { Sort, SortKey } from "./rows";

/** Height of a row before it is measured. */
const USUAL_ROW = 46;
const PAGE = 10;

const HEADS: { by: SortKey | null; word: string }[] = [
  { by: "time", word: "Heure" },
  { by: "person", word: "Usager" },
  { by: "counsellor", word: "Conseiller" },
  { by: null, word: "Motif et lieu" },
  { by: null, word: "Téléphone" },
  { by: "state", word: "État" },
];

/** Only the rows in view are in the page, and the one that has the keyboard: thousands scroll like ten. */
export function ListTable({
  rows,
  dated,
  sort,
  onSort,
  onKey,
  onOpen,
}: {
  rows: readonly AppointmentView[];
  /** More than one day is shown. */
  dated: boolean;
  sort: Sort;
  onSort: (by: SortKey) => void;
  onKey: (chord: string, appointment: AppointmentView) => boolean;
  onOpen: (appointment: AppointmentView) => void;
}): ReactNode {
  const { announce } = useNotices();
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const found = rows.findIndex((row) => row.id === current);
  // A row that went away (another filter, another day) leaves its place to the one that is there now.
  const [last, setLast] = useState(0);
  const at = found >= 0 ? found : Math.min(last, rows.length - 1);
  const focusNext = useRef(false);

  // What it returns changes at each scroll; it is used in this component alone.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL_ROW,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), at])].sort((a, b) => a - b),
  });

  useEffect(() => {
    if (!focusNext.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${String(at)}"]`);
    if (row === null || row === undefined) return;
    focusNext.current = false;
    row.focus({ preventScroll: true });
  });

  const goTo = (index: number): void => {
    const next = Math.max(0, Math.min(index, rows.length - 1));
    const row = rows[next];
    if (row === undefined) return;
    focusNext.current = true;
    setCurrent(row.id);
    setLast(next);
    virtual.scrollToIndex(next);
    announce(rowText(row, dated));
  };

  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    j: at + 1,
    k: at - 1,
    PageDown: at + PAGE,
    PageUp: at - PAGE,
    Home: 0,
    End: rows.length - 1,
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    // The heads have keys of their own.
    const row = rows[at];
    if (row === undefined || (event.target as HTMLElement).closest("[data-index]") === null) return;
    const chord = chordOf(event.nativeEvent);
    const next = steps[chord];
    if (next !== undefined) goTo(next);
    else if (chord === "Enter" || chord === "Space") onOpen(row);
    else if (!onKey(chord, row)) return;
    else focusNext.current = true;
    event.preventDefault();
  };

  return (
    <div ref={scroller} className={styles.scroll} data-scroller>
      <div
        role="grid"
        className={styles.list}
        aria-label="Rendez-vous"
        aria-rowcount={rows.length + 1}
        tabIndex={-1}
        onKeyDown={pressed}
      >
        <div role="rowgroup" className={styles.heads}>
          <div role="row" aria-rowindex={1} className={styles.row}>
            {HEADS.map(({ by, word }) => (
              <div
                key={word}
                role="columnheader"
                aria-sort={by === sort.by ? (sort.down ? "descending" : "ascending") : undefined}
              >
                {by === null ? (
                  word
                ) : (
                  <button
                    type="button"
                    onClick={() => {
                      onSort(by);
                    }}
                  >
                    {word}
                    {by === sort.by && <Icon name={sort.down ? "down" : "up"} small />}
                  </button>
                )}
              </div>
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          className={styles.body}
          ref={(body) => body?.style.setProperty("--tall", `${String(virtual.getTotalSize())}px`)}
        >
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={item.key}
                ref={(element) => {
                  virtual.measureElement(element);
                  element?.style.setProperty("--top", `${String(item.start)}px`);
                }}
                role="row"
                data-index={item.index}
                data-appointment={row.id}
                aria-rowindex={item.index + 2}
                tabIndex={item.index === at ? 0 : -1}
                className={cx(styles.row, styles.line)}
                onFocus={() => {
                  setCurrent(row.id);
                  setLast(item.index);
                }}
                onClick={() => {
                  onOpen(row);
                }}
              >
                <Cells row={row} dated={dated} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells({ row, dated }: { row: AppointmentView; dated: boolean }): ReactNode {
  const place = [row.site_name, row.room_name].filter(Boolean).join(", ");
  const more = [row.client?.class_level, companionsText(row.companions)].filter(Boolean).join(" · ");
  return (
    <>
      <div role="gridcell" className={cx(styles.when, "num")}>
        {dated && <span className={styles.date}>{dayName(row.date, "short")}</span>}
        <span>{`${clockOf(row.from_min)} – ${clockOf(row.to_min)}`}</span>
      </div>
      <div role="gridcell" className={styles.who}>
        <b>{titleOf(row)}</b>
        {more !== "" && <span className="sub">{more}</span>}
      </div>
      <div role="gridcell">{heldBy(row)}</div>
      <div role="gridcell">
        <KindMark colour={row.kind.colour} /> {french(row.kind.name)}
        {place !== "" && <span className={cx("sub", styles.block)}>{place}</span>}
      </div>
      <div role="gridcell" className="num">
        {row.client?.phone ? phone(row.client.phone) : ""}
      </div>
      <div role="gridcell" className={styles.states}>
        <Chip state={stateOf(row)} />
        <Mark of={row} />
      </div>
    </>
  );
}

function rowText(row: AppointmentView, dated: boolean): string {
  const day = dated ? `${dayName(row.date)}, ` : "";
  return `${day}${hourOf(row.from_min)}, ${titleOf(row)}, ${heldBy(row)}, ${STATES[stateOf(row)].word.toLowerCase()}`;
}
