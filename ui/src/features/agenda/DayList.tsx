import type { ReactNode } from "react";
import type { AppointmentView, DayColumn, DayView } from "~/shared/backend";
import { clockOf, dayName } from "~/shared/format/dates";
import { phone } from "~/shared/format/text";
import { Chip } from "~/shared/ui/Chip";
import { EmptyState } from "~/shared/ui/Panel";
import styles from "./DayList.module.css";
import { companionsText, heldBy, isProvisional, stateOf, titleOf } from "./dayModel";

/** The same day as a table, by hour: for reading aloud at the phone, and for narrow windows. */
export function DayList({
  day,
  columns,
  onOpen,
}: {
  day: DayView;
  columns: readonly DayColumn[];
  onOpen: (appointment: AppointmentView) => void;
}): ReactNode {
  const ids = new Set(columns.map((column) => column.id));
  const rows = day.blocks
    .filter((block) => ids.has(block.counsellor.id) || (block.second !== null && ids.has(block.second.id)))
    .sort((a, b) => a.from_min - b.from_min || a.counsellor.name.localeCompare(b.counsellor.name, "fr"));
  if (rows.length === 0) return <EmptyState title="Aucun rendez-vous ce jour-là" />;
  return (
    <table className={styles.list} aria-label={`Rendez-vous du ${dayName(day.date)}`}>
      <thead>
        <tr>
          <th scope="col">Heure</th>
          <th scope="col">Usager</th>
          <th scope="col">Conseiller</th>
          <th scope="col">Motif</th>
          <th scope="col">Téléphone</th>
          <th scope="col">État</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className="num">{`${clockOf(row.from_min)} – ${clockOf(row.to_min)}`}</td>
            <th scope="row">
              <button
                type="button"
                onClick={() => {
                  onOpen(row);
                }}
              >
                {titleOf(row)}
              </button>
              <span className="sub">
                {[row.client?.class_level, companionsText(row.companions)].filter(Boolean).join(" · ")}
              </span>
            </th>
            <td>{heldBy(row)}</td>
            <td>{row.kind.name}</td>
            <td className="num">{row.client?.phone ? phone(row.client.phone) : ""}</td>
            <td>
              <span className={styles.states}>
                <Chip state={stateOf(row)} />
                {isProvisional(row) && <Chip state="provisional" />}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
