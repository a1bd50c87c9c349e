import type { ReactNode } from "react";
import type { DayColumn } from "~/shared/backend";
import { cx } from "~/shared/format/text";
import { Button, IconButton } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { Bar } from "~/shared/ui/Screen";
import { Segmented } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import styles from "./Agenda.module.css";
import { ColumnsMenu } from "./ColumnsMenu";
import { PrintSheet } from "./PrintSheet";
import type { Columns } from "./useColumns";
import { EVERYBODY } from "./useWeekPerson";
import { STEPS, type View } from "./views";

/** What is shown and how to change it, whose it is, and the one filled button. */
export function AgendaBar({
  title,
  date,
  holiday,
  view,
  onView,
  onStep,
  onToday,
  all,
  columns,
  people,
  person,
  onPerson,
  onBook,
}: {
  title: string;
  /** The day on the screen, or one of those. */
  date: string;
  /** School holidays of the day. */
  holiday: string | null;
  view: View;
  onView: (view: View) => void;
  onStep: (by: 1 | -1) => void;
  onToday: () => void;
  all: readonly DayColumn[];
  columns: Columns;
  people: readonly DayColumn[];
  /** Whose week. */
  person: string;
  onPerson: (person: string) => void;
  onBook: () => void;
}): ReactNode {
  const steps = STEPS[view];
  return (
    <Bar
      end={
        <div className={cx(styles.end, view === "week" && styles.ofWeek)}>
          {view === "week" ? (
            <Select
              label="Conseiller de la semaine"
              labelHidden
              className={styles.person}
              value={person}
              options={[
                { value: EVERYBODY, label: "Tous" },
                ...people.map((one) => ({ value: one.id, label: one.name })),
              ]}
              onChange={onPerson}
            />
          ) : view === "list" ? null : (
            <ColumnsMenu all={all} columns={columns} />
          )}
          <PrintSheet shown={date} />
          <Button tone="primary" small icon="plus" onClick={onBook}>
            Rendez-vous
          </Button>
        </div>
      }
    >
      <h1 id="jour" className={styles.title}>
        {title}
      </h1>
      {holiday !== null && <span className={styles.holiday}>{holiday}</span>}
      <div className={styles.steps} role="group" aria-label={steps.group}>
        <IconButton
          icon="left"
          label={steps.before}
          onClick={() => {
            onStep(-1);
          }}
        />
        <Button small onClick={onToday}>
          <span className={styles.todayIcon}>
            <Icon name="calendar" />
          </span>
          <span className={styles.todayWord}>Aujourd’hui</span>
        </Button>
        <IconButton
          icon="right"
          label={steps.after}
          onClick={() => {
            onStep(1);
          }}
        />
      </div>
      <Segmented
        label="Vue"
        className={styles.views}
        value={view}
        onChange={onView}
        options={[
          { value: "day", label: "Jour" },
          { value: "week", label: "Semaine" },
          { value: "month", label: "Mois" },
          { value: "list", label: "Liste" },
        ]}
      />
    </Bar>
  );
}
