import { useEffect, useRef, useState, type ReactNode, type Ref } from "react";
import { useWrite, type AppointmentView, type EnquiryView, type MessageView } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { civil, clock, dayAndHour, dayName, hour } from "~/shared/format/dates";
import { cx, french, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Chip, Count } from "~/shared/ui/Chip";
import { TextArea } from "~/shared/ui/Field";
import { Icon, type IconName } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import styles from "./Thread.module.css";
import { isEnded, isFree, routingText } from "./words";

type Entry =
  | { at: string; message: MessageView }
  | { at: string; icon: IconName; text: string; action?: ReactNode }
  | { at: string; day: string };

/** What was said, by whom and when; how it came here, who has it. It opens at its end. */
export function Thread({
  ref,
  view,
  onClaim,
  onRelease,
}: {
  ref: Ref<HTMLDivElement>;
  view: EnquiryView;
  onClaim: (takeOver: boolean) => void;
  onRelease: () => void;
}): ReactNode {
  const { zone, office } = useSession();
  const end = useRef<HTMLDivElement>(null);
  const said = view.thread.filter((message) => !message.internal);
  const count = said.length;
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [view.id, count]);

  return (
    <div ref={ref} className={styles.scroll} tabIndex={0} role="region" aria-label="Fil de la demande">
      {view.hidden ? (
        <Note tone="info" icon="lock">
          <b>Question délicate.</b> Seuls les conseillers la lisent. Vous pouvez appeler la famille et poser
          un rendez-vous.
        </Note>
      ) : (
        <ol className={styles.entries}>
          {entriesOf(view, said, office.name, zone, onRelease).map((entry) =>
            "message" in entry ? (
              <Bubble key={entry.message.id} message={entry.message} zone={zone} />
            ) : "day" in entry ? (
              <li key={entry.day} className={styles.day}>
                {entry.day}
              </li>
            ) : (
              <li key={`${entry.at} ${entry.icon}`} className={styles.event}>
                <Icon name={entry.icon} small />
                <span>{entry.text}</span>
                {entry.action}
              </li>
            ),
          )}
        </ol>
      )}
      <Proposals view={view} />
      {view.appointment !== null && <Converted appointment={view.appointment} />}
      <Claim view={view} onClaim={onClaim} />
      {!view.hidden && <Notes view={view} />}
      <div ref={end} />
    </div>
  );
}

function entriesOf(
  view: EnquiryView,
  said: readonly MessageView[],
  office: string,
  zone: string,
  onRelease: () => void,
): Entry[] {
  const entries: Entry[] = said.map((message) => ({ at: message.at, message }));
  entries.push({
    at: view.received_at,
    icon: "arrow",
    text: french(`${routingText(view, office)} · ${dayAndHour(view.received_at, zone)}`),
  });
  if (view.claimed_at !== null && view.owner !== null) {
    const by = view.mine ? "vous" : view.owner.name;
    entries.push({
      at: view.claimed_at,
      icon: view.claim_provisional ? "cloud-up" : "user",
      text: french(
        [
          `Prise en charge par ${by}${atText(view.claimed_at, view.received_at, zone)}`,
          view.claim_provisional
            ? "non garanti : hors ligne, un autre poste a pu la prendre"
            : isEnded(view)
              ? null
              : "les autres postes le voient",
        ]
          .filter(Boolean)
          .join(" · "),
      ),
      ...(view.mine && view.status === "claimed"
        ? {
            action: (
              <button type="button" className={styles.link} onClick={onRelease}>
                Laisser
              </button>
            ),
          }
        : {}),
    });
  }
  entries.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  // The hours alone would lie about a thread that goes on for days.
  const days: Entry[] = [];
  let last: string | null = null;
  for (const entry of entries) {
    const { day } = civil(entry.at, zone);
    if (last !== null && last !== day && "message" in entry) days.push({ at: entry.at, day: dayName(day) });
    if ("message" in entry) last = day;
    days.push(entry);
  }
  return days;
}

function atText(at: string, received: string, zone: string): string {
  return civil(at, zone).day === civil(received, zone).day
    ? ` à ${hour(at, zone)}`
    : `, ${dayAndHour(at, zone, "short")}`;
}

function Bubble({ message, zone }: { message: MessageView; zone: string }): ReactNode {
  const ours = message.from !== "family";
  return (
    <li className={cx(styles.message, ours && styles.ours)}>
      <p className={styles.head}>
        <b>{message.from === "online_service" ? "Service en ligne" : message.name}</b>{" "}
        <time dateTime={message.at}>{clock(message.at, zone)}</time>
        {message.withdrawn !== null && <Withdrawn />}
      </p>
      <p className={cx(styles.body, message.withdrawn !== null && styles.withdrawn)}>{message.text}</p>
    </li>
  );
}

