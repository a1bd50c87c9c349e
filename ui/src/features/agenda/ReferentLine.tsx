import type { ReactNode } from "react";
import { useRead, type SlotView } from "~/shared/backend";
import { civil, clock, dayName } from "~/shared/format/dates";
import { Button } from "~/shared/ui/Button";
import styles from "./BookingPanel.module.css";
import type { Draft } from "./draft";

/** Who follows the person, said quietly when the booking is with somebody else: their next place is one press away. */
export function ReferentLine({
  draft,
  onTake,
}: {
  draft: Draft;
  onTake: (slot: SlotView) => void;
}): ReactNode {
  const referent = draft.client?.referent ?? null;
  const other = referent !== null && referent.id !== draft.counsellor;
  const { data } = useRead(
    "agenda.next",
    { kind: draft.kind, counsellor: referent?.id ?? null, limit: 1 },
    { enabled: other, keep: true },
  );
  if (referent === null) return null;
  if (!other) return <p className="sub">{referent.name} suit cette personne (référent).</p>;
  const slot = data?.slots[0];
  return (
    <p className={styles.referent}>
      <span className="sub">
        Référent : <b>{referent.name}</b>
        {slot === undefined
          ? ""
          : `, prochain créneau ${dayName(civil(slot.start, slot.zone).day, "bare")} à ${clock(slot.start, slot.zone)}`}
      </span>
      {slot !== undefined && (
        <Button
          small
          tone="quiet"
          onClick={() => {
            onTake(slot);
          }}
        >
          Prendre
        </Button>
      )}
    </p>
  );
}
