import { useEffect, useRef, type ReactNode } from "react";
import type { EnquiryRow } from "~/shared/backend";
import { cx, plural } from "~/shared/format/text";
import { useNow, useSession } from "~/shared/session/session";
import { Chip } from "~/shared/ui/Chip";
import { Icon } from "~/shared/ui/Icon";
import { CHANNELS } from "~/shared/words";
import styles from "./EnquiryList.module.css";
import { CHANNEL_ICONS, dueOf, groupsOf, ownerText, receivedText, subjectText, whoTag } from "./words";

/** The lines of the inbox in stretches of days. One of them is current; arrows walk, Enter opens. */
export function EnquiryList({
  rows,
  view,
  current,
  held,
  onLetIn,
  onOpen,
  onStill,
}: {
  rows: readonly EnquiryRow[];
  view: string;
  current: string | null;
  /** New ones that wait above. */
  held: number;
  onLetIn: () => void;
  onOpen: (row: EnquiryRow) => void;
  /** The pointer is over the list: nothing may move. */
  onStill: (still: boolean) => void;
}): ReactNode {
  const { instant } = useNow();
  const { zone } = useSession();
  const list = useRef<HTMLDivElement>(null);
  // One tab stop: the current line, else the first.
  const stop = rows.some((row) => row.id === current) ? current : (rows[0]?.id ?? null);

  useEffect(() => {
    list.current?.querySelector("[aria-current='true']")?.scrollIntoView({ block: "nearest" });
  }, [current]);

  return (
    <div
      ref={list}
      className={styles.list}
      role="region"
      aria-label="Liste des demandes"
      tabIndex={-1}
      onPointerEnter={() => {
        onStill(true);
      }}
      onPointerLeave={() => {
        onStill(false);
      }}
    >
      {held > 0 && (
        <button type="button" className={styles.held} onClick={onLetIn}>
          <Icon name="up" small />
          {plural(held, "nouvelle demande", "nouvelles demandes")}, {held < 2 ? "l’afficher" : "les afficher"}
        </button>
      )}
      {groupsOf(rows, view, instant, zone).map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h2 className={styles.group}>{group.title}</h2>
          <ul>
            {group.rows.map((row) => (
              <li key={row.id}>
                <Line row={row} current={row.id === current} stop={row.id === stop} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Line({
  row,
  current,
  stop,
  onOpen,
}: {
  row: EnquiryRow;
  current: boolean;
  /** Tab comes here. */
  stop: boolean;
  onOpen: (row: EnquiryRow) => void;
}): ReactNode {
  const { instant, today } = useNow();
  const { zone } = useSession();
  const due = dueOf(row, instant, zone);
  const who = whoTag(row);
  const owner = ownerText(row);
  return (
    <button
      type="button"
      className={styles.line}
      aria-current={current ? "true" : undefined}
      data-enquiry={row.id}
      tabIndex={stop ? 0 : -1}
      onClick={() => {
        onOpen(row);
      }}
    >
      <span className={styles.first}>
        <Icon name={CHANNEL_ICONS[row.channel]} />
        <span className="vh">{CHANNELS[row.channel]}, </span>
        <b>{row.name}</b>
        <span className="num">{receivedText(row.received_at, today, zone)}</span>
      </span>
      <span className={styles.second}>
        {row.hidden && <Icon name="lock" small />}
        <span>{subjectText(row)}</span>
      </span>
      <span className={cx(styles.third, row.pending && styles.wraps)}>
        {who !== "" && <span className={styles.tag}>{who}</span>}
        {owner !== null && <span className={cx(styles.tag, styles.own)}>{owner}</span>}
        {row.pending && <Chip state="provisional" />}
        <span className={cx(styles.due, styles[due.tone])}>
          <Icon name={due.icon} small />
          {owner === null && !row.pending ? due.text : due.short}
        </span>
      </span>
    </button>
  );
}

/** Puts the focus on a line, wherever it was. */
export function focusLine(id: string): void {
  document.querySelector<HTMLElement>(`[data-enquiry="${CSS.escape(id)}"]`)?.focus();
}

/** The same once nothing lies over the page: a dialog keeps the focus until it has gone, and gives it to nobody. */
export function focusLineBehind(id: string, frames = 60): void {
  requestAnimationFrame(() => {
    if (frames > 0 && document.querySelector("[role='dialog']") !== null) focusLineBehind(id, frames - 1);
    else focusLine(id);
  });
}
