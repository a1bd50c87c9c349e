import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";
import {
  useRead,
  useWrite,
  type AppointmentView,
  type BackendError,
  type RefusalView,
  type Relation,
  type SlotView,
  type WarningView,
} from "~/shared/backend";
import { errorText, fieldErrorText } from "~/shared/errors";
import { civil, dayName, hourOf, instantOf } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { personName, PersonField } from "~/shared/people/PersonField";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Checkbox, InlineChoices, fieldStyles } from "~/shared/ui/Field";
import { Note } from "~/shared/ui/Note";
import { Select } from "~/shared/ui/Select";
import { BesideCell } from "./BesideCell";
import styles from "./BookingPanel.module.css";
import { BookingPlace } from "./BookingPlace";
import { atSlot, bookingOf, localTime, newPersonFrom, type Draft } from "./draft";
import { holdTimes } from "./holdTimes";
import { NewPersonFields } from "./NewPersonFields";
import { ReferentLine } from "./ReferentLine";
import { RefusalNote } from "./RefusalNote";
import { WaitInstead } from "./WaitInstead";
import { refusalOf, warningText, warningsOf } from "./warnings";

const DURATIONS = [15, 20, 30, 45, 60, 75, 90, 120];
const WHO: { relation: Relation; word: string }[] = [
  { relation: "mother", word: "mère" },
  { relation: "father", word: "père" },
  { relation: "other", word: "autre" },
];
/** Codes of refusals that concern the slot: shown in place, with what is free instead. */
const SLOT_REFUSALS = new Set([
  "slot_taken",
  "room_taken",
  "client_busy",
  "capacity_full",
  "skipped_time",
  "duplicate",
]);

