import type { KeyboardEvent, ReactNode, Ref } from "react";
import type { DayNote, OccurrenceView } from "~/shared/backend";
import { clockOf, dayName, type Day } from "~/shared/format/dates";
import { cx } from "~/shared/format/text";
import { Icon } from "~/shared/ui/Icon";
import { occurrenceText, suppressedText } from "../words";
import type { Spot, WeekRow } from "./model";
import styles from "./WeekGrid.module.css";

/** People by days. One tab stop: the arrows walk the plages of a cell, then the cells. */
export function WeekGrid({
  ref,
  days,
  rows,
  today,
  mainSite,
  spot,
  cut,
  onSpot,
  onKeyDown,
  onFocusIn,
  onOpen,
  onCreate,
  onDrag,
  onDrop,
}: {
  ref: Ref<HTMLTableElement>;
  days: readonly DayNote[];
  rows: readonly WeekRow[];
  today: Day;
  mainSite: string;
  spot: Spot;
  cut: OccurrenceView | null;
  onSpot: (spot: Spot) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  /** The focus came in, or went to something else; a plage that vanishes with it is neither. */
  onFocusIn: (inside: boolean) => void;
  onOpen: (occurrence: OccurrenceView) => void;
  onCreate: () => void;
  onDrag: (occurrence: OccurrenceView | null) => void;
  onDrop: (date: Day, row: number) => void;
}): ReactNode {
  return (
    <div className={styles.scroll}>
      <table
        ref={ref}
        role="grid"
        aria-label="Ouvertures de la semaine"
        className={styles.grid}
        onKeyDown={onKeyDown}
        onFocus={() => {
          onFocusIn(true);
        }}
        onBlur={(event) => {
          if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget))
            onFocusIn(false);
        }}
      >
        <thead>
          <tr role="row">
            <th scope="col" role="columnheader" className={styles.corner}>
              <span className="vh">Qui</span>
            </th>
            {days.map((note) => (
              <th
                key={note.date}
                scope="col"
                role="columnheader"
                aria-current={note.date === today ? "date" : undefined}
              >
                <b>{dayName(note.date, "bare")}</b>
                {(note.closed ?? note.holiday) !== null && (
                  <span className={styles.note}>{note.closed ?? note.holiday}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => (
            <tr role="row" key={row.id}>
              <th scope="row" role="rowheader">
                {row.name}
              </th>
              {days.map((note, column) => {
                const cell = row.cells[column] ?? [];
                const isSpot = (item: number): boolean =>
                  spot.row === rowIndex &&
                  spot.column === column &&
                  Math.min(spot.item, Math.max(0, cell.length - 1)) === item;
                const takes = cut !== null && cut.counsellor.id === row.id;
                return (
                  <td
                    key={note.date}
                    role="gridcell"
                    data-closed={note.closed !== null}
                    data-takes={takes}
                    onDragOver={(event) => {
                      if (takes) event.preventDefault();
                    }}
                    onDrop={(event) => {
                      event.preventDefault();
                      onDrop(note.date, rowIndex);
                    }}
                  >
                    {cell.length === 0 ? (
                      <button
                        type="button"
                        className={styles.empty}
                        tabIndex={isSpot(0) ? 0 : -1}
                        data-spot={isSpot(0)}
                        aria-label={`${row.name}, ${dayName(note.date)}, rien : ajouter une plage`}
                        onFocus={() => {
                          onSpot({ row: rowIndex, column, item: 0 });
                        }}
                        onClick={onCreate}
                      >
                        <Icon name="plus" small />
                      </button>
                    ) : (
                      cell.map((one, item) => (
                        <Plage
                          key={`${one.id}-${one.date}-${String(item)}`}
                          occurrence={one}
                          mainSite={mainSite}
                          spot={isSpot(item)}
                          cut={cut?.id === one.id && cut.date === one.date}
                          onFocus={() => {
                            onSpot({ row: rowIndex, column, item });
                          }}
                          onOpen={() => {
                            onOpen(one);
                          }}
                          onDrag={onDrag}
                        />
                      ))
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Plage({
  occurrence: one,
  mainSite,
  spot,
  cut,
  onFocus,
  onOpen,
  onDrag,
}: {
  occurrence: OccurrenceView;
  mainSite: string;
  spot: boolean;
  cut: boolean;
  onFocus: () => void;
  onOpen: () => void;
  onDrag: (occurrence: OccurrenceView | null) => void;
}): ReactNode {
  const absence = one.entity === "absence";
  const off = suppressedText(one);
  const elsewhere = !absence && one.site !== mainSite;
  const label = [
    one.counsellor.name,
    absence ? `absence, ${one.label ?? ""}` : one.duty ? "permanence" : null,
    occurrenceText(one),
    one.changed ? "changée à la main" : null,
    off,
    cut ? "coupée" : null,
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <button
      type="button"
      className={cx(
        styles.plage,
        absence && styles.absence,
        (elsewhere || one.duty) && styles.elsewhere,
        one.changed && styles.changed,
        off !== null && styles.off,
        cut && styles.cut,
      )}
      tabIndex={spot ? 0 : -1}
      data-spot={spot}
      draggable={!absence}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", one.id);
        onDrag(one);
      }}
      onDragEnd={() => {
        // A drop has opened the question by now; anything else lets go of it.
        requestAnimationFrame(() => {
          if (document.querySelector("[role='dialog']") === null) onDrag(null);
        });
      }}
      onFocus={onFocus}
      onClick={onOpen}
    >
      <span className="vh">{label}</span>
      <span className={styles.drawn} aria-hidden="true">
        <span className="num">
          {one.blocks.length === 0
            ? "fermé"
            : one.blocks.map((block) => `${clockOf(block.from)} – ${clockOf(block.to)}`).join(", ")}
        </span>
        {absence ? (
          <span className={styles.place}>
            <Icon name="exit" small /> {one.label}
          </span>
        ) : (
          (elsewhere || one.duty) && (
            <span className={styles.place}>
              <Icon name={one.duty ? "door" : "school"} small />{" "}
              {one.duty ? (one.label ?? "Permanence") : one.site_name}
            </span>
          )
        )}
        {off !== null && <span className={styles.place}>{off}</span>}
      </span>
    </button>
  );
}
