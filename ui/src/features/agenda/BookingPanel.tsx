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
import { civil, dayName, hourOf } from "~/shared/format/dates";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { personName, PersonField } from "~/shared/people/PersonField";
import { useNow, useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Checkbox, InlineChoices, fieldStyles } from "~/shared/ui/Field";
import { Note } from "~/shared/ui/Note";
import { Select } from "~/shared/ui/Select";
import { Alternatives } from "./Alternatives";
import { BesideCell } from "./BesideCell";
import styles from "./BookingPanel.module.css";
import { atSlot, bookingOf, newPersonFrom, type Draft } from "./draft";
import { NewPersonFields } from "./NewPersonFields";
import { refusalOf, refusalText, warningText, warningsOf } from "./warnings";

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
  const { office, zone } = useSession();
  const { today } = useNow();
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

  const send = (command: typeof book | typeof hold): void => {
    if (book.isPending || hold.isPending) return;
    if (draft.client === null && draft.newPerson === null) {
      setPersonError("Choisissez une personne, ou créez-la.");
      name.current?.focus();
      return;
    }
    setFields({});
    setPersonError(null);
    performance.mark("passerelle:book:key");
    command.mutate(
      { ...bookingOf(draft, true), seen_warnings: warnings.map((warning) => warning.code) },
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
      { kind: draft.kind, counsellor: draft.counsellor, from: draft.date, limit: 40 },
      {
        onSuccess: ({ slots }) => {
          const here = `${draft.date}T${String(Math.floor(draft.minute / 60)).padStart(2, "0")}:${String(draft.minute % 60).padStart(2, "0")}`;
          const next = slots.find((slot) => slot.local > here);
          if (next === undefined)
            notify({ text: "Pas d’autre créneau libre dans les deux mois.", tone: "warn" });
          else take(next);
        },
        onError: failed,
      },
    );
  };

  useShortcuts(
    "Poser un rendez-vous",
    [
      { keys: "n", label: "Autre créneau", run: another },
      { keys: "Alt+n", label: "Autre créneau, pendant la saisie", whileTyping: true, run: another },
      {
        keys: "Ctrl+Enter",
        label: "Poser",
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
      title="Poser un rendez-vous"
      subtitle={`${dayName(draft.date, "short")}${year}, ${hourOf(draft.minute)} – ${hourOf(end)} · ${counsellor}`}
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
                onDraft({ ...draft, text, client: null });
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
          {warnings.length > 0 && (
            <Note tone="warn" live>
              <b>À vérifier :</b> {warnings.map((warning) => warningText(warning, zone)).join(" ; ")}. Rien
              n’empêche de poser.
            </Note>
          )}
          {refusal !== null && (
            <Note tone="bad" live>
              <b>Impossible :</b> {refusalText(refusal, { counsellor, zone })}
              <Alternatives slots={refusal.alternatives} today={today} onTake={take} />
            </Note>
          )}
        </div>
        <footer className={styles.foot}>
          <Button tone="primary" submit shortcut="Enter" disabled={book.isPending}>
            Poser
          </Button>
          <Button
            disabled={hold.isPending}
            title={`Retenu jusqu’à ${holdLimit(office.hold_min)}`}
            onClick={() => {
              send(hold);
            }}
          >
            Proposer
          </Button>
          <Button tone="quiet" shortcut="n" onClick={another}>
            Autre créneau
          </Button>
        </footer>
      </form>
    </BesideCell>
  );
}

function merged(some: readonly WarningView[], others: readonly WarningView[]): WarningView[] {
  const codes = new Set(some.map((warning) => warning.code));
  return [...some, ...others.filter((warning) => !codes.has(warning.code))];
}

function holdLimit(minutes: number): string {
  const hours = Math.round(minutes / 60);
  return hours % 24 === 0
    ? `dans ${String(hours / 24)} jour${hours > 24 ? "s" : ""}`
    : `dans ${String(hours)} h`;
}
