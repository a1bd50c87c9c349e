import { useState, type FormEvent, type ReactNode } from "react";
import { useWrite, type ClientDraft, type WaitingEntryView } from "~/shared/backend";
import { refusalOf } from "~/shared/booking/warnings";
import { errorText, fieldErrorText } from "~/shared/errors";
import { dayName, hourOf } from "~/shared/format/dates";
import { readDay } from "~/shared/format/dayInput";
import { useNotices } from "~/shared/notices/notices";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Checkbox, fieldStyles, TextField } from "~/shared/ui/Field";
import { Note } from "~/shared/ui/Note";
import { ToggleChip } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import { WEEKDAYS } from "./words";
import styles from "./WaitingForm.module.css";

const ANY = "";
const FROM_HOURS = [13 * 60, 13 * 60 + 30, 16 * 60, 16 * 60 + 30, 17 * 60];
const TO_HOURS = [10 * 60, 11 * 60, 12 * 60, 14 * 60, 16 * 60];

/** The hours that are offered, with the one that was chosen elsewhere. */
function hours(offered: readonly number[], chosen: string): { value: string; label: string }[] {
  const all = chosen === ANY ? offered : [...new Set([...offered, Number(chosen)])].sort((a, b) => a - b);
  return all.map((minute) => ({ value: String(minute), label: hourOf(minute) }));
}

/** Who is put on the list: somebody known, or somebody whose record is made with it. */
export interface WaitingFor {
  name: string;
  client?: string | undefined;
  newClient?: Partial<ClientDraft> | undefined;
  kind?: string | undefined;
  /** The entry that is changed. */
  entry?: WaitingEntryView | undefined;
}

/** Puts somebody on the waiting list, or changes what they wait for. */
export function WaitingForm({
  of,
  onClose,
  onSaved,
}: {
  of: WaitingFor | null;
  onClose: () => void;
  onSaved?: () => void;
}): ReactNode {
  return (
    <Dialog
      title={of?.entry === undefined ? "Mettre en liste d’attente" : "Modifier l’attente"}
      open={of !== null}
      onClose={onClose}
    >
      {of !== null && <Form of={of} onClose={onClose} onSaved={onSaved} />}
    </Dialog>
  );
}

