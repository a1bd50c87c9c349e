import { useState, type FormEvent, type ReactNode } from "react";
import { dayName, hourOf, type Day } from "~/shared/format/dates";
import { readDay, type DayAndMinute } from "~/shared/format/dayInput";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { TextField } from "~/shared/ui/Field";
import styles from "./CancelDialog.module.css";

/** "lun 14h", "24/11", "demain": what was understood stands under the field before Enter. */
export function GoToDay({
  open,
  today,
  onClose,
  onGo,
}: {
  open: boolean;
  today: Day;
  onClose: () => void;
  onGo: (place: DayAndMinute) => void;
}): ReactNode {
  return (
    <Dialog title="Aller à une date" open={open} onClose={onClose}>
      {open && <GoForm today={today} onGo={onGo} />}
    </Dialog>
  );
}

function GoForm({ today, onGo }: { today: Day; onGo: (place: DayAndMinute) => void }): ReactNode {
  const [text, setText] = useState("");
  const [error, setError] = useState<string | null>(null);
  const read = readDay(text, today);
  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (read === null) setError("Date non comprise. Essayez « mar 14h », « 24/11 » ou « demain ».");
    else onGo(read);
  };
  return (
    <form className={styles.form} onSubmit={submitted} noValidate>
      <TextField
        label="Jour"
        hint="mar 14h, 24/11, demain, +7"
        value={text}
        error={error}
        autoFocus
        onChange={(event) => {
          setError(null);
          setText(event.target.value);
        }}
      />
      <p className="sub" role="status">
        {read === null
          ? "\u00a0"
          : `${dayName(read.day, "year")}${read.minute === undefined ? "" : `, ${hourOf(read.minute)}`}`}
      </p>
      <DialogActions>
        <Button tone="primary" submit shortcut="Enter">
          Aller
        </Button>
      </DialogActions>
    </form>
  );
}
