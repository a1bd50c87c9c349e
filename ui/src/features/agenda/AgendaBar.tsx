import type { ReactNode } from "react";
import type { DayColumn } from "~/shared/backend";
import { dayName, stepWorkday, type Day } from "~/shared/format/dates";
import { Button, IconButton } from "~/shared/ui/Button";
import { Bar } from "~/shared/ui/Screen";
import { Segmented } from "~/shared/ui/Segmented";
import styles from "./Agenda.module.css";
import { ColumnsMenu } from "./ColumnsMenu";

/** The day, how to change it, what of it is shown, and the one filled button. */
export function AgendaBar({
  date,
  today,
  view,
  columns,
  hidden,
  onToggle,
  onView,
  onDate,
  onBook,
}: {
  date: Day;
  today: Day;
  view: "day" | "list";
  columns: readonly DayColumn[];
  hidden: ReadonlySet<string>;
  onToggle: (column: string) => void;
  onView: (view: "day" | "list") => void;
  onDate: (date: Day) => void;
  onBook: () => void;
}): ReactNode {
  const year = date.slice(0, 4) === today.slice(0, 4) ? "" : ` ${date.slice(0, 4)}`;
  return (
    <Bar
      end={
        <>
          <ColumnsMenu columns={columns} hidden={hidden} onToggle={onToggle} />
          <Button tone="primary" small icon="plus" onClick={onBook}>
            Rendez-vous
          </Button>
        </>
      }
    >
      <h1 id="jour">
        {dayName(date)}
        {year}
      </h1>
      <div className={styles.steps} role="group" aria-label="Changer de jour">
        <IconButton
          icon="left"
          label="Jour précédent"
          onClick={() => {
            onDate(stepWorkday(date, -1));
          }}
        />
        <Button
          small
          onClick={() => {
            onDate(today);
          }}
        >
          Aujourd’hui
        </Button>
        <IconButton
          icon="right"
          label="Jour suivant"
          onClick={() => {
            onDate(stepWorkday(date, 1));
          }}
        />
      </div>
      <Segmented
        label="Vue"
        value={view}
        onChange={onView}
        options={[
          { value: "day", label: "Jour" },
          { value: "list", label: "Liste" },
        ]}
      />
    </Bar>
  );
}
