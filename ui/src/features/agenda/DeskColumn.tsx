import type { ReactNode } from "react";
import type { AppointmentView, ClientMatch, DayView, SlotView, WalkInView } from "~/shared/backend";
import { dayName } from "~/shared/format/dates";
import { plural } from "~/shared/format/text";
import { useRouter } from "~/shared/router/router";
import { Icon, type IconName } from "~/shared/ui/Icon";
import { Panel } from "~/shared/ui/Panel";
import { CallList, type CallPlace } from "./CallList";
import styles from "./DeskColumn.module.css";
import { FreedPlaces } from "./FreedPlaces";
import { NextSlots } from "./NextSlots";
import { WaitingRoom } from "./WaitingRoom";

/** Beside the grid: who waits, which places became free, what is free next, what is left to do. */
export function DeskColumn({
  today,
  client,
  calling,
  onCall,
  onCalled,
  onSeen,
  onWalkIn,
  onTake,
}: {
  /** The day that runs, whatever day the grid shows. */
  today: DayView | undefined;
  /** For whom a booking is being made. */
  client: ClientMatch | null;
  /** The freed place for which people are being called. */
  calling: CallPlace | null;
  onCall: (place: CallPlace | null) => void;
  /** Somebody of the list was booked. */
  onCalled: (appointment: AppointmentView | null) => void;
  onSeen: (appointment: AppointmentView) => void;
  onWalkIn: (walkIn: WalkInView) => void;
  onTake: (slot: SlotView, kind: string) => void;
}): ReactNode {
  return (
    <>
      {calling !== null && (
        <CallList
          key={`${calling.start} ${calling.counsellor}`}
          place={calling}
          onClose={() => {
            onCall(null);
          }}
          onBooked={onCalled}
        />
      )}
      <WaitingRoom today={today} onSeen={onSeen} onBook={onWalkIn} />
      {calling === null && <FreedPlaces onCall={onCall} />}
      <NextSlots client={client} onTake={onTake} />
      <Todo today={today} />
    </>
  );
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
