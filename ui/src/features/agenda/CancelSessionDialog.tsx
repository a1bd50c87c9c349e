import { useState, type FormEvent, type ReactNode } from "react";
import { useWrite, type AppointmentView } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayAndHour } from "~/shared/format/dates";
import { french, phone, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Checkbox, TextField } from "~/shared/ui/Field";
import { ToggleChip } from "~/shared/ui/Segmented";
import styles from "./CancelDialog.module.css";
import { heldBy, participants } from "./dayModel";

const USUAL = ["Conseiller absent", "Fermeture du centre", "Trop peu d’inscrits", "Salle indisponible"];

/** Cancels a session for everybody in it; then says whom to call, with the numbers, so that nobody comes for nothing. */
export function CancelSessionDialog({
  people,
  onClose,
}: {
  /** The meetings of the session; null: closed. */
  people: readonly AppointmentView[] | null;
  onClose: () => void;
}): ReactNode {
  const [told, setTold] = useState<readonly AppointmentView[] | null>(null);
  const closed = (): void => {
    setTold(null);
    onClose();
  };
  return (
    <Dialog
      title={told === null ? "Annuler cette séance ?" : "Séance annulée : à prévenir"}
      open={people !== null}
      onClose={closed}
    >
      {told !== null ? (
        <ToCall people={told} onClose={closed} />
      ) : (
        people !== null && (
          <CancelForm
            people={people}
            onClose={closed}
            onCancelled={() => {
              const expected = participants(people);
              if (expected.length === 0) closed();
              else setTold(expected);
            }}
          />
        )
      )}
    </Dialog>
  );
}

function CancelForm({
  people,
  onClose,
  onCancelled,
}: {
  people: readonly AppointmentView[];
  onClose: () => void;
  onCancelled: () => void;
}): ReactNode {
  const { notify } = useNotices();
  const cancel = useWrite("sessions.cancel");
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string | null>(null);
  const first = people[0];
  const expected = participants(people).length;
  if (first === undefined) return null;
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (reason.trim() === "") {
      setError("Dites pourquoi : les familles et l’historique le demandent.");
      return;
    }
    cancel.mutate(
      { id: first.id, reason: reason.trim() },
      {
        onSuccess: () => {
          notify({
            text: french(`Séance annulée : ${first.kind.name}, ${plural(expected, "inscrit")}`),
            tone: "good",
            undoable: true,
          });
          onCancelled();
        },
        onError: (failure) => {
          setError(errorText(failure).text);
        },
      },
    );
  };
  return (
    <form className={styles.form} onSubmit={submitted} noValidate>
      <p>
        <b>{french(first.kind.name)}</b>, {dayAndHour(first.start, first.zone)}, {heldBy(first)}.{" "}
        {expected === 0 ? "Personne n’est inscrit." : `${plural(expected, "inscrit")} à prévenir ensuite.`}
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
        <Button tone="danger" submit disabled={cancel.isPending}>
          Annuler la séance
        </Button>
        <Button tone="quiet" onClick={onClose}>
          La garder
        </Button>
      </DialogActions>
    </form>
  );
}

/** Each with a number, to be ticked off while calling. */
function ToCall({ people, onClose }: { people: readonly AppointmentView[]; onClose: () => void }): ReactNode {
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const left = people.filter((one) => !done.has(one.id)).length;
  return (
    <div className={styles.form}>
      <p role="status">
        {left === 0 ? "Tout le monde est prévenu." : `${plural(left, "personne")} à appeler.`}
      </p>
      <ul className={styles.calls} aria-label="À prévenir">
        {people.map((one) => (
          <li key={one.id}>
            <Checkbox
              checked={done.has(one.id)}
              onChange={(event) => {
                const next = new Set(done);
                if (event.target.checked) next.add(one.id);
                else next.delete(one.id);
                setDone(next);
              }}
            >
              <b>{one.client?.name ?? "Usager à préciser"}</b>
            </Checkbox>
            <span className="num">{one.client?.phone ? phone(one.client.phone) : "sans téléphone"}</span>
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button tone="primary" autoFocus onClick={onClose}>
          Fermer
        </Button>
      </DialogActions>
    </div>
  );
}
