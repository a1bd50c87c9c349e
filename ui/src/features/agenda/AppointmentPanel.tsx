import { useEffect, useRef, type ReactNode } from "react";
import { useRead, useWrite, type AppointmentView, type HistoryView, type Status } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { nameOfFile, useShowFolder } from "~/shared/files/folders";
import { civil, clock, dayName, duration, hour, hourOf } from "~/shared/format/dates";
import { french, phone } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import { Button } from "~/shared/ui/Button";
import { Chip } from "~/shared/ui/Chip";
import { STATES } from "~/shared/ui/states";
import styles from "./AppointmentPanel.module.css";
import { BesideCell } from "./BesideCell";
import { companionsText, heldBy, stateOf, titleOf } from "./dayModel";
import { Mark } from "./Mark";
import { Preparation } from "./Preparation";
import { usePrint } from "./usePrint";

/** Who is still expected has a letter. */
const LETTER_FOR: ReadonlySet<Status> = new Set<Status>(["held", "booked", "arrived"]);

export interface AppointmentVerbs {
  setStatus: (appointment: AppointmentView, status: Status) => void;
  cancel: (appointment: AppointmentView) => void;
  cut: (appointment: AppointmentView) => void;
}

interface Verb {
  word: string;
  key?: string;
  run: () => void;
}

