import { useEffect, useRef, useState, type ReactNode } from "react";
import type { RefusalView, SlotView } from "~/shared/backend";
import { useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import { Note } from "~/shared/ui/Note";
import { Alternatives } from "./Alternatives";
import styles from "./BookingPanel.module.css";
import { refusalText } from "./warnings";

/** Rules that a person may set aside with a reason; what is impossible, or there already, no reason helps against. */
const OVERRIDABLE = new Set(["slot_taken", "room_taken", "client_busy", "capacity_full"]);

/** Why a place cannot be had, what is free instead, and how to take it all the same, with a reason that is kept. */
export function RefusalNote({
  refusal,
  counsellor,
  today,
  busy,
  verb,
  onTake,
  onAnyway,
}: {
  refusal: RefusalView;
  /** Name of the counsellor that the place is with. */
  counsellor: string;
  today: string;
  busy: boolean;
  /** What is done all the same: `Poser`, `Planifier`. */
  verb: string;
  onTake: (slot: SlotView) => void;
  onAnyway: (reason: string) => void;
}): ReactNode {
  const { zone } = useSession();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asking) field.current?.focus();
  }, [asking]);

  const anyway = (): void => {
    if (reason.trim() === "") setError("Dites pourquoi : le motif reste dans l’historique.");
    else onAnyway(reason.trim());
  };

  return (
    <Note tone="bad" live>
      <b>Impossible :</b> {refusalText(refusal, { counsellor, zone })}
      <Alternatives slots={refusal.alternatives} today={today} onTake={onTake} />
      {OVERRIDABLE.has(refusal.code) &&
        (asking ? (
          <div className={styles.anyway}>
            <TextField
              ref={field}
              label={`Pourquoi ${verb.toLowerCase()} quand même`}
              value={reason}
              error={error}
              maxLength={1000}
              onChange={(event) => {
                setError(null);
                setReason(event.target.value);
              }}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                // Enter would send the form, which is refused.
                event.preventDefault();
                anyway();
              }}
            />
            <Button small tone="danger" disabled={busy} onClick={anyway}>
              {verb} quand même
            </Button>
          </div>
        ) : (
          <p className={styles.anyway}>
            <Button
              small
              onClick={() => {
                setAsking(true);
              }}
            >
              {verb} quand même…
            </Button>
          </p>
        ))}
    </Note>
  );
}
