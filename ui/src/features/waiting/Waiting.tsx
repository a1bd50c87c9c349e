import { useEffect, useRef, useState, type ReactNode } from "react";
import { useRead, useWrite, type WaitingEntryView } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { french, phone, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { useRouter, type Routes } from "~/shared/router/router";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Chip, Count, Tag } from "~/shared/ui/Chip";
import { Dialog } from "~/shared/ui/Dialog";
import { EmptyState, Loading, Panel } from "~/shared/ui/Panel";
import { Bar, Screen, Work } from "~/shared/ui/Screen";
import { WaitingForm, type WaitingFor } from "~/shared/waiting/WaitingForm";
import {
  CLOSE_REASONS,
  callText,
  countText,
  placeOf,
  placeText,
  sinceText,
  wishText,
} from "~/shared/waiting/words";
import { RELATIONS } from "~/shared/words";
import styles from "./Waiting.module.css";

/** Everybody who waits for a place, longest first, and the places that became free. */
export function Waiting(): ReactNode {
  const { place } = useRouter();
  const wanted = place.screen === "waiting" ? (place.params as Routes["waiting"]).entry : undefined;
  const { data, error } = useRead("waiting.list", {});
  const [of, setOf] = useState<WaitingFor | null>(null);
  const [closing, setClosing] = useState<WaitingEntryView | null>(null);
  const entries = data?.entries ?? [];
  return (
    <Screen aside={<Freed />} asideLabel="Créneaux libérés">
      <Work labelledBy="attente">
        <Bar>
          <h1 id="attente">Liste d’attente</h1>
          {data !== undefined && <Count label="personnes">{entries.length}</Count>}
        </Bar>
        {error !== null ? (
          <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
        ) : data === undefined ? (
          <Loading lines={6} />
        ) : entries.length === 0 ? (
          <EmptyState title="Personne n’attend">
            <p>
              Quand aucun créneau ne convient, le panneau de rendez-vous et la fiche d’un usager proposent «
              {"\u202f"}
              Mettre en liste d’attente{"\u202f"}».
            </p>
          </EmptyState>
        ) : (
          <ul className={styles.list}>
            {entries.map((entry) => (
              <Line
                key={entry.id}
                entry={entry}
                chosen={entry.id === wanted}
                onEdit={() => {
                  setOf({ name: nameOf(entry), entry });
                }}
                onClose={() => {
                  setClosing(entry);
                }}
              />
            ))}
          </ul>
        )}
      </Work>
      <WaitingForm
        of={of}
        onClose={() => {
          setOf(null);
        }}
      />
      <CloseDialog
        entry={closing}
        onDone={() => {
          setClosing(null);
        }}
      />
    </Screen>
  );
}

function nameOf(entry: WaitingEntryView): string {
  return `${entry.client.given_name} ${entry.client.family_name}`.trim();
}

function Line({
  entry,
  chosen,
  onEdit,
  onClose,
}: {
  entry: WaitingEntryView;
  chosen: boolean;
  onEdit: () => void;
  onClose: () => void;
}): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  const { go } = useRouter();
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (chosen) line.current?.scrollIntoView({ block: "center" });
  }, [chosen]);
  const wish = wishText(entry);
  const name = nameOf(entry);
  const contact = entry.contacts[0];
  return (
    <li ref={line} data-chosen={chosen}>
      <div>
        <p>
          <b>{name}</b>
          {entry.client.class_level !== null && `, ${entry.client.class_level}`}
        </p>
        <p className={styles.meta}>{sinceText(entry.since, today, zone)}</p>
        {entry.urgent && <Tag icon="alert">urgent</Tag>}
        {entry.pending && <Chip state="provisional" />}
      </div>
      <div>
        {contact === undefined ? (
          <p className={styles.meta}>Aucun numéro noté</p>
        ) : (
          <p>
            <span className={`${styles.phone ?? ""} num`}>{phone(contact.phone)}</span>
            {contact.relation !== "self" && (
              <span className={styles.meta}> {RELATIONS[contact.relation].word}</span>
            )}
          </p>
        )}
        {entry.calls[0] && <p className={styles.meta}>{callText(entry.calls[0], today, zone)}</p>}
      </div>
      <div>
        <p>{french(entry.kind.name)}</p>
        <p className={styles.meta}>{wish === "" ? "n’importe quel créneau" : wish}</p>
        {entry.note !== "" && <p className={styles.meta}>{french(entry.note)}</p>}
      </div>
      <div className={styles.acts}>
        <Button
          small
          aria-label={`Poser un rendez-vous : ${name}`}
          onClick={() => {
            go("agenda", { book: { client: entry.client, kind: entry.kind.id, waiting: entry.id } });
          }}
        >
          Poser
        </Button>
        <Button small aria-label={`Modifier l’attente de ${name}`} onClick={onEdit}>
          Modifier
        </Button>
        <Button small tone="quiet" aria-label={`Retirer ${name} de la liste`} onClick={onClose}>
          Retirer…
        </Button>
      </div>
    </li>
  );
}

/** Why somebody waits no longer: one press, and it can be taken back. */
function CloseDialog({ entry, onDone }: { entry: WaitingEntryView | null; onDone: () => void }): ReactNode {
  const { notify } = useNotices();
  const close = useWrite("waiting.close");
  return (
    <Dialog title="Retirer de la liste d’attente" open={entry !== null} onClose={onDone}>
      {entry !== null && (
        <div className={styles.reasons}>
          <p>
            <b>{nameOf(entry)}</b>, {french(entry.kind.name)}
          </p>
          <div className={styles.acts} role="group" aria-label="Pourquoi">
            {CLOSE_REASONS.map(({ value, label }) => (
              <Button
                key={value}
                onClick={() => {
                  close.mutate(
                    { id: entry.id, reason: value },
                    {
                      onSuccess: () => {
                        notify({
                          text: french(`Retrait noté : ${nameOf(entry)}`),
                          tone: "good",
                          undoable: true,
                        });
                        onDone();
                      },
                      onError: (failure) => {
                        const { text, severity } = errorText(failure);
                        notify({ text, tone: severity });
                        onDone();
                      },
                    },
                  );
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Freed(): ReactNode {
  const { go } = useRouter();
  const { data } = useRead("waiting.freed", {}, { keep: true, every: 60_000 });
  if (data === undefined) return <Loading />;
  return (
    <Panel title="Créneaux libérés" count={data.places.length}>
      {data.places.length === 0 && (
        <p className="sub">
          Aucun créneau libéré ces sept derniers jours ne convient à{" "}
          {data.waiting < 2 ? "qui attend" : plural(data.waiting, "personne")}.
        </p>
      )}
      <ul className={styles.reasons}>
        {data.places.map((place) => (
          <li key={`${place.slot.local} ${place.slot.counsellor.id}`}>
            <p className="num">
              <b>{placeText(place.slot, place.minutes)}</b>
            </p>
            <p className={styles.meta}>
              {countText(place.count)} · d’abord {place.first}
            </p>
            <Button
              small
              icon="phone"
              aria-label={`Appeler pour ${placeText(place.slot, place.minutes)}`}
              onClick={() => {
                go("agenda", { calls: placeOf(place) });
              }}
            >
              Appeler
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
