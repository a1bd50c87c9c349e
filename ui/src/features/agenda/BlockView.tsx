import type { CSSProperties, ReactNode } from "react";
import type { AppointmentView, DayColumn } from "~/shared/backend";
import { clockOf } from "~/shared/format/dates";
import { cx, french } from "~/shared/format/text";
import { Icon } from "~/shared/ui/Icon";
import { KindMark } from "~/shared/ui/KindMark";
import { STATES } from "~/shared/ui/states";
import styles from "./BlockView.module.css";
import {
  besideName,
  heldBy,
  isMarked,
  markOf,
  narrowName,
  otherOf,
  secondLine,
  sessionCount,
  sessionState,
  stateOf,
  stateWord,
  titleOf,
  type Item,
} from "./dayModel";
import type { Ghost, Placed } from "./grid/layout";

/** A block of the grid: word, icon and edge of its state, with as many lines as its height holds. */
export function BlockView({
  block,
  column,
  now,
  cut,
}: {
  block: Placed<Item>;
  column: DayColumn | undefined;
  now: number;
  cut: boolean;
}): ReactNode {
  const place = {
    "--top": `${String(block.top)}%`,
    "--height": `${String(block.height)}%`,
    "--left": `${String((block.lane / block.lanes) * 100)}%`,
    "--width": `${String(100 / block.lanes)}%`,
  } as CSSProperties;
  const minutes = block.to - block.from;
  const item = block.data;
  switch (item.type) {
    case "absence":
      return (
        <div className={cx(styles.block, styles.plain, "st-absence")} style={place} aria-hidden="true">
          <span className={styles.words}>
            <span className={styles.label}>
              <Icon name="exit" small />
              <b>Absence</b>
            </span>
            {minutes >= 45 && <span className={styles.label}>{item.label}</span>}
            {minutes >= 60 && item.detail !== null && <span className={styles.label}>{item.detail}</span>}
          </span>
        </div>
      );
    case "school":
      return (
        <div className={cx(styles.block, styles.plain, "st-school")} style={place} aria-hidden="true">
          <span className={styles.words}>
            <span className={styles.label}>
              <Icon name="school" small />
              <b>Permanence</b>
            </span>
            {minutes >= 45 && <span className={styles.label}>{item.site || "sans rendez-vous"}</span>}
          </span>
        </div>
      );
    case "draft":
      return (
        <div className={cx(styles.block, styles.draft)} style={place} aria-hidden="true">
          <span className={styles.head}>
            <Icon name="plus" small />
            <b className="num">{`${clockOf(block.from)} – ${clockOf(block.to)}`}</b>
          </span>
          {minutes >= 30 && <span className={styles.line}>{item.title}</span>}
        </div>
      );
    case "session": {
      const state = STATES[sessionState(item.people)];
      const lines = Math.max(1, Math.floor(minutes / 15));
      const first = item.people[0];
      const where =
        first === undefined
          ? null
          : column?.kind === "room"
            ? heldBy(first)
            : [first.room_name, withOther(first, column?.id)].filter(Boolean).join(", ");
      return (
        <div className={cx(styles.block, state.className)} style={place} aria-hidden="true">
          <span className={cx(styles.head, lines >= 4 && styles.wraps)}>
            <b>{item.title}</b>
          </span>
          {lines >= 3 && (
            <span className={cx(styles.line, lines >= 5 && styles.free)}>
              {[where, sessionCount(item.people)].filter(Boolean).join(" · ")}
            </span>
          )}
          <span className={styles.state}>
            <Icon name={state.icon} small />
            {state.word}
          </span>
        </div>
      );
    }
    case "appointment": {
      const { appointment } = item;
      const state = STATES[stateOf(appointment)];
      const mark = markOf(appointment);
      const provisional = mark !== null;
      // Side by side with another there is half the room: the family name first, over as many lines as there are.
      const beside = block.lanes > 1;
      const name = beside ? besideName(appointment) : narrowName(appointment);
      // A name that just does not fit a narrow column stands in full where the column is wider.
      const fits =
        !beside && name !== titleOf(appointment) && titleOf(appointment).length <= 19
          ? titleOf(appointment)
          : null;
      const wraps = minutes >= 45 && fits === null && (beside ? name.length > 8 : name.length > 16);
      const lines = Math.max(1, Math.floor(minutes / 15));
      const second = secondLine(appointment, column?.id);
      // What must be read never gives way: name, state, mark. The second line comes when there is room.
      const needed = (wraps ? 2 : 1) + 1 + (provisional ? 1 : 0);
      const forced = appointment.override_reason !== null;
      const clamp = {
        "--clamp": String(Math.max(1, Math.min(3, lines - (provisional ? 2 : 1)))),
      } as CSSProperties;
      return (
        <div
          className={cx(styles.block, state.className, provisional && styles.provisional, cut && styles.cut)}
          data-state={stateOf(appointment)}
          data-forced={forced || undefined}
          style={place}
          aria-hidden="true"
        >
          <span className={cx(styles.head, wraps && styles.wraps)} style={clamp}>
            {lines < 2 && <Icon name={state.icon} small />}
            {forced && !beside && <Icon name="flag" small />}
            {isMarked(appointment.kind) && (
              <span className={styles.kind}>
                <KindMark colour={appointment.kind.colour} />
              </span>
            )}
            <b>
              {fits === null ? (
                name
              ) : (
                <>
                  <span className={styles.narrow}>{name}</span>
                  <span className={styles.full}>{fits}</span>
                </>
              )}
            </b>
          </span>
          {second !== "" && needed < lines && <span className={styles.line}>{second}</span>}
          {isMarked(appointment.kind) && needed + 1 < lines && (
            <span className={styles.line}>{french(appointment.kind.name)}</span>
          )}
          {forced && needed + 1 < lines && (
            <span className={styles.line}>
              {french(`malgré tout : ${appointment.override_reason ?? ""}`)}
            </span>
          )}
          {lines >= 2 && (
            <span className={styles.state}>
              {forced && beside && <Icon name="flag" small />}
              <Icon name={state.icon} small />
              <span className={styles.word}>{stateWord(appointment, now)}</span>
              {provisional && lines < 3 && <Icon name={STATES[mark].icon} small />}
            </span>
          )}
          {provisional && lines >= 3 && (
            <span className={styles.state}>
              <Icon name={STATES[mark].icon} small />
              {STATES[mark].word}
            </span>
          )}
        </div>
      );
    }
  }
}

function withOther(appointment: AppointmentView, column: string | undefined): string | null {
  const other = otherOf(appointment, column);
  return other === null ? null : `avec ${other}`;
}

/** What gave its time back: one line over a slot that is free. */
export function GhostView({ ghost }: { ghost: Ghost<Item> }): ReactNode {
  if (ghost.data.type !== "appointment") return null;
  const { appointment } = ghost.data;
  const state = STATES[stateOf(appointment)];
  const { client } = appointment;
  const name = client === null ? "" : ` · ${client.given_name.charAt(0)}. ${client.family_name}`;
  return (
    <div className={cx(styles.ghost, state.className)} aria-hidden="true">
      <Icon name={state.icon} small />
      <span>
        {state.word}
        {name}
      </span>
    </div>
  );
}
