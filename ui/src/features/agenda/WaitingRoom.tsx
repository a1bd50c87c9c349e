import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import {
  useWrite,
  type AppointmentView,
  type DayView,
  type WaitingView,
  type WalkInView,
} from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { clock, duration } from "~/shared/format/dates";
import { french } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { companionsText } from "~/shared/people/companions";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { Loading, Panel } from "~/shared/ui/Panel";
import styles from "./DeskColumn.module.css";
import { WalkInForm } from "./WalkInForm";

/** A wait beyond this is said in words. */
const LONG_MIN = 15;

/** Everybody who waits, with an appointment or without, longest first; then who is with a counsellor. */
export function WaitingRoom({
  today,
  onSeen,
  onBook,
}: {
  today: DayView | undefined;
  onSeen: (appointment: AppointmentView) => void;
  /** Books somebody who came without an appointment. */
  onBook: (walkIn: WalkInView) => void;
}): ReactNode {
  const [noting, setNoting] = useState(false);
  const before = useRef<HTMLElement | null>(null);
  const note = (): void => {
    before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setNoting(true);
  };
  const done = (): void => {
    setNoting(false);
    before.current?.focus();
  };
  useShortcuts("À l’accueil", [{ keys: "w", label: "Noter une personne sans rendez-vous", run: note }]);

  if (today === undefined) return <Loading />;
  const all = [
    ...today.waiting.map((one) => ({ since: one.since, key: one.appointment, one })),
    ...today.walk_ins.map((walkIn) => ({ since: walkIn.since, key: walkIn.enquiry, walkIn })),
  ].sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
  return (
    <Panel title="Salle d’attente" count={all.length}>
      <OnDuty today={today} />
      {noting && <WalkInForm onDone={done} />}
      {all.length === 0 && !noting && <p className="sub">Personne n’attend.</p>}
      {all.length > 0 && (
        <ul className={styles.waiting}>
          {all.map((line) =>
            "one" in line ? (
              <Expected key={line.key} one={line.one} day={today} onSeen={onSeen} />
            ) : (
              <WithoutAppointment key={line.key} walkIn={line.walkIn} onBook={onBook} />
            ),
          )}
        </ul>
      )}
      {today.received.length > 0 && (
        <ul className={styles.received} aria-label="En entretien">
          {today.received.map((one) => {
            const meeting = today.blocks.find((block) => block.id === one.appointment);
            return (
              <li key={one.appointment}>
                <span>
                  {one.name}, avec {one.counsellor.name}
                </span>
                {meeting && (
                  <Button
                    small
                    tone="quiet"
                    aria-label={`Reçu : ${one.name}`}
                    onClick={() => {
                      onSeen(meeting);
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
      {!noting && (
        <div>
          <Button small tone="quiet" icon="plus" shortcut="w" onClick={note}>
            Sans rendez-vous
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** Who holds the permanence at this hour: whoever comes without an appointment goes there. */
function OnDuty({ today }: { today: DayView }): ReactNode {
  const { minute } = useNow();
  const now = today.columns.filter((column) =>
    column.open.some((one) => one.duty && !one.school && one.from_min <= minute && minute < one.to_min),
  );
  if (now.length === 0) return null;
  return <p className="sub">De permanence : {now.map((column) => column.name).join(", ")}</p>;
}

/** `depuis 10:05, 17 min`, and a word when that is long. */
function Since({ since }: { since: string }): ReactNode {
  const { instant } = useNow();
  const { zone } = useSession();
  const waited = Math.max(0, Math.floor((instant - Date.parse(since)) / 60_000));
  return (
    <>
      <p className="num">
        <Icon name="clock" small /> depuis {clock(since, zone)}, {duration(waited)}
      </p>
      {waited > LONG_MIN && (
        <p className={styles.long}>
          <Icon name="alert" small /> plus de {String(LONG_MIN)} min
        </p>
      )}
    </>
  );
}

function seenByKey(run: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key.toLowerCase() !== "v" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
}

function Expected({
  one,
  day,
  onSeen,
}: {
  one: WaitingView;
  day: DayView;
  onSeen: (appointment: AppointmentView) => void;
}): ReactNode {
  const { zone } = useSession();
  const appointment = day.blocks.find((block) => block.id === one.appointment);
  const along = companionsText(one.companions)?.replace(/^avec /, "et ");
  const seen = (): void => {
    if (appointment !== undefined) onSeen(appointment);
  };
  return (
    <li>
      <p>
        <b>{one.name}</b> {along}
      </p>
      <Since since={one.since} />
      <p className="num">
        pour <b>{one.counsellor.name}</b> à {clock(one.start, zone)}
      </p>
      {appointment && (
        <div className={styles.acts}>
          <Button small shortcut="v" onKeyDown={seenByKey(seen)} onClick={seen}>
            Reçu<span className="vh"> : {one.name}</span>
          </Button>
        </div>
      )}
    </li>
  );
}

function WithoutAppointment({
  walkIn,
  onBook,
}: {
  walkIn: WalkInView;
  onBook: (walkIn: WalkInView) => void;
}): ReactNode {
  const { notify } = useNotices();
  const close = useWrite("enquiries.close");
  const end = (how: "received" | "left"): void => {
    if (close.isPending) return;
    close.mutate(
      { id: walkIn.enquiry, how },
      {
        onSuccess: () => {
          const word = how === "received" ? "Reçu sans rendez-vous" : "Départ noté";
          notify({ text: french(`${word} : ${walkIn.name}`), tone: "good", undoable: true });
        },
        onError: (error) => {
          const { text, severity } = errorText(error);
          notify({ text, tone: severity });
        },
      },
    );
  };
  const received = (): void => {
    end("received");
  };
  return (
    <li>
      <p>
        <b>{walkIn.name}</b>, sans rendez-vous
      </p>
      <Since since={walkIn.since} />
      <p>{walkIn.hidden ? "question délicate" : french(walkIn.subject)}</p>
      <div className={styles.acts} onKeyDown={seenByKey(received)}>
        <Button
          small
          aria-label={`Poser un rendez-vous : ${walkIn.name}`}
          onClick={() => {
            onBook(walkIn);
          }}
        >
          Poser
        </Button>
        <Button small shortcut="v" onClick={received}>
          Reçu<span className="vh"> : {walkIn.name}</span>
        </Button>
        <Button
          small
          tone="quiet"
          aria-label={`Parti : ${walkIn.name}`}
          onClick={() => {
            end("left");
          }}
        >
          Parti
        </Button>
      </div>
    </li>
  );
}
