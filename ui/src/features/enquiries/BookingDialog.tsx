import { useState, type ReactNode } from "react";
import {
  useRead,
  useWrite,
  type AppointmentView,
  type BookingDraft,
  type ClientDraft,
  type ClientMatch,
  type EnquiryView,
  type RefusalView,
  type Relation,
  type SlotView,
  type WarningView,
} from "~/shared/backend";
import { Alternatives } from "~/shared/booking/Alternatives";
import { NewPersonFields } from "~/shared/booking/NewPersonFields";
import { clientDraft, newPersonFrom, type NewPerson } from "~/shared/booking/newPerson";
import { refusalOf, refusalText, warningText, warningsOf } from "~/shared/booking/warnings";
import { errorText, fieldErrorText } from "~/shared/errors";
import { civil, clock, dayAndHour, dayName, hour } from "~/shared/format/dates";
import { useNotices } from "~/shared/notices/notices";
import { matchOf } from "~/shared/people/match";
import { personName, PersonField } from "~/shared/people/PersonField";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Checkbox, InlineChoices } from "~/shared/ui/Field";
import { Note } from "~/shared/ui/Note";
import { Loading } from "~/shared/ui/Panel";
import { Select } from "~/shared/ui/Select";
import styles from "./BookingDialog.module.css";
import { companionsOf, personOf } from "./person";
import { sameSlot } from "./useAnswer";

const WHO: { relation: Relation; word: string }[] = [
  { relation: "mother", word: "mère" },
  { relation: "father", word: "père" },
  { relation: "other", word: "autre" },
];

export interface Wanted {
  slot: SlotView | null;
  kind: string;
}

/** Books at once for the person of an enquiry, without leaving it: who, when, who comes along, what is to be checked. */
export function BookingDialog({
  view,
  wanted,
  onClose,
  onBooked,
}: {
  view: EnquiryView;
  /** Null: closed. */
  wanted: Wanted | null;
  onClose: () => void;
  onBooked: (appointment: AppointmentView | null) => void;
}): ReactNode {
  return (
    <Dialog title="Poser un rendez-vous" open={wanted !== null} onClose={onClose}>
      {wanted !== null && <Form view={view} wanted={wanted} onClose={onClose} onBooked={onBooked} />}
    </Dialog>
  );
}

