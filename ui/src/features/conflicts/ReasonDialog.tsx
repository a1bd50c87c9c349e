import { useState, type ReactNode } from "react";
import type { ConflictView } from "~/shared/backend";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { TextArea } from "~/shared/ui/Field";
import styles from "./ReasonDialog.module.css";
import { sideName } from "./words";

/** Two meetings at once stand only with a reason, which is kept with them. */
export function ReasonDialog({
  conflict,
  onClose,
  onReason,
}: {
  conflict: ConflictView | null;
  onClose: () => void;
  onReason: (reason: string) => void;
}): ReactNode {
  const both = (conflict?.theirs?.appointment ?? null) !== null;
  return (
    <Dialog title={both ? "Garder les deux" : "Garder quand même"} open={conflict !== null} onClose={onClose}>
      {conflict !== null && <Form conflict={conflict} onClose={onClose} onReason={onReason} />}
    </Dialog>
  );
}

function Form({
  conflict,
  onClose,
  onReason,
}: {
  conflict: ConflictView;
  onClose: () => void;
  onReason: (reason: string) => void;
}): ReactNode {
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const names = [conflict.mine, conflict.theirs].flatMap((side) =>
    side === null || side.appointment === null ? [] : [sideName(side)],
  );
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() === "") setMissing(true);
        else onReason(reason.trim());
      }}
    >
      {names.length > 0 && <p>{names.join(" et ")}</p>}
      <TextArea
        label="Motif"
        hint="gardé avec le rendez-vous, vu de tout le centre"
        rows={3}
        autoFocus
        value={reason}
        error={missing ? "Il faut dire pourquoi les deux sont possibles." : null}
        onChange={(event) => {
          setMissing(false);
          setReason(event.target.value);
        }}
      />
      <DialogActions>
        <Button tone="primary" submit>
          Garder
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Fermer sans choisir
        </Button>
      </DialogActions>
    </form>
  );
}
