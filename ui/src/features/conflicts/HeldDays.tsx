import { useState, type ReactNode } from "react";
import { useRead, useWrite } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayName } from "~/shared/format/dates";
import { french } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Panel } from "~/shared/ui/Panel";
import { halvesText, heldDays, type HeldDay } from "./heldDays";
import styles from "./HeldDays.module.css";

/** Half-days that a desk holds, so that what it promises offline holds; the director takes them back. Nothing where no desk
    holds any. */
export function HeldDays(): ReactNode {
  const { data } = useRead("leases.list", {});
  const [chosen, setChosen] = useState<HeldDay | null>(null);
  if (data === undefined || data.leases.length === 0) return null;
  const close = (): void => {
    setChosen(null);
  };
  return (
    <Panel title="Jours gardés">
      <p className="sub">
        Ce que pose le poste qui les garde est garanti, même hors ligne. Les autres postes y posent avec son
        accord.
      </p>
      <ul className={styles.days}>
        {heldDays(data.leases).map((day) => (
          <li key={day.key}>
            <b>{dayName(day.date)}</b>
            <span>{french(`par ${deskName(day)}`)}</span>
            {halvesText(day.leases).map((text) => (
              <span key={text} className={styles.who}>
                {text}
              </span>
            ))}
            {day.leases.some((lease) => lease.asked_back) && <em>Un autre poste attend une demi-journée.</em>}
            {data.may_revoke && (
              <Button
                small
                onClick={() => {
                  setChosen(day);
                }}
              >
                Reprendre ce jour<span className="vh">, {dayName(day.date)}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Dialog title="Reprendre ce jour" open={chosen !== null} onClose={close}>
        {chosen !== null && <Question day={chosen} onClose={close} />}
      </Dialog>
    </Panel>
  );
}

function deskName(day: HeldDay): string {
  const name = day.desk === "" ? "un autre poste" : `« ${day.desk} »`;
  return day.here ? `${name}, ce poste` : name;
}

/** What may happen is said before it does. */
function Question({ day, onClose }: { day: HeldDay; onClose: () => void }): ReactNode {
  const { notify } = useNotices();
  const { mutate, isPending } = useWrite("leases.revoke");
  return (
    <div className={styles.question}>
      <p>
        {french(`${dayName(day.date)} : les autres postes pourront y poser des rendez-vous sans attendre `)}
        {french(deskName(day))}.
      </p>
      <p>
        Si ce poste est hors ligne, ce qu’il a déjà promis ce jour-là n’est plus garanti : un créneau donné
        entre-temps sera à replacer. Prévenez d’abord la personne qui s’y trouve.
      </p>
      <DialogActions>
        <Button
          tone="primary"
          disabled={isPending}
          onClick={() => {
            mutate(
              { leases: day.leases.map((lease) => lease.id) },
              {
                onSuccess: () => {
                  notify({ text: `${dayName(day.date)} n’est plus gardé`, tone: "good" });
                  onClose();
                },
                onError: (error) => {
                  const said = errorText(error);
                  notify({ text: `${said.text} ${said.next}`, tone: said.severity });
                },
              },
            );
          }}
        >
          Reprendre
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Laisser à ce poste
        </Button>
      </DialogActions>
    </div>
  );
}
