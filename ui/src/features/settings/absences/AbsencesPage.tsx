import { useState, type ReactNode } from "react";
import type { AbsenceDoc } from "~/shared/backend";
import { dayName, hourOf } from "~/shared/format/dates";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { EmptyState } from "~/shared/ui/Panel";
import { Bar, Work } from "~/shared/ui/Screen";
import type { SettingsPageProps } from "../pages";
import { repeatText } from "../words";
import { AbsenceForm } from "./AbsenceForm";
import { comingAbsences, lastDay, minuteOf } from "./draft";
import styles from "./Absences.module.css";

function whenText(absence: AbsenceDoc): string {
  const first = absence.start.slice(0, 10);
  const last = lastDay(absence);
  const from = minuteOf(absence.start);
  const to = minuteOf(absence.end);
  const whole = from === 0 && to === 0;
  if (last !== first)
    return whole
      ? `du ${dayName(first)} au ${dayName(last, "year")}`
      : `du ${dayName(first)}, ${hourOf(from)}, au ${dayName(last, "year")}, ${hourOf(to)}`;
  return whole
    ? `${dayName(first, "year")}, toute la journée`
    : `${dayName(first, "year")}, de ${hourOf(from)} à ${hourOf(to)}`;
}

/** Who is away and when; a new absence says which meetings it hits before anything is saved. */
export function AbsencesPage({ settings }: SettingsPageProps): ReactNode {
  const [form, setForm] = useState<{ seen: AbsenceDoc | null; n: number } | null>(null);
  const [past, setPast] = useState(false);
  const list = past ? settings.absences : comingAbsences(settings);
  const name = (id: string): string => settings.staff.find((one) => one.id === id)?.name ?? "—";
  const create = (): void => {
    setForm((before) => ({ seen: null, n: (before?.n ?? 0) + 1 }));
  };
  useShortcuts("Absences", [{ keys: "n", label: "Nouvelle absence", run: create }]);
  if (form !== null)
    return (
      <AbsenceForm
        key={form.n}
        settings={settings}
        seen={form.seen}
        onClose={() => {
          setForm(null);
          requestAnimationFrame(() => document.getElementById("nouvelle-absence")?.focus());
        }}
      />
    );
  return (
    <Work labelledBy="absences">
      <Bar
        end={
          <Button id="nouvelle-absence" tone="primary" small icon="plus" shortcut="n" onClick={create}>
            Nouvelle absence
          </Button>
        }
      >
        <h2 id="absences">Absences</h2>
        <Button
          small
          aria-pressed={past}
          onClick={() => {
            setPast(!past);
          }}
        >
          {past ? "Sans les passées" : "Avec les passées"}
        </Button>
      </Bar>
      {list.length === 0 ? (
        <EmptyState title="Aucune absence à venir.">
          Une formation, un congé, un conseil de classe : personne n’y est attendu, et la recherche n’y
          propose rien.
        </EmptyState>
      ) : (
        <ul className={styles.list} aria-label="Absences">
          {list.map((absence) => (
            <li key={absence.id}>
              <button
                type="button"
                className={styles.line}
                onClick={() => {
                  setForm((before) => ({ seen: absence, n: (before?.n ?? 0) + 1 }));
                }}
              >
                <Icon name="exit" />
                <b>{name(absence.counsellor)}</b>
                <span>
                  {absence.label}
                  {absence.detail !== undefined && <span className="sub"> · {absence.detail}</span>}
                </span>
                <span className={styles.when}>
                  {whenText(absence)}
                  {absence.rule !== undefined && (
                    <span className="sub">, {repeatText(absence.rule, absence.start.slice(0, 10))}</span>
                  )}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Work>
  );
}