function Form({
  of,
  onClose,
  onSaved,
}: {
  of: WaitingFor;
  onClose: () => void;
  onSaved?: (() => void) | undefined;
}): ReactNode {
  const { office, people } = useSession();
  const { today } = useNow();
  const { notify } = useNotices();
  const save = useWrite("waiting.save");
  const { entry } = of;
  const [kind, setKind] = useState(entry?.kind.id ?? of.kind ?? office.kinds[0]?.id ?? "");
  const [counsellor, setCounsellor] = useState(entry?.counsellor?.id ?? ANY);
  const [site, setSite] = useState(entry?.site ?? ANY);
  const [weekdays, setWeekdays] = useState<readonly number[]>(entry?.weekdays ?? []);
  const [after, setAfter] = useState(entry?.after_min?.toString() ?? ANY);
  const [before, setBefore] = useState(entry?.before_min?.toString() ?? ANY);
  const [until, setUntil] = useState(entry?.until ? dayName(entry.until, "digits") : "");
  const [urgent, setUrgent] = useState(entry?.urgent ?? false);
  const [note, setNote] = useState(entry?.note ?? "");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState<string | null>(null);

  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    if (save.isPending) return;
    const last = until.trim() === "" ? null : (readDay(until, today)?.day ?? undefined);
    if (last === undefined) {
      setWrong({ until: fieldErrorText("date") });
      return;
    }
    setWrong({});
    setRefused(null);
    save.mutate(
      {
        id: entry?.id ?? null,
        client: of.client ?? null,
        new_client: (of.newClient as ClientDraft | undefined) ?? null,
        kind,
        counsellor: counsellor || null,
        site: site || null,
        weekdays: [...weekdays],
        after_min: after === ANY ? null : Number(after),
        before_min: before === ANY ? null : Number(before),
        until: last,
        urgent,
        note,
      },
      {
        onSuccess: (done) => {
          const word = entry === undefined ? "En liste d’attente" : "Attente modifiée";
          notify({ text: `${word}, ${of.name}`, tone: "good", undoable: done.undoable });
          onSaved?.();
          onClose();
        },
        onError: (error) => {
          const { fields } = refusalOf(error.params, error.code);
          if (fields.length > 0)
            setWrong(Object.fromEntries(fields.map(({ field, code }) => [field, fieldErrorText(code)])));
          const known = new Set(["until", "note"]);
          if (fields.length === 0 || fields.some((one) => !known.has(one.field)))
            setRefused(`${errorText(error).text} ${errorText(error).next}`);
        },
      },
    );
  };

  return (
    <form className={styles.form} onSubmit={submitted} noValidate>
      <p>
        <b>{of.name}</b>
      </p>
      <div className={fieldStyles.row}>
        <Select
          label="Motif"
          value={kind}
          options={office.kinds.map((one) => ({ value: one.id, label: one.name }))}
          onChange={setKind}
        />
        <Select
          label="Conseiller"
          value={counsellor}
          options={[
            { value: ANY, label: "N’importe lequel" },
            ...people
              .filter((one) => one.role === "counsellor" || one.role === "director")
              .map((one) => ({ value: one.id, label: one.name })),
          ]}
          onChange={setCounsellor}
        />
      </div>
      <div role="group" aria-label="Jours possibles">
        <span className={fieldStyles.label}>Jours possibles</span>
        <div className={styles.days}>
          {WEEKDAYS.slice(0, 5).map((word, day) => (
            <ToggleChip
              key={word}
              on={weekdays.includes(day)}
              onChange={(on) => {
                setWeekdays(on ? [...weekdays, day].sort() : weekdays.filter((one) => one !== day));
              }}
            >
              {word}
            </ToggleChip>
          ))}
        </div>
      </div>
      <div className={fieldStyles.row}>
        <Select
          label="Pas avant"
          value={after}
          options={[{ value: ANY, label: "N’importe quelle heure" }, ...hours(FROM_HOURS, after)]}
          onChange={(from) => {
            setAfter(from);
            // A wish that nothing can meet is not one.
            if (from !== ANY && before !== ANY && Number(before) <= Number(from)) setBefore(ANY);
          }}
        />
        <Select
          label="Terminé avant"
          value={before}
          options={[
            { value: ANY, label: "N’importe quelle heure" },
            ...hours(
              TO_HOURS.filter((minute) => after === ANY || minute > Number(after)),
              before,
            ),
          ]}
          onChange={setBefore}
        />
      </div>
      <div className={fieldStyles.row}>
        <TextField
          label="Au plus tard le"
          placeholder="jj/mm/aaaa"
          value={until}
          error={wrong["until"]}
          onChange={(event) => {
            setUntil(event.target.value);
          }}
        />
        {office.sites.length > 1 && (
          <Select
            label="Lieu"
            value={site}
            options={[
              { value: ANY, label: "N’importe où" },
              ...office.sites.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={setSite}
          />
        )}
      </div>
      <TextField
        label="À savoir pour l’appel"
        value={note}
        error={wrong["note"]}
        onChange={(event) => {
          setNote(event.target.value);
        }}
      />
      <Checkbox
        checked={urgent}
        onChange={(event) => {
          setUrgent(event.target.checked);
        }}
      >
        Urgent : à appeler en premier
      </Checkbox>
      {refused !== null && (
        <Note tone="bad" live>
          {refused}
        </Note>
      )}
      <DialogActions>
        <Button tone="primary" submit shortcut="Enter" disabled={save.isPending}>
          {entry === undefined ? "Mettre en attente" : "Enregistrer"}
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Fermer
        </Button>
      </DialogActions>
    </form>
  );
}
