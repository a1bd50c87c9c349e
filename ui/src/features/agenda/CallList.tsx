import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import {
  useRead,
  useWrite,
  type AppointmentView,
  type CallLine,
  type CallView,
  type WarningView,
} from "~/shared/backend";
import { warningsOf, warningText } from "~/shared/booking/warnings";
import { errorText } from "~/shared/errors";
import { french, phone, plural } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useNow, useSession } from "~/shared/session/session";
import { RELATIONS } from "~/shared/words";
import { callText, placeText, reasonText, sinceText, wishText } from "~/shared/waiting/words";
import { Button, IconButton } from "~/shared/ui/Button";
import { Note } from "~/shared/ui/Note";
import { Loading, Panel } from "~/shared/ui/Panel";
import styles from "./CallList.module.css";

/** A place that became free. */
export interface CallPlace {
  kind: string;
  counsellor: string;
  /** Civil start at the site. */
  start: string;
  site: string | null;
  minutes: number;
}

const SAID: Record<string, string> = {
  no_answer: "Pas de réponse, noté",
  declined: "Refus noté",
  left_message: "Message noté",
};

/** Whom to call for a place, in order; one key books it, notes that nobody answered, or that it does not suit. */
export function CallList({
  place,
  onClose,
  onBooked,
}: {
  place: CallPlace;
  onClose: () => void;
  onBooked: (appointment: AppointmentView | null) => void;
}): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  const { notify, announce } = useNotices();
  const { data } = useRead("waiting.calls", place, { keep: true });
  const note = useWrite("waiting.call");
  const book = useWrite("appointments.book");
  const [current, setCurrent] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ entry: string; warnings: WarningView[] } | null>(null);
  const list = useRef<HTMLUListElement>(null);
  // Those who were called from this list: what it says of them may be older than the call.
  const spoken = useRef(new Set<string>());

  const lines = data?.lines ?? [];
  const at = Math.max(
    0,
    lines.findIndex((line) => line.entry.id === current),
  );
  const line = lines[at];
  const ready = data !== undefined;

  // The list was asked for: the keyboard goes to the first who can be called.
  useEffect(() => {
    if (ready) list.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
  }, [ready, current]);

  const walk = (by: 1 | -1): void => {
    const next = lines[Math.min(lines.length - 1, Math.max(0, at + by))];
    if (next !== undefined) setCurrent(next.entry.id);
  };
  const failed = (error: Parameters<typeof errorText>[0]): void => {
    const { text, severity } = errorText(error);
    notify({ text, tone: severity });
  };
  const called = (who: CallLine, outcome: CallView["outcome"]): void => {
    if (note.isPending) return;
    note.mutate(
      { id: who.entry.id, outcome, counsellor: place.counsellor, start: place.start },
      {
        onSuccess: () => {
          const name = nameOf(who);
          notify({ text: french(`${SAID[outcome] ?? "Noté"} : ${name}`), tone: "good", undoable: true });
          // The next one to be called, not those who move down because they just were.
          spoken.current.add(who.entry.id);
          setCurrent(
            lines.find((other) => !spoken.current.has(other.entry.id) && other.callable)?.entry.id ?? null,
          );
        },
        onError: failed,
      },
    );
  };
  const give = (who: CallLine): void => {
    if (book.isPending) return;
    const own = who.entry.kind.id === place.kind;
    book.mutate(
      {
        kind: who.entry.kind.id,
        counsellor: place.counsellor,
        start: place.start,
        site: place.site,
        minutes: own ? place.minutes : who.entry.kind.duration_min,
        client: who.entry.client.id,
        waiting: who.entry.id,
        seen_warnings: asked?.entry === who.entry.id ? asked.warnings.map((one) => one.code) : [],
      },
      {
        onSuccess: ({ appointment }) => {
          notify({ text: french(`Rendez-vous posé : ${nameOf(who)}`), tone: "good", undoable: true });
          onBooked(appointment);
        },
        onError: (error) => {
          if (error.code === "confirm_warnings") {
            setAsked({ entry: who.entry.id, warnings: warningsOf(error.params) });
            announce("À vérifier avant de poser. Entrée pose quand même.");
          } else failed(error);
        },
      },
    );
  };

  useShortcuts(
    "Liste d’appel",
    [
      { keys: ["ArrowDown", "j"], label: "Personne suivante", local: true, run: () => undefined },
      { keys: "Enter", label: "Poser pour cette personne", local: true, run: () => undefined },
      { keys: "n", label: "Pas de réponse", local: true, run: () => undefined },
      { keys: "d", label: "Refuse ce créneau", local: true, run: () => undefined },
      { keys: "l", label: "Message laissé", local: true, run: () => undefined },
      { keys: "Escape", label: "Fermer la liste d’appel", run: onClose },
    ],
    "panel",
  );

  const pressed = (event: KeyboardEvent, who: CallLine): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target instanceof HTMLButtonElement;
    const does: Record<string, (() => void) | undefined> = {
      ArrowDown: () => {
        walk(1);
      },
      j: () => {
        walk(1);
      },
      ArrowUp: () => {
        walk(-1);
      },
      k: () => {
        walk(-1);
      },
      Enter: onButton
        ? undefined
        : () => {
            give(who);
          },
      n: () => {
        called(who, "no_answer");
      },
      d: () => {
        called(who, "declined");
      },
      l: () => {
        called(who, "left_message");
      },
    };
    const run = does[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };

  return (
    <Panel title="Qui appeler">
      <div className={styles.head}>
        <p className="num">
          {data === undefined ? "" : placeText(data.slot, data.minutes)}
          {data !== undefined && <span className="sub"> · {data.kind.name}</span>}
        </p>
        <IconButton icon="close" label="Fermer la liste d’appel" onClick={onClose} />
      </div>
      {data === undefined && <Loading />}
      {data?.free === false && (
        <Note tone="warn" live>
          Ce créneau n’est plus libre.
        </Note>
      )}
      {data !== undefined && lines.length === 0 && (
        <p className="sub">Personne de la liste d’attente ne convient pour ce créneau.</p>
      )}
      <ul
        ref={list}
        className={styles.list}
        aria-label={plural(lines.length, "personne à appeler", "personnes à appeler")}
      >
        {lines.map((one) => {
          const wish = wishText(one.entry);
          const { entry } = one;
          const mine = one === line;
          return (
            <li
              key={entry.id}
              tabIndex={mine ? 0 : -1}
              aria-current={mine}
              aria-label={`${nameOf(one)}, ${one.reasons.map(reasonText).join(", ")}`}
              onFocus={() => {
                setCurrent(entry.id);
              }}
              onKeyDown={(event) => {
                pressed(event, one);
              }}
            >
              <p>
                <b>{nameOf(one)}</b>
                {entry.client.class_level !== null && `, ${entry.client.class_level}`}
              </p>
              {entry.contacts.length === 0 ? (
                <p className="sub">Aucun numéro noté</p>
              ) : (
                entry.contacts.slice(0, 2).map((contact) => (
                  <p key={contact.phone}>
                    <span className={`${styles.phone ?? ""} num`}>{phone(contact.phone)}</span>
                    {contact.relation !== "self" && (
                      <span className="sub"> {RELATIONS[contact.relation].word}</span>
                    )}
                  </p>
                ))
              )}
              <p className={styles.why}>{french(one.reasons.map(reasonText).join(" · "))}</p>
              <p className={styles.why}>
                {sinceText(entry.since, today, zone)}
                {wish !== "" && ` · ${wish}`}
              </p>
              {entry.note !== "" && <p className={styles.why}>{french(entry.note)}</p>}
              {entry.calls[0] && <p className={styles.why}>{callText(entry.calls[0], today, zone)}</p>}
              {asked?.entry === entry.id && (
                <Note tone="warn" live>
                  <b>À vérifier :</b>{" "}
                  {asked.warnings.map((warning) => warningText(warning, zone)).join(" ; ")}. Rien n’empêche de
                  poser.
                </Note>
              )}
              {mine && (
                <div className={styles.acts}>
                  <Button
                    small
                    tone="primary"
                    shortcut="Enter"
                    onClick={() => {
                      give(one);
                    }}
                  >
                    Poser
                  </Button>
                  <Button
                    small
                    shortcut="n"
                    onClick={() => {
                      called(one, "no_answer");
                    }}
                  >
                    Pas de réponse
                  </Button>
                  <Button
                    small
                    shortcut="d"
                    onClick={() => {
                      called(one, "declined");
                    }}
                  >
                    Refuse
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function nameOf(line: CallLine): string {
  return `${line.entry.client.given_name} ${line.entry.client.family_name}`.trim();
}
