import { useState, type ReactNode } from "react";
import { useRead, type AppointmentView, type DayView, type SlotView } from "~/shared/backend";
import { civil, clock, dayName, dayNear, duration } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";
import { useRouter } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Icon, type IconName } from "~/shared/ui/Icon";
import { Loading, Panel } from "~/shared/ui/Panel";
import { ToggleChip } from "~/shared/ui/Segmented";
import { Select } from "~/shared/ui/Select";
import { fieldStyles } from "~/shared/ui/Field";
import { companionsText } from "./dayModel";
import styles from "./DeskColumn.module.css";

const WEDNESDAY = 2;
const EVENING = 16 * 60 + 30;
const EVERYBODY = "";

/** Beside the grid: who waits, what is free next, what is left to do. */
export function DeskColumn({
  today,
  onSeen,
  onTake,
}: {
  /** The day that runs, whatever day the grid shows. */
  today: DayView | undefined;
  onSeen: (appointment: AppointmentView) => void;
  onTake: (slot: SlotView, kind: string) => void;
}): ReactNode {
  return (
    <>
      <WaitingRoom today={today} onSeen={onSeen} />
      <NextSlots onTake={onTake} />
      <Todo today={today} />
    </>
  );
}

function WaitingRoom({
  today,
  onSeen,
}: {
  today: DayView | undefined;
  onSeen: (appointment: AppointmentView) => void;
}): ReactNode {
  const { instant } = useNow();
  const { zone } = useSession();
  if (today === undefined) return <Loading />;
  return (
    <Panel title="Salle d’attente" count={today.waiting.length}>
      {today.waiting.length === 0 ? (
        <p className="sub">Personne n’attend.</p>
      ) : (
        <ul className={styles.waiting}>
          {today.waiting.map((one) => {
            const appointment = today.blocks.find((block) => block.id === one.appointment);
            const waited = Math.max(0, Math.floor((instant - Date.parse(one.since)) / 60_000));
            const along = companionsText(one.companions)?.replace(/^avec /, "et ");
            return (
              <li key={one.appointment}>
                <p>
                  <b>{one.name}</b> {along}
                </p>
                <p className="num">
                  <Icon name="clock" small /> depuis {clock(one.since, zone)}, {duration(waited)}
                </p>
                <p className="num">
                  pour <b>{one.counsellor.name}</b> à {clock(one.start, zone)}
                </p>
                {appointment && (
                  <Button
                    small
                    aria-label={`Reçu : ${one.name}`}
                    onClick={() => {
                      onSeen(appointment);
                    }}
                  >
                    Reçu
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}

function NextSlots({ onTake }: { onTake: (slot: SlotView, kind: string) => void }): ReactNode {
  const { office, people } = useSession();
  const { today } = useNow();
  const [kind, setKind] = useState(office.kinds[0]?.id ?? "");
  const [counsellor, setCounsellor] = useState(EVERYBODY);
  const [wednesday, setWednesday] = useState(false);
  const [evening, setEvening] = useState(false);
  const { data, error } = useRead(
    "agenda.next",
    {
      kind,
      counsellor: counsellor === EVERYBODY ? null : counsellor,
      weekdays: wednesday ? [WEDNESDAY] : [],
      after_min: evening ? EVENING : null,
      limit: 6,
    },
    { keep: true, every: 5 * 60_000 },
  );
  const counsellors = people.filter((person) => person.role === "counsellor" || person.role === "director");
  return (
    <Panel title="Prochains créneaux">
      <div className={fieldStyles.row}>
        <Select
          label="Motif du créneau"
          labelHidden
          value={kind}
          options={office.kinds.map((one) => ({
            value: one.id,
            label: `${one.name}, ${String(one.duration_min)} min`,
          }))}
          onChange={setKind}
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
          onChange={setCounsellor}
        />
      </div>
      <div className={styles.chips} role="group" aria-label="Préciser">
        <ToggleChip on={wednesday} onChange={setWednesday}>
          mercredi
        </ToggleChip>
        <ToggleChip on={evening} onChange={setEvening}>
          après 16 h 30
        </ToggleChip>
      </div>
      {data === undefined ? (
        error === null && <Loading />
      ) : data.slots.length === 0 ? (
        <p className="sub">Aucun créneau libre dans les deux mois.</p>
      ) : (
        <ul className={styles.slots}>
          {data.slots.map((slot) => {
            const { day } = civil(slot.start, slot.zone);
            const said = `${dayName(day, "bare")} ${clock(slot.start, slot.zone)} avec ${slot.counsellor.name}`;
            return (
              <li key={`${slot.local} ${slot.counsellor.id}`}>
                <span className={styles.day}>
                  {day.slice(0, 7) === today.slice(0, 7)
                    ? dayName(day, "bare")
                    : dayName(day, "short").replace(/^\S+ /, "")}
                </span>
                <b className="num">{clock(slot.start, slot.zone)}</b>
                <span className={styles.who}>
                  {slot.counsellor.name}
                  {slot.site_name !== null && <span className={styles.site}>{slot.site_name}</span>}
                </span>
                <Button
                  small
                  aria-label={`Poser ${said}`}
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
        <p className="sub">{delayText(civil(data.slots[0].start, data.slots[0].zone).day, today)}</p>
      )}
    </Panel>
  );
}

function delayText(first: string, today: string): string {
  const days = Math.round((Date.parse(`${first}T12:00:00Z`) - Date.parse(`${today}T12:00:00Z`)) / 86_400_000);
  return french(`Premier délai : ${days <= 1 ? dayNear(first, today) : plural(days, "jour")}.`);
}

function Todo({ today }: { today: DayView | undefined }): ReactNode {
  const { go } = useRouter();
  if (today === undefined) return null;
  const missingToday = today.blocks.filter((block) => block.status_missing);
  const { conflicts, calls_tomorrow: calls, tomorrow } = today.todo;
  const items: { icon: IconName; bold: string; rest: string; run: () => void }[] = [];
  const firstMissing = missingToday[0] ?? null;
  const older = today.missing[0] ?? null;
  if (firstMissing !== null || older !== null) {
    const count = missingToday.length + today.missing.length;
    items.push({
      icon: "help",
      bold: count === 1 ? "1 statut manquant" : `${String(count)} statuts manquants`,
      rest: older === null ? "" : `, dont ${String(today.missing.length)} les jours d’avant`,
      run: () => {
        go("agenda", { sweep: true });
      },
    });
  }
  if (conflicts > 0)
    items.push({
      icon: "alert",
      bold: plural(conflicts, "conflit"),
      rest: " à régler",
      run: () => {
        go("conflicts");
      },
    });
  if (calls > 0 && tomorrow !== null)
    items.push({
      icon: "phone",
      bold: plural(calls, "rappel"),
      rest: ` pour ${dayName(tomorrow, "bare")}, sans mél`,
      run: () => {
        go("agenda", { date: tomorrow });
      },
    });
  return (
    <Panel title="À faire" count={items.length}>
      {items.length === 0 ? (
        <p className="sub">Rien n’attend.</p>
      ) : (
        <ul className={styles.todo}>
          {items.map((item) => (
            <li key={item.icon}>
              <button type="button" onClick={item.run}>
                <Icon name={item.icon} />
                <span>
                  <b>{item.bold}</b>
                  {item.rest}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