export function BookingPanel({
  draft,
  counsellor,
  anchor,
  onDraft,
  onClose,
  onBooked,
}: {
  draft: Draft;
  /** Name of the counsellor. */
  counsellor: string;
  anchor: () => HTMLElement | null;
  onDraft: (draft: Draft) => void;
  onClose: () => void;
  onBooked: (appointment: AppointmentView | null) => void;
}): ReactNode {
  const { office, zone, people } = useSession();
  const { instant, today } = useNow();
  const { notify, announce } = useNotices();
  const name = useRef<HTMLInputElement>(null);
  const [personError, setPersonError] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});
  const [refused, setRefused] = useState<RefusalView | null>(null);
  const [asked, setAsked] = useState<WarningView[]>([]);
  const book = useWrite("appointments.book");
  const hold = useWrite("appointments.hold");
  const nextSlot = useWrite("agenda.next");

  useEffect(() => {
    name.current?.focus();
  }, []);

  const { data: check } = useRead("agenda.check", bookingOf(draft, false), { keep: true });
  const refusal = refused ?? check?.refusal ?? null;
  const kind = office.kinds.find((one) => one.id === draft.kind);
  const group = (kind?.capacity ?? 1) > 1;
  const seats = group ? (check?.session ?? null) : null;
  const nobody = draft.client === null && draft.newPerson === null;
  /** Nobody is chosen, and nothing takes place there yet: the session itself is planned. */
  const plans = group && nobody && draft.text.trim() === "" && seats === null && draft.enquiry === null;
  const warnings = refusal === null ? merged(check?.warnings ?? [], asked) : [];

  const change = (part: Partial<Draft>): void => {
    setRefused(null);
    setAsked([]);
    onDraft({ ...draft, ...part });
  };
  const take = (slot: SlotView): void => {
    setRefused(null);
    setAsked([]);
    onDraft(atSlot(draft, slot));
    const at = civil(slot.start, slot.zone);
    announce(`${dayName(at.day)}, ${hourOf(at.minute)}, ${slot.counsellor.name}, libre`);
  };

  const failed = (error: BackendError): void => {
    if (error.code === "invalid_fields") {
      const wrong = refusalOf(error.params, error.code).fields;
      setFields(
        Object.fromEntries(
          wrong.map(({ field, code }) => [field.replace(/^new_client\./, ""), fieldErrorText(code)]),
        ),
      );
      return;
    }
    if (SLOT_REFUSALS.has(error.code)) {
      setRefused(refusalOf(error.params, error.code));
      return;
    }
    // Something that stands only since a moment: it is shown now, and the next press has seen it.
    if (error.code === "confirm_warnings") {
      setAsked(warningsOf(error.params));
      return;
    }
    const { text, severity } = errorText(error);
    notify({ text, tone: severity });
  };

  const send = (command: typeof book | typeof hold, reason?: string): void => {
    if (book.isPending || hold.isPending) return;
    if (nobody && !plans) {
      setPersonError("Choisissez une personne, ou créez-la.");
      name.current?.focus();
      return;
    }
    setFields({});
    setPersonError(null);
    performance.mark("passerelle:book:key");
    command.mutate(
      {
        ...bookingOf(draft, true),
        seen_warnings: warnings.map((warning) => warning.code),
        override_reason: reason ?? null,
        held_until: command === hold ? draft.heldUntil : null,
      },
      {
        onSuccess: (done) => {
          onBooked(done.appointment);
        },
        onError: failed,
      },
    );
  };

  const another = (): void => {
    nextSlot.mutate(
      {
        kind: draft.kind,
        counsellor: draft.counsellor,
        second: draft.second,
        from: draft.date,
        limit: 40,
      },
      {
        onSuccess: ({ slots }) => {
          const here = localTime(draft.date, draft.minute);
          const next = slots.find((slot) => slot.local > here);
          if (next === undefined)
            notify({ text: "Pas d’autre créneau libre dans les deux mois.", tone: "warn" });
          else take(next);
        },
        onError: failed,
      },
    );
  };

  const verb = plans ? "Planifier" : "Poser";
  const held = holdTimes(instant, instantOf(draft.date, draft.minute, zone), office.hold_min, zone);
  const withWhom = people.find((one) => one.id === draft.second)?.name;

  useShortcuts(
    "Poser un rendez-vous",
    [
      { keys: "n", label: "Autre créneau", run: another },
      { keys: "Alt+n", label: "Autre créneau, pendant la saisie", whileTyping: true, run: another },
      {
        keys: "Ctrl+Enter",
        label: verb,
        whileTyping: true,
        run: () => {
          send(book);
        },
      },
    ],
    "panel",
  );

  const submitted = (event: FormEvent): void => {
    event.preventDefault();
    send(book);
  };

  const end = draft.minute + draft.minutes;
  const durations = DURATIONS.includes(draft.minutes)
    ? DURATIONS
    : [...DURATIONS, draft.minutes].sort((a, b) => a - b);
  const year = draft.date.slice(0, 4) === today.slice(0, 4) ? "" : ` ${draft.date.slice(0, 4)}`;

  return (
    <BesideCell
      title={plans ? "Planifier une séance" : "Poser un rendez-vous"}
      subtitle={`${dayName(draft.date, "short")}${year}, ${hourOf(draft.minute)} – ${hourOf(end)} · ${[counsellor, withWhom].filter(Boolean).join(" et ")}`}
      anchor={anchor}
      anchorKey={`${draft.date} ${String(draft.minute)} ${draft.counsellor}`}
      onClose={onClose}
      closeLabel="Fermer sans poser"
    >
      <form className={styles.form} onSubmit={submitted} noValidate>
        <div className={styles.scroll}>
          {draft.newPerson === null ? (
            <PersonField
              ref={name}
              error={personError}
              text={draft.text}
              chosen={draft.client}
              onText={(text) => {
                setPersonError(null);
                onDraft({ ...draft, text, client: null, waiting: null });
              }}
              onChoose={(client) => {
                setPersonError(null);
                change(client === null ? { client } : { client, text: personName(client) });
              }}
              onNew={(typed) => {
                change({ newPerson: newPersonFrom(typed) });
              }}
            />
          ) : (
            <NewPersonFields
              person={draft.newPerson}
              errors={fields}
              onChange={(newPerson) => {
                change({ newPerson });
              }}
              onBack={() => {
                change({ newPerson: null });
              }}
            />
          )}
          <ReferentLine draft={draft} onTake={take} />
          <div className={fieldStyles.row}>
            <Select
              label="Motif"
              value={draft.kind}
              options={office.kinds.map((kind) => ({ value: kind.id, label: kind.name }))}
              onChange={(id) => {
                const kind = office.kinds.find((one) => one.id === id);
                if (kind) change({ kind: id, minutes: kind.duration_min, room: null });
              }}
            />
            <Select
              label="Durée"
              className={styles.duration}
              value={String(draft.minutes)}
              options={durations.map((minutes) => ({
                value: String(minutes),
                label: `${String(minutes)} min`,
              }))}
              onChange={(minutes) => {
                change({ minutes: Number(minutes) });
              }}
            />
          </div>
          <InlineChoices legend="Vient avec">
            {WHO.map(({ relation, word }) => (
              <Checkbox
                key={relation}
                checked={draft.relations.includes(relation)}
                onChange={(event) => {
                  change({
                    relations: event.target.checked
                      ? [...draft.relations, relation]
                      : draft.relations.filter((one) => one !== relation),
                  });
                }}
              >
                {word}
              </Checkbox>
            ))}
          </InlineChoices>
          <BookingPlace draft={draft} onChange={change} />
          {group && (
            <Note tone="info" icon="users">
              {seats === null
                ? french(
                    `Séance de ${plural(kind?.capacity ?? 1, "place")}. ${nobody ? "Sans usager, elle est planifiée et reste ouverte." : ""}`,
                  )
                : french(`Séance planifiée : ${plural(seats.left, "place")} sur ${String(seats.of)}.`)}
            </Note>
          )}
          {warnings.length > 0 && (
            <Note tone="warn" live>
              <b>À vérifier :</b> {warnings.map((warning) => warningText(warning, zone)).join(" ; ")}. Rien
              n’empêche de poser.
            </Note>
          )}
          {refusal !== null && (
            <RefusalNote
              key={`${draft.date} ${String(draft.minute)} ${draft.counsellor} ${refusal.code}`}
              refusal={refusal}
              counsellor={counsellor}
              today={today}
              busy={book.isPending}
              verb={verb}
              onTake={take}
              onAnyway={(reason) => {
                send(book, reason);
              }}
            />
          )}
        </div>
        <WaitInstead draft={draft} nothing={refusal !== null} onWaiting={onClose} />
        <footer className={styles.foot}>
          <Button tone="primary" submit shortcut="Enter" disabled={book.isPending}>
            {verb}
          </Button>
          {!plans && (
            <Button
              disabled={hold.isPending}
              onClick={() => {
                send(hold);
              }}
            >
              Proposer
            </Button>
          )}
          <Button tone="quiet" shortcut="n" onClick={another}>
            Autre créneau
          </Button>
          {!plans && (
            <Select
              label="Proposé, retenu jusqu’à"
              className={styles.hold}
              value={draft.heldUntil ?? ""}
              options={held}
              onChange={(until) => {
                change({ heldUntil: until === "" ? null : until });
              }}
            />
          )}
        </footer>
      </form>
    </BesideCell>
  );
}

function merged(some: readonly WarningView[], others: readonly WarningView[]): WarningView[] {
  const codes = new Set(some.map((warning) => warning.code));
  return [...some, ...others.filter((warning) => !codes.has(warning.code))];
}