/** Taken back by its author before the family could read it. */
function Withdrawn(): ReactNode {
  return <span className={styles.mark}>retirée</span>;
}

function Proposals({ view }: { view: EnquiryView }): ReactNode {
  const { go } = useRouter();
  if (view.proposals.length === 0) return null;
  const until = view.proposals[0]?.held_until ?? null;
  return (
    <section className={styles.outcome} aria-label="Créneaux proposés">
      <p className={styles.event}>
        <Icon name="hourglass" small />
        <span>
          {plural(view.proposals.length, "créneau retenu", "créneaux retenus")} pour la famille
          {until !== null && `, jusqu’à ${dayAndHour(until, view.proposals[0]?.zone ?? "UTC")}`}
        </span>
      </p>
      <ul className={styles.held}>
        {view.proposals.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              onClick={() => {
                go("agenda", { date: one.date, appointment: one.id });
              }}
            >
              <b className="num">{`${dayName(one.date, "short")}, ${clock(one.start, one.zone)}`}</b>
              <span>{one.counsellor.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Converted({ appointment }: { appointment: AppointmentView }): ReactNode {
  const { go } = useRouter();
  return (
    <section className={styles.outcome} aria-label="Rendez-vous de cette demande">
      <p className={styles.converted}>
        <Chip state={appointment.status} />
        <span>
          <b>{dayAndHour(appointment.start, appointment.zone)}</b>, {appointment.counsellor.name}
        </span>
        <Button
          small
          icon="calendar"
          onClick={() => {
            go("agenda", { date: appointment.date, appointment: appointment.id });
          }}
        >
          Voir dans l’agenda
        </Button>
      </p>
    </section>
  );
}

/** Who has it, when it is not the reader: said before anything is typed. */
function Claim({ view, onClaim }: { view: EnquiryView; onClaim: (takeOver: boolean) => void }): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  if (isEnded(view)) return null;
  if (view.owner !== null && !view.mine) {
    const at =
      view.claimed_at === null
        ? ""
        : civil(view.claimed_at, zone).day === today
          ? ` depuis ${hour(view.claimed_at, zone)}`
          : ` depuis ${dayAndHour(view.claimed_at, zone, "short")}`;
    return (
      <div className={styles.claim}>
        <Note tone="warn" icon="user">
          <b>
            {view.owner.name} s’en occupe{at}.
          </b>{" "}
          La famille ne doit recevoir qu’une réponse.
        </Note>
        <Button
          small
          onClick={() => {
            onClaim(true);
          }}
        >
          Prendre le relais
        </Button>
      </div>
    );
  }
  if (!isFree(view)) return null;
  return (
    <div className={styles.claim}>
      <Note tone="info" icon="user">
        Personne ne s’en occupe encore.
      </Note>
      <Button
        small
        shortcut="Enter"
        onClick={() => {
          onClaim(false);
        }}
      >
        Prendre en charge
      </Button>
    </div>
  );
}

function Notes({ view }: { view: EnquiryView }): ReactNode {
  const { zone } = useSession();
  const { notify } = useNotices();
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const { mutate, isPending } = useWrite("enquiries.note");
  const notes = view.thread.filter((message) => message.internal);
  return (
    <details className={styles.notes}>
      <summary>
        <Icon name="lock" />
        Notes internes <Count label={notes.length < 2 ? "note" : "notes"}>{notes.length}</Count>
      </summary>
      <ul>
        {notes.map((note) => (
          <li key={note.id}>
            <p className={styles.head}>
              <b>{note.name}</b> <time dateTime={note.at}>{dayAndHour(note.at, zone, "short")}</time>
              {note.withdrawn !== null && <Withdrawn />}
            </p>
            <p className={cx(styles.noteText, note.withdrawn !== null && styles.withdrawn)}>{note.text}</p>
          </li>
        ))}
      </ul>
      <form
        className={styles.noteForm}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() === "") {
            setMissing(true);
            return;
          }
          mutate(
            { id: view.id, text },
            {
              onSuccess: (done) => {
                setText("");
                notify({
                  text: "Note ajoutée, la famille ne la voit pas",
                  tone: "good",
                  undoable: done.undoable,
                });
              },
              onError: (error) => {
                const said = errorText(error);
                notify({ text: said.text, tone: said.severity });
              },
            },
          );
        }}
      >
        <TextArea
          label="Ajouter une note"
          hint="entre collègues, jamais envoyée"
          rows={2}
          value={text}
          error={missing ? "Écrivez la note." : null}
          onChange={(event) => {
            setMissing(false);
            setText(event.target.value);
          }}
        />
        <Button small submit disabled={isPending}>
          Garder la note
        </Button>
      </form>
    </details>
  );
}
