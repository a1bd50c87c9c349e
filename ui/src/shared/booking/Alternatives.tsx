import type { ReactNode } from "react";
import type { SlotView } from "~/shared/backend";
import { addDays, civil, clock, dayName, dayNear } from "~/shared/format/dates";
import styles from "./Alternatives.module.css";

/** What is free instead: three with the same person, then three with colleagues. */
export function Alternatives({
  slots,
  today,
  onTake,
}: {
  slots: readonly SlotView[];
  today: string;
  onTake: (slot: SlotView) => void;
}): ReactNode {
  if (slots.length === 0) return null;
  return (
    <span className={styles.alternatives} role="group" aria-label="Créneaux libres les plus proches">
      {slots.slice(0, 6).map((slot) => {
        const { day } = civil(slot.start, slot.zone);
        const near = day <= addDays(today, 1) ? dayNear(day, today) : dayName(day, "bare");
        return (
          <button
            key={`${slot.local} ${slot.counsellor.id}`}
            type="button"
            className={styles.alternative}
            onClick={() => {
              onTake(slot);
            }}
          >
            <b className="num">{`${near} ${clock(slot.start, slot.zone)}`}</b> {slot.counsellor.name}
          </button>
        );
      })}
    </span>
  );
}
