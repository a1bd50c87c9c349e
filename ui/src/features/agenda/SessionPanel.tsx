import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { AppointmentView, ClientMatch, Status } from "~/shared/backend";
import { dayName, hourOf } from "~/shared/format/dates";
import { french, phone, plural } from "~/shared/format/text";
import { chordOf } from "~/shared/keyboard/chord";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { PersonField } from "~/shared/people/PersonField";
import { useNow } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Chip } from "~/shared/ui/Chip";
import { Note } from "~/shared/ui/Note";
import { BesideCell } from "./BesideCell";
import { heldBy, participants, seatsOf, sessionCount, stateOf, titleOf } from "./dayModel";
import { Mark } from "./Mark";
import { RefusalNote } from "./RefusalNote";
import styles from "./SessionPanel.module.css";
import { useAddToSession } from "./useAddToSession";
import { usePrint } from "./usePrint";
import { warningText } from "./warnings";

const STATUS_KEYS: Record<string, Status> = { a: "arrived", v: "attended", m: "no_show", e: "excused" };

export interface SessionVerbs {
  setStatus: (appointment: AppointmentView, status: Status) => void;
  /** Everybody in it goes to another hour. */
  move: (people: readonly AppointmentView[]) => void;
  cancel: (people: readonly AppointmentView[]) => void;
  /** Somebody who has no record yet is booked in the booking panel. */
  addNew: (people: readonly AppointmentView[], typed: string) => void;
}

/** A group session: its seats, who is expected, each with a state of their own, and one field to add somebody. */
export function SessionPanel({
  people,
  anchor,
  verbs,
  onOpen,
  onClose,
}: {
  /** Its meetings, the planned session itself among them. */
  people: readonly AppointmentView[];
  anchor: () => HTMLElement | null;
  verbs: SessionVerbs;
  onOpen: (id: string) => void;
  onClose: () => void;
}): ReactNode {
  const { today } = useNow();
  const [text, setText] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const print = usePrint();
  const first = people.find((one) => !one.seat) ?? people[0];
  const seated = participants(people);
  const movable = people.every((one) => one.status === "held" || one.status === "booked");
  const cancellable = people.every((one) => ["held", "booked", "arrived"].includes(one.status));
  const adding = useAddToSession(first, () => {
    setText("");
    field.current?.focus();
  });
  useEffect(() => {
    field.current?.focus();
  }, []);
  useShortcuts(
    "Séance collective",
    [
      ...(movable
        ? [
            {
              keys: "x",
              label: "Déplacer la séance",
              run: () => {
                verbs.move(people);
              },
            },
          ]
        : []),
      ...Object.keys(STATUS_KEYS).map((keys) => ({
        keys,
        label: STATUS_WORDS[keys] ?? "",
        local: true,
        run: () => undefined,
      })),
    ],
    "panel",
  );
  if (first === undefined) return null;
  const { left, of } = seatsOf(people);
  const where = [heldBy(first), first.room_name, first.site_name].filter(Boolean).join(" · ");
  const choose = (match: ClientMatch | null): void => {
    if (match !== null) adding.add(match);
  };
  return (
    <BesideCell
      title={french(first.kind.name)}
      subtitle={`${dayName(first.date, "short")}, ${hourOf(first.from_min)} – ${hourOf(first.to_min)} · ${where}`}
      anchor={anchor}
      anchorKey={`${first.session ?? first.id} ${first.start} ${first.counsellor.id}`}
      onClose={onClose}
      closeLabel="Fermer"
    >
      <div className={styles.body}>
        <p role="status">
          <b className="num">{sessionCount(people)}</b>
          {left > 0 && seated.length > 0 && (
            <span className="sub">
              {" "}
              · {plural(seated.length, "inscrit")} sur {of}
            </span>
          )}
        </p>
        <PersonField
          ref={field}
          label="Ajouter"
          text={text}
          chosen={null}
          onText={(typed) => {
            adding.reset();
            setText(typed);
          }}
          onChoose={choose}
          onNew={(typed) => {
            verbs.addNew(people, typed);
          }}
        />
        {adding.warnings.length > 0 && (
          <Note tone="warn" live>
            <b>À vérifier :</b>{" "}
            {adding.warnings.map((warning) => warningText(warning, first.zone)).join(" ; ")}.{" "}
            <Button
              small
              onClick={() => {
                // The button goes with the warning: whoever types goes on where they typed.
                field.current?.focus();
                adding.confirm();
              }}
            >
              Inscrire quand même
            </Button>
          </Note>
        )}
        {adding.refusal !== null && (
          <RefusalNote
            key={adding.refusal.code}
            refusal={adding.refusal}
            counsellor={first.counsellor.name}
            today={today}
            busy={adding.busy}
            verb="Inscrire"
            onTake={adding.take}
            onAnyway={adding.anyway}
          />
        )}
        {seated.length === 0 ? (
          <p className="sub">Personne n’est inscrit. La séance est planifiée et reste ouverte.</p>
        ) : (
          <ul className={styles.people} aria-label="Inscrits">
            {seated.map((one) => (
              <Participant key={one.id} one={one} onOpen={onOpen} onStatus={verbs.setStatus} />
            ))}
          </ul>
        )}
        <footer className={styles.foot}>
          <Button
            small
            icon="printer"
            disabled={print.busy}
            onClick={() => {
              print.signIn(first.id);
            }}
          >
            Émargement
          </Button>
          {movable && (
            <Button
              small
              shortcut="x"
              onClick={() => {
                verbs.move(people);
              }}
            >
              Déplacer la séance
            </Button>
          )}
          {cancellable && (
            <Button
              small
              onClick={() => {
                verbs.cancel(people);
              }}
            >
              Annuler la séance…
            </Button>
          )}
        </footer>
      </div>
    </BesideCell>
  );
}

const STATUS_WORDS: Record<string, string> = {
  a: "Inscrit : arrivé",
  v: "Inscrit : présent",
  m: "Inscrit : absent",
  e: "Inscrit : excusé",
};

function Participant({
  one,
  onOpen,
  onStatus,
}: {
  one: AppointmentView;
  onOpen: (id: string) => void;
  onStatus: (appointment: AppointmentView, status: Status) => void;
}): ReactNode {
  const pressed = (event: KeyboardEvent<HTMLButtonElement>): void => {
    const chord = chordOf(event.nativeEvent);
    const status = STATUS_KEYS[chord];
    const step = chord === "ArrowDown" ? 1 : chord === "ArrowUp" ? -1 : 0;
    if (status !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onStatus(one, status);
    } else if (step !== 0) {
      event.preventDefault();
      const items = [...(event.currentTarget.closest("ul")?.querySelectorAll<HTMLElement>("button") ?? [])];
      items[items.indexOf(event.currentTarget) + step]?.focus();
    }
  };
  const detail = [one.client?.class_level, one.client?.phone ? phone(one.client.phone) : null];
  return (
    <li>
      <button
        type="button"
        aria-keyshortcuts="a v m e"
        onKeyDown={pressed}
        onClick={() => {
          onOpen(one.id);
        }}
      >
        <span>
          <b>{titleOf(one)}</b> <span className="sub num">{detail.filter(Boolean).join(" · ")}</span>
          {one.override_reason !== null && (
            <span className={styles.reason}> malgré tout : {one.override_reason}</span>
          )}
        </span>
        <Chip state={stateOf(one)} />
        <Mark of={one} />
      </button>
    </li>
  );
}