function Form({
  view,
  wanted,
  onClose,
  onBooked,
}: {
  view: EnquiryView;
  wanted: Wanted;
  onClose: () => void;
  onBooked: (appointment: AppointmentView | null) => void;
}): ReactNode {
  const { office, zone } = useSession();
  const { today } = useNow();
  const { notify } = useNotices();
  const [kind, setKind] = useState(wanted.kind);
  const [chosen, setChosen] = useState<SlotView | null>(wanted.slot);
  const [client, setClient] = useState<ClientMatch | null>(
    view.client === null ? null : matchOf(view.client),
  );
  const [text, setText] = useState(view.client === null ? "" : personName(view.client));
  // Nobody known looks like this person: what the enquiry says is the new record.
  const [person, setPerson] = useState<NewPerson | null>(
    view.client === null && view.candidates.length === 0 ? personOf(view) : null,
  );
  const [relations, setRelations] = useState(companionsOf(view));
  const [fields, setFields] = useState<Record<string, string>>({});
  const [personError, setPersonError] = useState<string | null>(null);
  const [refused, setRefused] = useState<RefusalView | null>(null);
  const [asked, setAsked] = useState<WarningView[]>([]);
  const book = useWrite("appointments.book");

  const { data: next, isPending: searching } = useRead("agenda.next", { kind, limit: 8 }, { keep: true });
  const free = next?.slots ?? [];
  const slot = chosen ?? free[0] ?? null;
  const shown = slot === null || free.some((one) => sameSlot(one, slot)) ? free : [slot, ...free];

  const booking = (withPerson: boolean): Partial<BookingDraft> => ({
    kind,
    counsellor: slot?.counsellor.id ?? "",
    start: slot?.local ?? "",
    site: slot?.site ?? null,
    room: slot?.room ?? null,
    client: client?.id ?? null,
    companions: relations.map((relation) => ({ relation, guardian: null, came: null })),
    enquiry: view.id,
    ...(withPerson && client === null && person !== null
      ? {
          new_client: { ...clientDraft(person), school: view.school, category: view.category } as ClientDraft,
        }
      : {}),
  });
  const { data: check } = useRead("agenda.check", booking(false), { keep: true, enabled: slot !== null });
  const refusal = refused ?? check?.refusal ?? null;
  const known = check?.warnings ?? [];
  const warnings =
    refusal === null
      ? [...known, ...asked.filter((one) => !known.some((other) => other.code === one.code))]
      : [];
  const duration = office.kinds.find((one) => one.id === kind)?.duration_min;

  const take = (next: SlotView): void => {
    setRefused(null);
    setAsked([]);
    setChosen(next);
  };

  const send = (): void => {
    if (book.isPending || slot === null) return;
    if (client === null && person === null) {
      setPersonError("Choisissez une personne, ou créez-la.");
      return;
    }
    setFields({});
    performance.mark("passerelle:book:key");
    book.mutate(
      { ...booking(true), seen_warnings: warnings.map((warning) => warning.code) },
      {
        onSuccess: (done) => {
          onBooked(done.appointment);
        },
        onError: (error) => {
          const why = refusalOf(error.params, error.code);
          if (error.code === "confirm_warnings") setAsked(warningsOf(error.params));
          else if (why.fields.length > 0)
            setFields(
              Object.fromEntries(
                why.fields.map(({ field, code }) => [
                  field.replace(/^new_client\./, ""),
                  fieldErrorText(code),
                ]),
              ),
            );
          else if (why.with !== null || why.alternatives.length > 0) setRefused(why);
          else {
            const said = errorText(error);
            notify({ text: said.text, tone: said.severity });
          }
        },
      },
    );
  };

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p className={styles.when}>
        {slot === null ? (
          "Aucun créneau choisi"
        ) : (
          <>
            <b>{dayAndHour(slot.start, slot.zone)}</b> – {hour(slot.end, slot.zone)} · {slot.counsellor.name}
            {slot.site_name !== null && ` · ${slot.site_name}`}
          </>
        )}
      </p>
      <Select
        label="Motif"
        value={kind}
        options={office.kinds.map((one) => ({
          value: one.id,
          label: `${one.name}, ${String(one.duration_min)} min`,
        }))}
        onChange={(id) => {
          setKind(id);
          setRefused(null);
          setAsked([]);
          if (office.kinds.find((one) => one.id === id)?.duration_min !== duration) setChosen(null);
        }}
      />
      <div className={styles.slots} role="group" aria-label="Créneaux libres">
        {searching && <Loading lines={1} />}
        {!searching && shown.length === 0 && (
          <p className="sub">Pas de créneau libre dans les deux mois pour ce motif.</p>
        )}
        {shown.map((one) => (
          <button
            key={`${one.start} ${one.counsellor.id}`}
            type="button"
            aria-pressed={slot !== null && sameSlot(one, slot)}
            onClick={() => {
              take(one);
            }}
          >
            <b className="num">
              {dayName(civil(one.start, one.zone).day, "bare")}, {clock(one.start, one.zone)}
            </b>{" "}
            {one.counsellor.name}
          </button>
        ))}
      </div>
      {person === null ? (
        <PersonField
          error={personError}
          text={text}
          chosen={client}
          onText={(typed) => {
            setPersonError(null);
            setText(typed);
          }}
          onChoose={(match) => {
            setPersonError(null);
            setClient(match);
            if (match !== null) setText(personName(match));
          }}
          onNew={(typed) => {
            setPerson(view.client === null && typed === "" ? personOf(view) : newPersonFrom(typed));
          }}
        />
      ) : (
        <NewPersonFields
          person={person}
          errors={fields}
          onChange={setPerson}
          onBack={() => {
            setPerson(null);
          }}
        />
      )}
      {client === null && person === null && view.candidates.length > 0 && (
        <div className={styles.slots} role="group" aria-label="Fiches proches">
          {view.candidates.slice(0, 3).map((match) => (
            <button
              key={match.id}
              type="button"
              aria-pressed={false}
              onClick={() => {
                setPersonError(null);
                setClient(match);
                setText(personName(match));
              }}
            >
              <b>{personName(match)}</b>{" "}
              {match.birth_date === null ? "" : dayName(match.birth_date, "digits")}
            </button>
          ))}
          <button
            type="button"
            aria-pressed={false}
            onClick={() => {
              setPerson(personOf(view));
            }}
          >
            Nouvelle fiche
          </button>
        </div>
      )}
      <InlineChoices legend="Vient avec">
        {WHO.map(({ relation, word }) => (
          <Checkbox
            key={relation}
            checked={relations.includes(relation)}
            onChange={(event) => {
              setRelations(
                event.target.checked
                  ? [...relations, relation]
                  : relations.filter((other) => other !== relation),
              );
            }}
          >
            {word}
          </Checkbox>
        ))}
      </InlineChoices>
      {warnings.length > 0 && (
        <Note tone="warn" live>
          <b>À vérifier :</b> {warnings.map((warning) => warningText(warning, zone)).join(" ; ")}. Rien
          n’empêche de poser.
        </Note>
      )}
      {refusal !== null && (
        <Note tone="bad" live>
          <b>Impossible :</b>{" "}
          {refusalText(refusal, { counsellor: slot?.counsellor.name ?? "ce conseiller", zone })}
          <Alternatives slots={refusal.alternatives} today={today} onTake={take} />
        </Note>
      )}
      <DialogActions>
        <Button tone="primary" submit autoFocus shortcut="Enter" disabled={book.isPending}>
          Poser
        </Button>
        <Button tone="quiet" onClick={onClose}>
          Fermer sans poser
        </Button>
      </DialogActions>
    </form>
  );
}
