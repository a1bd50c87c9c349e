import type { ReactNode } from "react";
import type { Recurrence } from "~/shared/backend";
import type { Day } from "~/shared/format/dates";
import { Select } from "~/shared/ui/Select";
import { ToggleChip } from "~/shared/ui/Segmented";
import { DayField } from "./parts/WhenFields";
import { WEEKDAYS, weekdayName, weekdayOfDay } from "./words";
import styles from "./Forms.module.css";

type Shape = "once" | "daily" | "weekly" | "monthly" | "nth";

function shapeOf(rule: Recurrence | null): Shape {
  if (rule === null) return "once";
  return rule.frequency === "monthly" && rule.nth_weekday !== null ? "nth" : rule.frequency;
}

const SHAPES: { value: Shape; label: string }[] = [
  { value: "once", label: "Une seule fois" },
  { value: "weekly", label: "Chaque semaine, ou toutes les n semaines" },
  { value: "nth", label: "Un jour du mois (le 2e mardi)" },
  { value: "monthly", label: "À une date du mois (le 15)" },
  { value: "daily", label: "Chaque jour, ou tous les n jours" },
];

const RANKS = [
  { value: "1", label: "1er" },
  { value: "2", label: "2e" },
  { value: "3", label: "3e" },
  { value: "4", label: "4e" },
  { value: "-1", label: "dernier" },
];

/** How something comes back: what it is, every how many, on which days, until when. */
export function RepeatFields({
  rule,
  first,
  today,
  onChange,
  onInvalid,
}: {
  rule: Recurrence | null;
  first: Day;
  today: Day;
  onChange: (rule: Recurrence | null) => void;
  /** The last day is not understood. */
  onInvalid: (wrong: boolean) => void;
}): ReactNode {
  const shape = shapeOf(rule);
  const unit = rule?.frequency === "weekly" ? "semaine" : rule?.frequency === "daily" ? "jour" : "mois";
  const become = (next: Shape): void => {
    if (next === "once") {
      onChange(null);
      return;
    }
    const weekday = weekdayOfDay(first);
    onChange({
      frequency: next === "nth" ? "monthly" : next,
      interval: rule?.interval ?? 1,
      weekdays: next === "weekly" ? [weekday] : [],
      nth_weekday: next === "nth" ? { nth: Math.ceil(Number(first.slice(8)) / 7), weekday } : null,
      until: rule?.until ?? null,
    });
  };
  return (
    <fieldset className={styles.group}>
      <legend>Répétition</legend>
      <Select label="Revient" options={SHAPES} value={shape} onChange={become} />
      {rule !== null && (
        <>
          <div className={styles.row}>
            <Select
              label="Tous les"
              value={String(rule.interval)}
              options={Array.from({ length: 12 }, (_, index) => ({
                value: String(index + 1),
                label: `${String(index + 1)} ${unit}${index > 0 && unit !== "mois" ? "s" : ""}`,
              }))}
              onChange={(value) => {
                onChange({ ...rule, interval: Number(value) });
              }}
            />
            <DayField
              label="Jusqu’au"
              hint="vide : sans fin"
              onInvalid={onInvalid}
              optional
              value={rule.until}
              today={today}
              onChange={(until) => {
                onChange({ ...rule, until });
              }}
            />
          </div>
          {rule.frequency === "weekly" && (
            <div className={styles.days} role="group" aria-label="Jours de la semaine">
              {WEEKDAYS.map((weekday) => (
                <ToggleChip
                  key={weekday}
                  on={rule.weekdays.includes(weekday)}
                  onChange={(on) => {
                    const chosen = WEEKDAYS.filter((one) =>
                      one === weekday ? on : rule.weekdays.includes(one),
                    );
                    if (chosen.length > 0) onChange({ ...rule, weekdays: chosen });
                  }}
                >
                  {weekdayName(weekday)}
                </ToggleChip>
              ))}
            </div>
          )}
          {rule.nth_weekday !== null && (
            <div className={styles.row}>
              <Select
                label="Lequel"
                options={RANKS}
                value={String(rule.nth_weekday.nth)}
                onChange={(value) => {
                  onChange({
                    ...rule,
                    nth_weekday: {
                      nth: Number(value),
                      weekday: rule.nth_weekday?.weekday ?? weekdayOfDay(first),
                    },
                  });
                }}
              />
              <Select
                label="Jour"
                options={WEEKDAYS.map((weekday) => ({ value: weekday, label: weekdayName(weekday) }))}
                value={rule.nth_weekday.weekday}
                onChange={(weekday) => {
                  onChange({ ...rule, nth_weekday: { nth: rule.nth_weekday?.nth ?? 1, weekday } });
                }}
              />
            </div>
          )}
        </>
      )}
    </fieldset>
  );
}
