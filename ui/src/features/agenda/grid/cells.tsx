import { memo, type CSSProperties, type ReactNode } from "react";
import type { DayColumn } from "~/shared/backend";
import { clockOf } from "~/shared/format/dates";
import { cx } from "~/shared/format/text";
import { Icon } from "~/shared/ui/Icon";
import { Kbd } from "~/shared/ui/Kbd";
import { BlockView, GhostView } from "../BlockView";
import { contentText, type Item } from "../dayModel";
import type { GridColumn } from "./column";
import type { Cell, Placed } from "./layout";
import styles from "./TimeGrid.module.css";

/** The line stays behind the blocks and moves each minute, without animation. In a week it crosses today alone. */
export function NowLine({
  minute,
  first,
  count,
  whole,
}: {
  minute: number;
  first: number;
  count: number;
  whole: boolean;
}): ReactNode {
  const style = { "--first": first, "--count": count } as CSSProperties;
  return (
    <div aria-hidden="true" data-testid="maintenant" style={style}>
      <div className={cx(styles.now, !whole && styles.ofToday)} />
      <div className={styles.nowHour}>{clockOf(minute)}</div>
    </div>
  );
}

export const ColumnHead = memo(function ColumnHead({
  column,
  marked,
}: {
  column: GridColumn;
  /** Today among other days. */
  marked: boolean;
}): ReactNode {
  return (
    <th scope="col" className={cx(marked && styles.today)} aria-current={marked ? "date" : undefined}>
      <span className={styles.name}>
        {column.digit !== null && <Kbd keys={String(column.digit)} />}
        <span>{column.name}</span>
      </span>
      <span className={styles.note}>
        {column.closed && <Icon name="slash" small />}
        {column.note}
      </span>
    </th>
  );
});

interface GridCellProps {
  cell: Cell<Item>;
  column: DayColumn;
  /** The lane that the tab key reaches, when it is in this cell. */
  stopLane: number | null;
  now: number;
  cutId: string | null;
  closedWord: boolean;
}

/** By which a block, or somebody in a session, is found again. */
function marks(block: Placed<Item> | undefined): Record<string, string> {
  if (block === undefined) return {};
  if (block.data.type !== "session") return { "data-block": block.id };
  return { "data-block": block.id, "data-people": block.data.people.map((one) => one.id).join(" ") };
}

const KINDS = {
  free: styles.free,
  past: cx(styles.free, styles.past),
  closed: styles.closed,
  busy: styles.busy,
};

export const GridCell = memo(function GridCell(props: GridCellProps): ReactNode {
  const { cell, column, stopLane, now, cutId, closedWord } = props;
  const several = cell.blocks.length > 1;
  const place = { "data-column": cell.column, "data-row": cell.row };
  const first = cell.blocks[0];
  return (
    <td
      role="gridcell"
      rowSpan={cell.span > 1 ? cell.span : undefined}
      className={KINDS[cell.kind]}
      aria-selected={cell.blocks.some((block) => block.data.type === "draft") || undefined}
      aria-colindex={cell.column + 2}
      {...(several ? {} : { ...place, tabIndex: stopLane === null ? -1 : 0, ...marks(first) })}
    >
      {!several && <span className="vh">{contentText(cell, first?.data)}</span>}
      {several
        ? cell.blocks.map((block, lane) => (
            <div
              key={block.id}
              role="button"
              className={styles.lane}
              tabIndex={stopLane === lane ? 0 : -1}
              data-lane={lane}
              {...marks(block)}
              {...place}
            >
              <span className="vh">{contentText(cell, block.data)}</span>
              <BlockView block={block} column={column} now={now} cut={cutId === block.id} />
            </div>
          ))
        : first && <BlockView block={first} column={column} now={now} cut={cutId === first.id} />}
      {cell.ghosts.map((ghost) => (
        <GhostView key={ghost.id} ghost={ghost} />
      ))}
      {closedWord && (
        <span className={styles.closedWord} aria-hidden="true">
          Fermé
        </span>
      )}
    </td>
  );
});
