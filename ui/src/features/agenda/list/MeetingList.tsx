import { useMemo, useState, type ReactNode } from "react";
import { useRead, type AppointmentView, type DayColumn } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import type { Day } from "~/shared/format/dates";
import { plural } from "~/shared/format/text";
import { useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Segmented, ToggleChip } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import { STATES, type StateName } from "~/shared/ui/states";
import { spanOf, type ListSpan } from "../views";
import { ListTable } from "./ListTable";
import styles from "./MeetingList.module.css";
import { EVERYTHING, kept, sorted, type Filter, type Sort } from "./rows";

const SHOWN_STATES: StateName[] = [
  "held",
  "booked",
  "guaranteed",
  "reserved",
  "arrived",
  "attended",
  "no_show",
  "excused",
  "cancelled",
  "to_replace",
  "conflict",
  "missing",
];

/** The meetings of some days as a table: to read aloud at the phone, to find one, to say what became of many. */
export function MeetingList({
  date,
  span,
  onSpan,
  people,
  onKey,
  onOpen,
}: {
  date: Day;
  span: ListSpan;
  onSpan: (span: ListSpan) => void;
  people: readonly DayColumn[];
  /** A key on a meeting; true when it was used. */
  onKey: (chord: string, appointment: AppointmentView) => boolean;
  onOpen: (appointment: AppointmentView) => void;
}): ReactNode {
  const { office } = useSession();
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const [sort, setSort] = useState<Sort>({ by: "time", down: false });
  const { data, error } = useRead("appointments.list", spanOf(span, date), { keep: true, every: 60_000 });
  const rows = useMemo(() => sorted(kept(data ?? [], filter), sort), [data, filter, sort]);
  const change = (part: Partial<Filter>): void => {
    setFilter({ ...filter, ...part });
  };
  const narrowed = filter.state !== "" || filter.counsellor !== "" || filter.site !== "";

  return (
    <div className={styles.whole}>
      <div className={styles.tools} role="group" aria-label="Ce que montre la liste">
        <Segmented
          label="Période"
          value={span}
          onChange={onSpan}
          options={[
            { value: "day", label: "1 jour" },
            { value: "week", label: "Semaine" },
            { value: "fortnight", label: "14 jours" },
          ]}
        />
        <Select
          label="État"
          labelHidden
          className={styles.select}
          value={filter.state}
          options={[
            { value: "", label: "Tous les états" },
            ...SHOWN_STATES.map((state) => ({ value: state, label: STATES[state].word })),
          ]}
          onChange={(state) => {
            change({ state });
          }}
        />
        <Select
          label="Conseiller"
          labelHidden
          className={styles.select}
          value={filter.counsellor}
          options={[
            { value: "", label: "Tous" },
            ...people.map((person) => ({ value: person.id, label: person.name })),
          ]}
          onChange={(counsellor) => {
            change({ counsellor });
          }}
        />
        {office.sites.length > 1 && (
          <Select
            label="Lieu"
            labelHidden
            className={styles.select}
            value={filter.site}
            options={[
              { value: "", label: "Tous les lieux" },
              ...office.sites.map((site) => ({ value: site.id, label: site.name })),
            ]}
            onChange={(site) => {
              change({ site });
            }}
          />
        )}
        <ToggleChip
          on={filter.state === "missing"}
          onChange={(on) => {
            change({ state: on ? "missing" : "" });
          }}
        >
          statut manquant
        </ToggleChip>
        <span className={styles.count} role="status">
          {data === undefined ? "" : plural(rows.length, "rendez-vous", "rendez-vous")}
        </span>
      </div>
      {data === undefined ? (
        error === null ? (
          <Loading lines={8} />
        ) : (
          <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
        )
      ) : rows.length === 0 ? (
        <EmptyState title={narrowed ? "Aucun rendez-vous ne correspond" : "Aucun rendez-vous sur ces jours"}>
          {narrowed && (
            <Button
              small
              onClick={() => {
                setFilter(EVERYTHING);
              }}
            >
              Tout montrer
            </Button>
          )}
        </EmptyState>
      ) : (
        <ListTable
          rows={rows}
          dated={span !== "day"}
          sort={sort}
          onSort={(by) => {
            setSort({ by, down: sort.by === by && !sort.down });
          }}
          onKey={onKey}
          onOpen={onOpen}
        />
      )}
    </div>
  );
}
