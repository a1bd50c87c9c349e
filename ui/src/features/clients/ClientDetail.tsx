import { useEffect, useRef, type ReactNode, type RefObject } from "react";
import { useWrite, type AppointmentView, type ClientView, type EnquiryRow } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { civil, clock, dayName } from "~/shared/format/dates";
import { french, phone, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { companionsText } from "~/shared/people/companions";
import { duplicateText } from "~/shared/people/duplicates";
import { personName } from "~/shared/people/PersonField";
import { useRouter } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Chip, Count } from "~/shared/ui/Chip";
import { KeyValues } from "~/shared/ui/KeyValues";
import { Note } from "~/shared/ui/Note";
import { Bar } from "~/shared/ui/Screen";
import { CATEGORIES, CHANNELS, RELATIONS } from "~/shared/words";
import { Waits } from "./Waits";
import styles from "./ClientDetail.module.css";

const PAST_SHOWN = 40;

/** A person: how to reach them and their guardians, their meetings, their questions. */
export function ClientDetail({
  ref,
  client,
  opening,
  onEdit,
  onBook,
  onCompare,
}: {
  ref: RefObject<HTMLDivElement | null>;
  client: ClientView;
  /** Counts the times that it was opened; 0 while one only walks past. Opening takes the focus along. */
  opening: number;
  onEdit: () => void;
  onBook: () => void;
  /** Beside another record that may be the same person's. */
  onCompare: (id: string) => void;
}): ReactNode {
  const { instant } = useNow();
  const opened = useRef(0);
  useEffect(() => {
    if (opening === 0 || opened.current === opening) return;
    opened.current = opening;
    ref.current?.focus();
  });
  const name = `${client.given_name} ${client.family_name}`.trim();
  const coming = client.appointments
    .filter(
      (one) =>
        Date.parse(one.end) > instant &&
        !["cancelled", "excused", "declined", "expired"].includes(one.status),
    )
    .reverse();
  const past = client.appointments.filter((one) => !coming.includes(one));
  return (
    <>
      <Bar
        end={
          <>
            <Button small icon="pen" shortcut="m" onClick={onEdit}>
              Modifier
            </Button>
            <Button tone="primary" small icon="calendar" shortcut="p" onClick={onBook}>
              Poser un rendez-vous
            </Button>
          </>
        }
      >
        <h2 className={styles.title} title={name}>
          {name}
        </h2>
        {client.pending && <Chip state="provisional" />}
      </Bar>
      <div ref={ref} className={styles.scroll} tabIndex={0} role="region" aria-label={`Fiche de ${name}`}>
        {client.duplicates.length > 0 && (
          <Note tone="warn" icon="merge">
            <ul className={styles.doubles}>
              {client.duplicates.map((match) => (
                <li key={match.id}>
                  <span>
                    Une fiche proche existe : <b>{personName(match)}</b>
                    {match.birth_date !== null && `, ${dayName(match.birth_date, "digits")}`}.{" "}
                    {duplicateText(match)}
                  </span>
                  <Button
                    small
                    onClick={() => {
                      onCompare(match.id);
                    }}
                    {...(match.id === client.duplicates[0]?.id ? { shortcut: "f" } : {})}
                  >
                    Comparer
                  </Button>
                </li>
              ))}
            </ul>
          </Note>
        )}
        <div className={styles.facts}>
          <section aria-label="Usager">
            <h3>Usager</h3>
            <KeyValues
              facts={[
                [
                  "Naissance",
                  client.birth_date === null
                    ? "non connue"
                    : `${dayName(client.birth_date, "digits")}${client.age === null ? "" : `, ${plural(client.age, "an")}`}`,
                ],
                ["Public", client.category === null ? null : CATEGORIES[client.category]],
                ["Classe", client.class_level],
                ["École", client.school],
                ["Code postal", client.postal_code],
                ["Téléphone", client.phone === null ? null : phone(client.phone)],
                ["Mél", client.mail],
                ["Référent", client.referent?.name ?? null],
              ]}
            />
          </section>
          <section aria-label="Responsables">
            <h3>{client.guardians.length > 1 ? "Responsables" : "Responsable"}</h3>
            {client.guardians.length === 0 && <p className="sub">Aucun responsable noté.</p>}
            <ul className={styles.guardians}>
              {client.guardians.map((guardian) => (
                <li key={guardian.id}>
                  <b>{`${guardian.given_name} ${guardian.family_name}`.trim()}</b>,{" "}
                  {RELATIONS[guardian.relation].word}
                  {guardian.phone !== null && <span className="num">{phone(guardian.phone)}</span>}
                  {guardian.mail !== null && <span>{guardian.mail}</span>}
                </li>
              ))}
            </ul>
          </section>
        </div>
        <AlsoKnown client={client} />
        <Waits client={client} />
        <Meetings title="Rendez-vous à venir" meetings={coming} none="Aucun rendez-vous à venir." />
        <Meetings
          title="Rendez-vous passés"
          meetings={past.slice(0, PAST_SHOWN)}
          none="Jamais venu."
          more={past.length - PAST_SHOWN}
        />
        <Enquiries enquiries={client.enquiries} />
      </div>
    </>
  );
}

