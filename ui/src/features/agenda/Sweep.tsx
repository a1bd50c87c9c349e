import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useRead, useRemember, useWrite, type AppointmentView, type Status } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayNear, hourOf } from "~/shared/format/dates";
import { cx, french } from "~/shared/format/text";
import { chordOf } from "~/shared/keyboard/chord";
import { useNotices } from "~/shared/notices/notices";
import { useNow } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Chip } from "~/shared/ui/Chip";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import { Loading } from "~/shared/ui/Panel";
import { heldBy, titleOf } from "./dayModel";
import styles from "./Sweep.module.css";

const ANSWERS: { key: string; status: Status; word: string; said: string }[] = [
  { key: "v", status: "attended", word: "Vu", said: "vu" },
  { key: "m", status: "no_show", word: "Absent", said: "absence notée" },
  { key: "e", status: "excused", word: "Excusé", said: "excuse notée" },
];

/** The end of the day: each past meeting of which nobody said what became, oldest first, one key each. */
export function Sweep({
  open,
  onClose,
  onShow,
}: {
  open: boolean;
  onClose: () => void;
  onShow: (appointment: AppointmentView) => void;
}): ReactNode {
  return (
    <Dialog title="Statuts manquants" open={open} onClose={onClose} wide>
      {open && <SweepList onClose={onClose} onShow={onShow} />}
    </Dialog>
  );
}

function SweepList({
  onClose,
  onShow,
}: {
  onClose: () => void;
  onShow: (appointment: AppointmentView) => void;
}): ReactNode {
  const { today } = useNow();
  const { undo } = useNotices();
  const remember = useRemember();
  const { data: rows, error } = useRead("agenda.missing", {});
  const { mutate, isPending } = useWrite("appointments.set_status");
  const [place, setPlace] = useState(0);
  const [total, setTotal] = useState(0);
  const [said, setSaid] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const end = useRef<HTMLButtonElement>(null);
  const count = rows?.length ?? 0;
  if (count > total) setTotal(count);
  const at = Math.min(place, Math.max(0, count - 1));
  const current = rows?.[at];

  // The next one is ready as soon as it is there; after the last one, the way out.
  const target = rows === undefined ? null : (current?.id ?? "end");
  useEffect(() => {
    if (target === null) return;
    if (target === "end") end.current?.focus();
    else {
      const row = list.current?.querySelector<HTMLElement>(`[data-missing="${CSS.escape(target)}"]`);
      row?.focus();
      row?.scrollIntoView({ block: "nearest" });
    }
  }, [target]);

  const answer = (row: AppointmentView, { status, said: word }: (typeof ANSWERS)[number]): void => {
    if (isPending) return;
    mutate(
      { id: row.id, status, reason: null },
      {
        onSuccess: () => {
          setRefused(null);
          setSaid(french(`${titleOf(row)} : ${word}`));
          remember("agenda.missing", {}, (before) => before.filter((one) => one.id !== row.id));
        },
        onError: (problem) => {
          setRefused(errorText(problem).text);
        },
      },
    );
  };

  const takeBack = (): void => {
    if (count === total) return;
    setSaid("Annulé : il est de nouveau dans la liste");
    setPlace(0);
    undo();
  };

  const pressed = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const chord = chordOf(event.nativeEvent);
    const known = ANSWERS.find((one) => one.key === chord);
    if (known !== undefined && current !== undefined) answer(current, known);
    else if (chord === "ArrowDown" || chord === "j") setPlace(Math.min(at + 1, count - 1));
    else if (chord === "ArrowUp" || chord === "k") setPlace(Math.max(0, at - 1));
    else if (chord === "Ctrl+z") takeBack();
    else return;
    event.preventDefault();
  };

  if (rows === undefined)
    return error === null ? <Loading /> : <Note tone="bad">{errorText(error).text}</Note>;
  const done = total - count;
  return (
    // The keys act on the row that has the focus; they are caught here once for all rows.
    <div className={styles.sweep} onKeyDown={pressed}>
      {total > 0 && (
        <div className={styles.progress}>
          <progress max={total} value={done} aria-label="Statuts dits" />
          <span className="num">
            {done} sur {total}
          </span>
        </div>
      )}
      {count === 0 ? (
        <p className={styles.none}>
          <Icon name="checks" />
          {total === 0 ? "Aucun statut ne manque." : "Tout est dit : aucun statut ne manque plus."}
        </p>
      ) : (
        <ol ref={list} className={styles.rows} aria-label="Rendez-vous passés, du plus ancien au plus récent">
          {rows.map((row, index) => (
            <li key={row.id} className={cx(styles.row, index === at && styles.current)}>
              <button
                type="button"
                className={styles.who}
                data-missing={row.id}
                tabIndex={index === at ? 0 : -1}
                aria-keyshortcuts="V M E"
                onFocus={() => {
                  setPlace(index);
                }}
                onClick={() => {
                  onShow(row);
                }}
              >
                <span className="num">
                  {dayNear(row.date, today)}, {hourOf(row.from_min)}
                </span>
                <b>{titleOf(row)}</b>
                <span className="sub">
                  {french(row.kind.name)} · {heldBy(row)}
                </span>
              </button>
              <Chip state={row.status} />
              <span className={styles.answers}>
                {ANSWERS.map((one) => (
                  <Button
                    key={one.key}
                    small
                    shortcut={one.key}
                    tabIndex={index === at ? 0 : -1}
                    onClick={() => {
                      setPlace(index);
                      answer(row, one);
                    }}
                  >
                    {one.word}
                    <span className="vh"> : {titleOf(row)}</span>
                  </Button>
                ))}
              </span>
            </li>
          ))}
        </ol>
      )}
      {refused !== null && (
        <Note tone="bad" live>
          {refused}
        </Note>
      )}
      <p className={styles.said} role="status">
        {said === "" ? "\u00a0" : said}
      </p>
      <DialogActions>
        <Button ref={end} tone={count === 0 ? "primary" : "plain"} onClick={onClose}>
          {count === 0 ? "Fermer" : "Finir plus tard"}
        </Button>
        {done > 0 && (
          <Button tone="quiet" icon="undo" shortcut="Ctrl+z" onClick={takeBack}>
            Annuler le dernier
          </Button>
        )}
      </DialogActions>
    </div>
  );
}
