import { useState, type ReactNode } from "react";
import { addDays, clock, civil, dayAndHour, instantOf, stepWorkday, weekdayOf } from "~/shared/format/dates";
import { readDay } from "~/shared/format/dayInput";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Dialog } from "~/shared/ui/Dialog";
import { TextField } from "~/shared/ui/Field";
import styles from "./SnoozeDialog.module.css";

const MORNING = 9 * 60;
const AFTERNOON = 14 * 60;
const HOUR = 60;

export interface SnoozeChoice {
  label: string;
  until: string;
}

/** What one says at a counter: in an hour, this afternoon, tomorrow, on Monday. Only moments to come. */
export function snoozeChoices(today: string, minute: number, zone: string): SnoozeChoice[] {
  const tomorrow = stepWorkday(today, 1);
  const monday = addDays(today, 8 - weekdayOf(today));
  const choices: SnoozeChoice[] = [];
  const add = (label: string, day: string, at: number): void => {
    const until = instantOf(day, at, zone);
    if (!choices.some((one) => one.until === until)) choices.push({ label, until });
  };
  if (minute + HOUR < 18 * 60) add("Dans une heure", today, minute + HOUR);
  if (minute < AFTERNOON - HOUR && weekdayOf(today) < 6) add("Cet après-midi", today, AFTERNOON);
  add(tomorrow === addDays(today, 1) ? "Demain matin" : "Le prochain jour ouvré", tomorrow, MORNING);
  add("Lundi prochain", monday, MORNING);
  add("Dans deux semaines", addDays(today, 14), MORNING);
  return choices;
}

export function SnoozeDialog({
  open,
  onClose,
  onSnooze,
}: {
  open: boolean;
  onClose: () => void;
  onSnooze: (until: string) => void;
}): ReactNode {
  return (
    <Dialog title="Reporter la demande" open={open} onClose={onClose}>
      {open && <Choices onSnooze={onSnooze} />}
    </Dialog>
  );
}

function Choices({ onSnooze }: { onSnooze: (until: string) => void }): ReactNode {
  const { zone } = useSession();
  const { today, minute, instant } = useNow();
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string | null>(null);
  return (
    <>
      <p className="sub">Elle quitte la liste et revient d’elle-même, à sa place.</p>
      <ul className={styles.choices}>
        {snoozeChoices(today, minute, zone).map(({ label, until }, index) => (
          <li key={until}>
            <button
              type="button"
              autoFocus={index === 0}
              onClick={() => {
                onSnooze(until);
              }}
            >
              <b>{label}</b>
              <span className="num">
                {civil(until, zone).day === today ? clock(until, zone) : dayAndHour(until, zone, "short")}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <form
        className={styles.other}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const read = readDay(typed, today);
          if (read === null) {
            setError("Écrivez un jour, par exemple « jeu 14h » ou « 4/12 ».");
            return;
          }
          const until = instantOf(read.day, read.minute ?? MORNING, zone);
          if (Date.parse(until) <= instant) setError("Ce moment est passé : choisissez un jour à venir.");
          else onSnooze(until);
        }}
      >
        <TextField
          label="Un autre moment"
          placeholder="jeu 14h, 4/12, +7…"
          value={typed}
          error={error}
          onChange={(event) => {
            setError(null);
            setTyped(event.target.value);
          }}
        />
        <Button submit>Reporter</Button>
      </form>
    </>
  );
}
