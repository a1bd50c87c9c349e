import type { CSSProperties, ReactNode } from "react";
import { Button, IconButton } from "~/shared/ui/Button";
import type { Checked } from "../documents/useChecked";
import { TimeField } from "../parts/WhenFields";
import { added, changed, dayOf, likeMonday, type Hours } from "./hours";
import styles from "./HoursTable.module.css";

const DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const FIRST = 7 * 60;
const LAST = 20 * 60;

/** The hours in which somebody answers, a line a weekday: as times, and as a bar of the day. */
export function HoursTable({
  hours,
  checked,
  onChange,
}: {
  hours: Hours;
  checked: Checked;
  onChange: (hours: Hours) => void;
}): ReactNode {
  return (
    <div className={styles.table}>
      {DAYS.map((name, weekday) => {
        const day = dayOf(hours, weekday);
        return (
          <div key={name} className={styles.day} role="group" aria-label={`Heures du ${name}`}>
            <span className={styles.name}>{name}</span>
            <div className={styles.stretches}>
              {day.length === 0 && <span className={styles.closed}>fermé</span>}
              {day.map(({ index, from, to }, at) => (
                <div key={index} className={styles.stretch}>
                  <TimeField
                    label={`${name}, plage ${String(at + 1)}, de`}
                    labelHidden
                    value={from}
                    error={checked.errorOf(`hours.${String(index)}.from`)}
                    onChange={(minute) => {
                      onChange(changed(hours, index, { from: minute }));
                    }}
                    onInvalid={(wrong) => {
                      checked.setUnreadable(`from ${String(index)}`, wrong);
                    }}
                    onLeave={() => {
                      checked.leave(`hours.${String(index)}.from`);
                    }}
                  />
                  <span aria-hidden="true">–</span>
                  <TimeField
                    label={`${name}, plage ${String(at + 1)}, à`}
                    labelHidden
                    value={to}
                    error={checked.errorOf(`hours.${String(index)}.to`)}
                    onChange={(minute) => {
                      onChange(changed(hours, index, { to: minute }));
                    }}
                    onInvalid={(wrong) => {
                      checked.setUnreadable(`to ${String(index)}`, wrong);
                    }}
                    onLeave={() => {
                      checked.leave(`hours.${String(index)}.to`);
                    }}
                  />
                  <IconButton
                    icon="close"
                    label={`Retirer la plage ${String(at + 1)} du ${name}`}
                    onClick={() => {
                      onChange(hours.filter((_, place) => place !== index));
                    }}
                  />
                </div>
              ))}
            </div>
            <IconButton
              icon="plus"
              label={`Ajouter une plage le ${name}`}
              onClick={() => {
                onChange(added(hours, weekday));
              }}
            />
            <div className={styles.bar} aria-hidden="true">
              {day.map(({ index, from, to }) => (
                <span
                  key={index}
                  style={
                    {
                      "--left": `${String((Math.max(0, from - FIRST) / (LAST - FIRST)) * 100)}%`,
                      "--width": `${String((Math.max(0, Math.min(to, LAST) - Math.max(from, FIRST)) / (LAST - FIRST)) * 100)}%`,
                    } as CSSProperties
                  }
                />
              ))}
            </div>
          </div>
        );
      })}
      <div className={styles.copy}>
        <Button
          small
          icon="copy"
          onClick={() => {
            onChange(likeMonday(hours));
          }}
        >
          Du mardi au vendredi comme le lundi
        </Button>
        <span className={styles.scale} aria-hidden="true">
          <span>7 h</span>
          <span>20 h</span>
        </span>
      </div>
    </div>
  );
}