/** A meeting in full: who, in which state, what happened to it, and what can be done next. */
export function AppointmentPanel({
  shown,
  anchor,
  anchorKey,
  verbs,
  onClose,
}: {
  /** As the grid has it; the history is read beside. */
  shown: AppointmentView;
  anchor: () => HTMLElement | null;
  anchorKey: string;
  verbs: AppointmentVerbs;
  onClose: () => void;
}): ReactNode {
  const { data } = useRead("appointments.get", { id: shown.id }, { keep: true });
  const appointment = data ?? shown;
  const { notify } = useNotices();
  const { go } = useRouter();
  const calendar = useWrite("calendar.export");
  const showFolder = useShowFolder();
  const print = usePrint();
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => {
    first.current?.querySelector("button")?.focus();
  }, []);

  const actions = verbsOf(appointment, verbs);
  useShortcuts(
    titleOf(appointment),
    actions.flatMap(({ word, key, run }) => (key === undefined ? [] : [{ keys: key, label: word, run }])),
    "panel",
  );

  const { client } = appointment;
  const place = [appointment.site_name, appointment.room_name].filter(Boolean).join(", ");
  return (
    <BesideCell
      title={titleOf(appointment)}
      subtitle={`${dayName(appointment.date, "short")}, ${hourOf(appointment.from_min)} – ${hourOf(appointment.to_min)} · ${heldBy(appointment)}`}
      anchor={anchor}
      anchorKey={anchorKey}
      onClose={onClose}
      closeLabel="Fermer"
    >
      <div className={styles.body} ref={first}>
        <p className={styles.chips}>
          <Chip state={stateOf(appointment)} />
          {/* Of one that is to be placed elsewhere nothing is confirmed. */}
          {["conflict", "missing"].includes(stateOf(appointment)) && <Chip state={appointment.status} />}
          <Mark of={appointment} />
        </p>
        <dl className={styles.facts}>
          <Fact name="Motif">
            {appointment.kind.name}, {duration(appointment.to_min - appointment.from_min)}
          </Fact>
          {client?.class_level && <Fact name="Classe">{client.class_level}</Fact>}
          {appointment.companions.length > 0 && (
            <Fact name="Vient">{companionsText(appointment.companions)}</Fact>
          )}
          {client?.phone && <Fact name="Téléphone">{phone(client.phone)}</Fact>}
          {place !== "" && <Fact name="Lieu">{place}</Fact>}
          {appointment.held_until !== null && appointment.status === "held" && (
            <Fact name="Retenu">
              jusqu’à {dayName(civil(appointment.held_until, appointment.zone).day)},{" "}
              {hour(appointment.held_until, appointment.zone)}
            </Fact>
          )}
          {appointment.arrived_at !== null && (
            <Fact name="Arrivé">à {hour(appointment.arrived_at, appointment.zone)}</Fact>
          )}
          {appointment.override_reason !== null && (
            <Fact name="Malgré tout">{appointment.override_reason}</Fact>
          )}
        </dl>
        <div className={styles.verbs}>
          {actions.map(({ word, key, run }) => (
            <Button key={word} small {...(key === undefined ? {} : { shortcut: key })} onClick={run}>
              {word}
            </Button>
          ))}
        </div>
        <Preparation appointment={appointment} />
        <section aria-label="Historique" className={styles.history}>
          <h3>Historique</h3>
          <ol>
            {appointment.history.map((line, index) => (
              <li key={`${line.at}-${String(index)}`}>
                <span className="sub num">
                  {dayName(civil(line.at, appointment.zone).day, "bare")}, {clock(line.at, appointment.zone)}
                </span>
                <span>{historyText(line, appointment.zone)}</span>
              </li>
            ))}
          </ol>
        </section>
        <footer className={styles.foot}>
          {client !== null && (
            <Button
              small
              icon="user"
              onClick={() => {
                go("clients", { client: client.id });
              }}
            >
              Fiche
            </Button>
          )}
          {(client !== null || appointment.enquiry !== null) && LETTER_FOR.has(appointment.status) && (
            <Button
              small
              icon="printer"
              disabled={print.busy}
              onClick={() => {
                print.letter(appointment.id);
              }}
            >
              Convocation
            </Button>
          )}
          <Button
            small
            icon="download"
            disabled={calendar.isPending}
            onClick={() => {
              calendar.mutate(
                { appointment: appointment.id },
                {
                  onSuccess: ({ file }) => {
                    notify({
                      text: french(`Fichier d'agenda écrit : ${nameOfFile(file)}`),
                      tone: "good",
                      action: {
                        label: "Ouvrir le dossier",
                        run: () => {
                          showFolder("calendars");
                        },
                      },
                    });
                  },
                  onError: (error) => {
                    const { text, severity } = errorText(error);
                    notify({ text, tone: severity });
                  },
                },
              );
            }}
          >
            Fichier .ics
          </Button>
        </footer>
      </div>
    </BesideCell>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function verbsOf(appointment: AppointmentView, verbs: AppointmentVerbs): Verb[] {
  const to = (status: Status, word: string, key?: string): Verb => ({
    word,
    ...(key === undefined ? {} : { key }),
    run: () => {
      verbs.setStatus(appointment, status);
    },
  });
  const cut: Verb = {
    word: "Déplacer",
    key: "x",
    run: () => {
      verbs.cut(appointment);
    },
  };
  const cancel: Verb = {
    word: "Annuler…",
    key: "Delete",
    run: () => {
      verbs.cancel(appointment);
    },
  };
  switch (appointment.status) {
    case "held":
      return [to("booked", "Confirmer"), cut, cancel];
    case "booked":
      return [
        to("arrived", "Arrivé", "a"),
        to("attended", "Reçu", "v"),
        to("no_show", "Absent", "m"),
        to("excused", "Excusé", "e"),
        cut,
        cancel,
      ];
    case "arrived":
      return [to("attended", "Reçu", "v"), to("booked", "Pas encore arrivé"), cancel];
    case "attended":
    case "no_show":
    case "excused":
    case "cancelled":
      return [to("booked", "Rétablir")];
    case "declined":
    case "expired":
      return [];
  }
}

function historyText(line: HistoryView, zone: string): string {
  const by = line.by === null ? "" : `, ${line.by}`;
  const reason = line.reason === null ? "" : ` : ${line.reason}`;
  const state = line.status === null ? "" : STATES[line.status].word;
  const texts: Record<string, string> = {
    created: line.status === "held" ? `Proposé${by}` : `Posé${by}`,
    moved:
      line.from_start === null
        ? `Déplacé${by}`
        : `Déplacé, était ${dayName(civil(line.from_start, zone).day, "bare")} à ${hour(line.from_start, zone)}${line.from_counsellor === null ? "" : ` avec ${[line.from_counsellor, line.from_second].filter(Boolean).join(" et ")}`}${by}`,
    status: `${state}${by}${reason}`,
    client: `Fiches réunies ou séparées${by}`,
    overridden: `Posé malgré une règle${reason}${by}`,
  };
  return french(texts[line.what] ?? "");
}