/** Under which other names and numbers this person was on record, and the way to take the records apart again. */
function AlsoKnown({ client }: { client: ClientView }): ReactNode {
  const { notify } = useNotices();
  const { mutate, isPending } = useWrite("clients.unmerge");
  if (client.also_known.length === 0) return null;
  return (
    <section className={styles.part} aria-label="Aussi connu comme">
      <h3>Aussi connu comme</h3>
      <ul className={styles.known}>
        {client.also_known.map((one, index) => (
          <li key={`${one.record ?? "own"} ${String(index)}`}>
            <span>
              {[
                one.name,
                one.birth_date === null ? null : dayName(one.birth_date, "digits"),
                ...one.phones.map(phone),
                ...one.mails,
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
            {one.record !== null && (
              <Button
                small
                disabled={isPending}
                onClick={() => {
                  mutate(
                    { id: one.record ?? "" },
                    {
                      onSuccess: (done) => {
                        notify({ text: "Fiches séparées", tone: "good", undoable: done.undoable });
                      },
                      onError: (error) => {
                        const said = errorText(error);
                        notify({ text: `${said.text} ${said.next}`, tone: said.severity });
                      },
                    },
                  );
                }}
              >
                Séparer les fiches
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Meetings({
  title,
  meetings,
  none,
  more = 0,
}: {
  title: string;
  meetings: readonly AppointmentView[];
  none: string;
  more?: number;
}): ReactNode {
  const { go } = useRouter();
  const { today } = useNow();
  return (
    <section className={styles.part} aria-label={title}>
      <h3>
        {title} <Count>{meetings.length + Math.max(0, more)}</Count>
      </h3>
      {meetings.length === 0 ? (
        <p className="sub">{none}</p>
      ) : (
        <ul className={styles.rows}>
          {meetings.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                onClick={() => {
                  go("agenda", { date: one.date, appointment: one.id });
                }}
              >
                <b className="num">
                  {`${dayName(one.date, "short")}${one.date.slice(0, 4) === today.slice(0, 4) ? "" : ` ${one.date.slice(0, 4)}`}, ${clock(one.start, one.zone)}`}
                </b>
                <span className={styles.what}>
                  {[french(one.kind.name), one.counsellor.name, one.site_name, companionsText(one.companions)]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
                <Chip
                  state={
                    one.standing === "to_replace"
                      ? "to_replace"
                      : one.conflict !== null
                        ? "conflict"
                        : one.status_missing
                          ? "missing"
                          : one.status === "booked" && one.standing !== "confirmed"
                            ? one.standing
                            : one.status
                  }
                />
              </button>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && <p className="sub">et {plural(more, "plus ancien", "plus anciens")}</p>}
    </section>
  );
}

function Enquiries({ enquiries }: { enquiries: readonly EnquiryRow[] }): ReactNode {
  const { go } = useRouter();
  const { zone } = useSession();
  if (enquiries.length === 0) return null;
  return (
    <section className={styles.part} aria-label="Demandes">
      <h3>
        Demandes <Count>{enquiries.length}</Count>
      </h3>
      <ul className={styles.rows}>
        {enquiries.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              onClick={() => {
                go("enquiries", { enquiry: one.id });
              }}
            >
              <b className="num">{dayName(civil(one.received_at, zone).day, "short")}</b>
              <span className={styles.what}>
                {CHANNELS[one.channel]} · {one.hidden ? "question délicate" : french(one.subject)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
