import type { ReactNode } from "react";
import type { SettingsPreview } from "~/shared/backend";
import { dayAndHour, type Day } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import styles from "./Aside.module.css";
import { rangeWords, schoolHolidayOn, type Known, type Range } from "./year";

const SHOWN = 6;

/** The days that are chosen: what they are, who is expected then, and what can be done. */
export function ChosenDays({
  range,
  days,
  working,
  known,
  where,
  closable,
  openable,
  preview,
  busy,
  onClose,
  onOpen,
  onClear,
}: {
  range: Range;
  days: readonly Day[];
  /** How many of them somebody would work. */
  working: number;
  known: Known;
  where: string;
  closable: boolean;
  openable: boolean;
  /** What closing them would do. */
  preview: SettingsPreview | undefined;
  busy: boolean;
  onClose: () => void;
  onOpen: () => void;
  onClear: () => void;
}): ReactNode {
  const holidays = days.flatMap((day) => known.holidays.get(day) ?? []);
  const school = [...new Set(days.flatMap((day) => schoolHolidayOn(known, day) ?? []))];
  const hits = preview?.hits ?? [];
  const title = rangeWords(range);
  const wrong = preview?.fields.length ?? 0;
  return (
    <div className={styles.chosen} aria-live="polite">
      <h3 className={styles.title}>{title.charAt(0).toUpperCase() + title.slice(1)}</h3>
      <ul className={styles.facts}>
        <li>
          {days.length > 1 && `${plural(days.length, "jour")}, dont `}
          {working === 0 ? "aucun jour ouvré" : plural(working, "jour ouvré", "jours ouvrés")}
        </li>
        {holidays.length > 0 && <li>Férié : {holidays.join(", ")}</li>}
        {school.map((name) => (
          <li key={name}>{name}</li>
        ))}
        <li>
          {openable ? (closable ? "Fermé en partie" : "Fermé") : "Ouvert"}, {french(where)}
        </li>
      </ul>
      {closable && hits.length > 0 && (
        <>
          <Note tone="warn">
            <b>{plural(hits.length, "rendez-vous est posé", "rendez-vous sont posés")} ces jours-là.</b> Rien
            n’est annulé sans que vous le disiez : fermer demande ce que devient chacun.
          </Note>
          <ul className={styles.hits} aria-label="Rendez-vous de ces jours">
            {hits.slice(0, SHOWN).map(({ appointment: one }) => (
              <li key={one.id}>
                <b>
                  {one.client === null
                    ? french(one.kind.name)
                    : `${one.client.given_name} ${one.client.family_name}`.trim()}
                </b>
                <span>
                  {dayAndHour(one.start, one.zone, "short")} · {one.counsellor.name}
                </span>
              </li>
            ))}
            {hits.length > SHOWN && <li className="sub">et {plural(hits.length - SHOWN, "autre")}</li>}
          </ul>
        </>
      )}
      {closable && preview !== undefined && hits.length === 0 && wrong === 0 && (
        <p className={styles.none}>
          <Icon name="check" small />
          Aucun rendez-vous n’est posé ces jours-là.
        </p>
      )}
      <div className={styles.buttons}>
        {closable && (
          <Button tone="primary" shortcut="f" data-act="" disabled={busy} onClick={onClose}>
            {hits.length > 0
              ? "Fermer et replanifier…"
              : days.length === 1
                ? "Fermer ce jour"
                : `Fermer ces ${String(days.length)} jours`}
          </Button>
        )}
        {openable && (
          <Button
            tone={closable ? "plain" : "primary"}
            shortcut="r"
            disabled={busy}
            onClick={onOpen}
            {...(closable ? {} : { "data-act": "" })}
          >
            Rouvrir
          </Button>
        )}
        <Button tone="quiet" onClick={onClear}>
          Ne rien choisir
        </Button>
      </div>
    </div>
  );
}
