import { useState, type ReactNode } from "react";
import { useRead, type ClientMatch, type SlotView } from "~/shared/backend";
import { civil, clock, dayName, dayNear } from "~/shared/format/dates";
import { french, plural, shortSurname } from "~/shared/format/text";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { fieldStyles } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Loading, Panel } from "~/shared/ui/Panel";
import { Segmented, ToggleChip } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import { Elsewhere } from "./Elsewhere";
import styles from "./DeskColumn.module.css";
import { EVERYBODY, HORIZONS, hoursOf, useSlotFilters } from "./slotFilters";

/** What is free next: here, narrowed as the person asks, or in the offices around a home. */
export function NextSlots({
  client,
  onTake,
}: {
  /** For whom a booking is being made: whoever follows them comes first. */
  client: ClientMatch | null;
  onTake: (slot: SlotView, kind: string) => void;
}): ReactNode {
  const [where, setWhere] = useState<"here" | "elsewhere">("here");
  return (
    <Panel title="Prochains créneaux">
      <Segmented
        label="Où"
        value={where}
        onChange={setWhere}
        options={[
          { value: "here", label: "Ici" },
          { value: "elsewhere", label: "Ailleurs" },
        ]}
      />
      {where === "here" ? <Here client={client} onTake={onTake} /> : <Elsewhere client={client} />}
    </Panel>
  );
}

function Here({
  client,
  onTake,
}: {
  client: ClientMatch | null;
  onTake: (slot: SlotView, kind: string) => void;
}): ReactNode {
  const { office, people } = useSession();
  const { today } = useNow();
  const [filters, change] = useSlotFilters();
  const kind = office.kinds.find((one) => one.id === filters.kind)?.id ?? office.kinds[0]?.id ?? "";
  const counsellors = people.filter((person) => person.role === "counsellor" || person.role === "director");
  const counsellor = counsellors.some((one) => one.id === filters.counsellor)
    ? filters.counsellor
    : EVERYBODY;
  const site = office.sites.some((one) => one.id === filters.site) ? filters.site : "";
  const { data, error } = useRead(
    "agenda.next",
    {
      kind,
      counsellor: counsellor || null,
      site: site || null,
      client: client?.id ?? null,
      days: filters.days,
      ...hoursOf(filters),
      limit: 6,
    },
    { keep: true, every: 5 * 60_000 },
  );
  const referent = data?.referent ?? null;
  return (
    <>
      <div className={fieldStyles.row}>
        <Select
          label="Motif du créneau"
          labelHidden
          value={kind}
          options={office.kinds.map((one) => ({
            value: one.id,
            label: `${one.name}, ${String(one.duration_min)} min`,
          }))}
          onChange={(next) => {
            change({ kind: next });
          }}
        />
        <Select
          label="Conseiller"
          labelHidden
          className={styles.person}
          value={counsellor}
          options={[
            { value: EVERYBODY, label: "Tous" },
            ...counsellors.map((person) => ({ value: person.id, label: person.name })),
          ]}
          onChange={(next) => {
            change({ counsellor: next });
          }}
        />
      </div>
      <div className={fieldStyles.row}>
        {office.sites.length > 1 && (
          <Select
            label="Lieu"
            labelHidden
            value={site}
            options={[
              { value: "", label: "Au centre" },
              ...office.sites.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={(next) => {
              change({ site: next });
            }}
          />
        )}
        <Select
          label="Délai"
          labelHidden
          className={styles.person}
          value={String(filters.days)}
          options={HORIZONS.map((days) => ({ value: String(days), label: `${String(days)} jours` }))}
          onChange={(next) => {
            change({ days: Number(next) });
          }}
        />
      </div>
      <div className={styles.chips} role="group" aria-label="Préciser">
        <ToggleChip
          on={filters.wednesday}
          onChange={(wednesday) => {
            change({ wednesday });
          }}
        >
          mercredi après-midi
        </ToggleChip>
        <ToggleChip
          on={filters.evening}
          onChange={(evening) => {
            change({ evening });
          }}
        >
          après 16 h 30
        </ToggleChip>
      </div>
      {data === undefined ? (
        error === null && <Loading />
      ) : data.slots.length === 0 ? (
        <p className="sub">Aucun créneau libre sous {plural(filters.days, "jour")}.</p>
      ) : (
        <ul className={styles.slots}>
          {data.slots.map((slot) => {
            const { day } = civil(slot.start, slot.zone);
            const own = slot.counsellor.id === referent?.id;
            const said = `${dayName(day, "bare")} ${clock(slot.start, slot.zone)} avec ${slot.counsellor.name}`;
            return (
              <li key={`${slot.local} ${slot.counsellor.id}`}>
                <span className={styles.day}>
                  {day.slice(0, 7) === today.slice(0, 7)
                    ? dayName(day, "bare")
                    : dayName(day, "short").replace(/^\S+ /, "")}
                </span>
                <b className="num">{clock(slot.start, slot.zone)}</b>
                <span className={styles.who} title={slot.counsellor.name}>
                  <Name of={slot.counsellor.name} />
                  {own && (
                    <span className={styles.site}>
                      <Icon name="check" small /> référent
                    </span>
                  )}
                  {slot.site_name !== null && <span className={styles.site}>{slot.site_name}</span>}
                </span>
                <Button
                  small
                  aria-label={`Poser ${said}${own ? ", référent" : ""}`}
                  onClick={() => {
                    onTake(slot, kind);
                  }}
                >
                  Poser
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {data?.slots[0] && (
        <p className="sub">
          {delayText(
            data.slots.map((slot) => civil(slot.start, slot.zone).day),
            today,
          )}
        </p>
      )}
    </>
  );
}

/** The surname stands whole, on a line of its own where the column is narrow; what does not fit even there is dotted. */
function Name({ of }: { of: string }): ReactNode {
  const [title = "", ...surname] = shortSurname(of).split(" ");
  return (
    <>
      {title} <span className={styles.surname}>{surname.join(" ")}</span>
    </>
  );
}

function delayText(days: readonly string[], today: string): string {
  const first = days.reduce((a, b) => (b < a ? b : a));
  const away = Math.round((Date.parse(`${first}T12:00:00Z`) - Date.parse(`${today}T12:00:00Z`)) / 86_400_000);
  return french(`Premier délai : ${away <= 1 ? dayNear(first, today) : plural(away, "jour")}.`);
}
