import { useState, type ReactNode } from "react";
import type { DayView } from "~/shared/backend";
import { plural } from "~/shared/format/text";
import { useNow } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import styles from "./EndOfDay.module.css";

/** How many past meetings, of today and of the two weeks before, nobody said the end of. */
export function missingCount(today: DayView | undefined): number {
  if (today === undefined) return 0;
  return today.missing.length + today.blocks.filter((block) => block.status_missing).length;
}

/** Once office hours are over: one quiet line when statuses are missing, until it is answered or put off. */
export function EndOfDay({ today, onSweep }: { today: DayView | undefined; onSweep: () => void }): ReactNode {
  const { minute } = useNow();
  const [later, setLater] = useState<string | null>(null);
  const count = missingCount(today);
  const closes = today?.todo.closes_min ?? null;
  if (today === undefined || count === 0 || closes === null || minute < closes || later === today.date)
    return null;
  return (
    <div className={styles.line}>
      <p role="status">
        <Icon name="help" /> Fin de journée : {plural(count, "statut manque", "statuts manquent")}.
      </p>
      <span className={styles.verbs}>
        <Button small shortcut="f" onClick={onSweep}>
          Compléter
        </Button>
        <Button
          small
          tone="quiet"
          onClick={() => {
            setLater(today.date);
          }}
        >
          Plus tard
        </Button>
      </span>
    </div>
  );
}
