import { useState, type FormEvent, type ReactNode } from "react";
import type { AppointmentView } from "~/shared/backend";
import { dayAndHour } from "~/shared/format/dates";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { TextField } from "~/shared/ui/Field";
import { ToggleChip } from "~/shared/ui/Segmented";
import { titleOf } from "./dayModel";
import styles from "./CancelDialog.module.css";

const USUAL = [
  "Conseiller absent",
  "Fermeture du centre",
  "Erreur de saisie",
  "À la demande de l’établissement",
];

/** The only confirmation: a family is about to be told. The reason is mandatory and kept. */
export function CancelDialog({
  appointment,
  onClose,
  onCancel,
}: {
  appointment: AppointmentView | null;
  onClose: () => void;
  onCancel: (reason: string) => void;
}): ReactNode {
  return (
    <Dialog title="Annuler ce rendez-vous ?" open={appointment !== null} onClose={onClose}>
      {appointment !== null && <CancelForm appointment={appointment} onClose={onClose} onCancel={onCancel} />}
    </Dialog>
  );
}

function CancelForm({
  appointment,
  onClose,
  onCancel,
}: {
  appointment: AppointmentView;
  onClose: () => void;
  onCancel: (reason: string) => void;
}): ReactNode {
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim() === "") setError("Dites pourquoi : la famille et l’historique le demandent.");
    else onCancel(reason.trim());
  };
  return (
    <form className={styles.form} onSubmit={submitted} noValidate>
      <p>
        <b>{titleOf(appointment)}</b>, {dayAndHour(appointment.start, appointment.zone)},{" "}
        {appointment.counsellor.name}.
      </p>
      <TextField
        label="Motif"
        value={reason}
        error={error}
        autoFocus
        onChange={(event) => {
          setError(null);
          setReason(event.target.value);
        }}
      />
      <div className={styles.usual} role="group" aria-label="Motifs courants">
        {USUAL.map((text) => (
          <ToggleChip
            key={text}
            on={reason === text}
            onChange={() => {
              setError(null);
              setReason(text);
            }}
          >
            {text}
          </ToggleChip>
        ))}
      </div>
      <DialogActions>
        <Button tone="danger" submit>
          Annuler le rendez-vous
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Le garder
        </Button>
      </DialogActions>
    </form>
  );
}
