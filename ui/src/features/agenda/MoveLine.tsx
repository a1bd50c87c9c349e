import type { ReactNode } from "react";
import type { AppointmentView, RefusalView, SlotView, WarningView } from "~/shared/backend";
import { dayAndHour } from "~/shared/format/dates";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Note } from "~/shared/ui/Note";
import { Alternatives } from "./Alternatives";
import { titleOf } from "./dayModel";
import styles from "./MoveLine.module.css";
import { refusalText, warningText } from "./warnings";

/** What stands against the place where something was put. */
export interface MoveDoubt {
  place: string;
  warnings: WarningView[];
  refusal: RefusalView | null;
}

/** A meeting on its way: which one, how to put it down, and what there is to say about the last try. */
export function MoveLine({
  moving,
  doubt,
  onAnyway,
  onTake,
  onDrop,
}: {
  moving: AppointmentView;
  doubt: MoveDoubt | null;
  onAnyway: () => void;
  onTake: (slot: SlotView) => void;
  onDrop: () => void;
}): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  return (
    <div className={styles.line}>
      <p role="status">
        <b>{titleOf(moving)}</b>, {dayAndHour(moving.start, moving.zone, "short")} : allez à un créneau libre,
        puis <b>V</b> ou Entrée.
      </p>
      <Button small tone="quiet" shortcut="Escape" onClick={onDrop}>
        Ne pas déplacer
      </Button>
      {doubt !== null && doubt.refusal !== null && (
        <div className={styles.said}>
          <Note tone="bad" live>
            <b>Impossible :</b> {refusalText(doubt.refusal, { counsellor: moving.counsellor.name, zone })}
            <Alternatives slots={doubt.refusal.alternatives} today={today} onTake={onTake} />
          </Note>
        </div>
      )}
      {doubt !== null && doubt.refusal === null && (
        <div className={styles.said}>
          <Note tone="warn" live>
            <b>À vérifier :</b> {doubt.warnings.map((warning) => warningText(warning, zone)).join(" ; ")}.{" "}
            <Button small onClick={onAnyway} shortcut="v">
              Déplacer quand même
            </Button>
          </Note>
        </div>
      )}
    </div>
  );
}
