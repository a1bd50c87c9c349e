import { useEffect, useRef, type ReactNode } from "react";
import type { AppointmentView } from "~/shared/backend";
import { dayName, hourOf } from "~/shared/format/dates";
import { french } from "~/shared/format/text";
import { Chip } from "~/shared/ui/Chip";
import { BesideCell } from "./BesideCell";
import { isProvisional, sessionCount, stateOf, titleOf } from "./dayModel";
import styles from "./SessionPanel.module.css";

/** A group session: who is expected, each with a state of their own. */
export function SessionPanel({
  people,
  anchor,
  onOpen,
  onClose,
}: {
  people: readonly AppointmentView[];
  anchor: () => HTMLElement | null;
  onOpen: (id: string) => void;
  onClose: () => void;
}): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector("button")?.focus();
  }, []);
  const first = people[0];
  if (first === undefined) return null;
  const where = [first.counsellor.name, first.room_name].filter(Boolean).join(" · ");
  return (
    <BesideCell
      title={french(first.kind.name)}
      subtitle={`${dayName(first.date, "short")}, ${hourOf(first.from_min)} – ${hourOf(first.to_min)} · ${where}`}
      anchor={anchor}
      anchorKey={first.id}
      onClose={onClose}
      closeLabel="Fermer"
    >
      <p className="sub">{sessionCount(people)}</p>
      <ul className={styles.people} ref={list}>
        {people.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              onClick={() => {
                onOpen(one.id);
              }}
            >
              <span>
                <b>{titleOf(one)}</b> <span className="sub">{one.client?.class_level}</span>
              </span>
              <Chip state={stateOf(one)} />
              {isProvisional(one) && <Chip state="provisional" />}
            </button>
          </li>
        ))}
      </ul>
    </BesideCell>
  );
}
