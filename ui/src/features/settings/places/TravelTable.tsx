import { useRef, type KeyboardEvent, type ReactNode } from "react";
import { french } from "~/shared/format/text";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { useDocument } from "../documents/useDocument";
import { useChecked } from "../documents/useChecked";
import { useSave } from "../documents/useSave";
import { ChangedMeanwhile } from "../parts/ChangedMeanwhile";
import { LengthField } from "../parts/LengthField";
import { useSettings } from "../useSettings";
import { TRAVEL, travelBetween, withTravel } from "./places";
import styles from "./TravelTable.module.css";

const LONGEST = 480;

/** The way between two sites, both directions alike: one stair of numbers. What is left empty takes the usual time. */
export function TravelTable(): ReactNode {
  const { office, sites, pending } = useSettings();
  const editing = useDocument("office", TRAVEL, office);
  const saving = useSave();
  const checked = useChecked([editing.toChange()], saving.refused, editing.dirty);
  const table = useRef<HTMLTableElement>(null);
  const { doc } = editing;
  if (sites.length < 2) return null;

  const save = (): void => {
    checked.tryNow();
    if (!editing.dirty || checked.unreadable || editing.clashes.length > 0) return;
    saving.save([editing.toChange()], "Temps de trajet enregistrés", () => {
      checked.reset();
      editing.discard();
    });
  };
  const walk = (event: KeyboardEvent<HTMLInputElement>, row: number, column: number): void => {
    if (event.key === "Enter") {
      event.preventDefault();
      save();
      return;
    }
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0) return;
    const next = table.current?.querySelector<HTMLElement>(
      `[data-cell="${String(row + by)}-${String(column)}"]`,
    );
    if (next === null || next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <section className={styles.travel} aria-label="Trajets entre les lieux">
      <div className={styles.head}>
        <h3>Trajets entre les lieux</h3>
        <p className="sub">
          en minutes, dans les deux sens ; le temps de trajet est gardé libre entre deux rendez-vous
        </p>
        {pending.includes(office.uai) && <span className="sub">à envoyer</span>}
      </div>
      <ChangedMeanwhile
        editing={editing}
        words={(field, value) =>
          field === "travel_min"
            ? { label: "Temps habituel", value: `${String(value)} min` }
            : field === "travel"
              ? { label: "Trajets", value: `${String(Array.isArray(value) ? value.length : 0)} notés` }
              : null
        }
      />
      <div className={styles.usual}>
        <LengthField
          label="D’un lieu à l’autre, d’habitude"
          value={doc.travel_min}
          error={checked.errorOf("travel_min")}
          onChange={(travel_min) => {
            editing.change({ travel_min });
          }}
          onInvalid={(wrong) => {
            checked.setUnreadable("travel_min", wrong);
          }}
          onLeave={() => {
            checked.leave("travel_min");
          }}
        />
        {editing.dirty && (
          <>
            <Button tone="quiet" onClick={editing.discard}>
              Abandonner
            </Button>
            <Button tone="primary" onClick={save} disabled={saving.isPending}>
              Enregistrer les trajets
            </Button>
          </>
        )}
      </div>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label="Tableau des trajets">
        <table ref={table} className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Lieu</th>
              {sites.slice(0, -1).map((site, at) => (
                <th key={site.id} scope="col" title={site.name}>
                  <span aria-hidden="true">{at + 1}</span>
                  <span className="vh">{site.name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sites.map((row, at) => (
              <tr key={row.id}>
                <th scope="row">
                  <span className={styles.number} aria-hidden="true">
                    {at + 1}
                  </span>
                  {french(row.name)}
                </th>
                {sites.slice(0, -1).map((column, to) => {
                  if (to > at) return <td key={column.id} aria-hidden="true" />;
                  if (to === at)
                    return (
                      <td key={column.id} className={styles.same}>
                        <Icon name="minus" small />
                        <span className="vh">même lieu</span>
                      </td>
                    );
                  const minutes = travelBetween(doc.travel, row.id, column.id);
                  const wrong = minutes !== null && minutes > LONGEST;
                  return (
                    <td key={column.id}>
                      <input
                        className={styles.cell}
                        inputMode="numeric"
                        data-cell={`${String(at)}-${String(to)}`}
                        aria-label={`De ${row.name} à ${column.name}, minutes`}
                        aria-invalid={wrong || undefined}
                        placeholder={String(doc.travel_min)}
                        value={minutes === null ? "" : String(minutes)}
                        onFocus={(event) => {
                          event.target.select();
                        }}
                        onKeyDown={(event) => {
                          walk(event, at, to);
                        }}
                        onChange={(event) => {
                          const digits = event.target.value.replace(/\D/g, "").slice(0, 3);
                          const typed = digits === "" ? null : Number(digits);
                          saving.forget();
                          editing.change({ travel: withTravel(doc.travel, row.id, column.id, typed) });
                        }}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {doc.travel?.some((one) => one.minutes > LONGEST) === true && (
        <p className={styles.wrong}>
          <Icon name="alert" small />
          De 0 à 480 minutes.
        </p>
      )}
    </section>
  );
}
