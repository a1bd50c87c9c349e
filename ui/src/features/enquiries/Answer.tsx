import { useState, type ReactNode, type Ref } from "react";
import { useWrite, type EnquiryView, type RefusalView, type SlotView } from "~/shared/backend";
import { Alternatives } from "~/shared/booking/Alternatives";
import { refusalOf, refusalText } from "~/shared/booking/warnings";
import { errorText } from "~/shared/errors";
import { civil, clock, dayAndHour, dayName, hour } from "~/shared/format/dates";
import { phone, plural } from "~/shared/format/text";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useNow, useSession } from "~/shared/session/session";
import { Button, IconButton } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import styles from "./Answer.module.css";
import { InsertDialog } from "./InsertDialog";
import { sameSlot, type AnswerDraft } from "./useAnswer";
import { useInsertion, type Spot } from "./useInsertion";
import { sendText } from "./words";

const SLOT_REFUSALS = new Set(["slot_taken", "room_taken", "client_busy", "capacity_full", "skipped_time"]);

/** Typed in the answer, it asks for a record of the catalogue. */
const CALL = "??";
const FIELD = "reponse";

/** One goes on writing after what was put in, once it is there. */
function writeOn(caret: number): void {
  requestAnimationFrame(() => {
    const field = document.getElementById(FIELD);
    if (!(field instanceof HTMLTextAreaElement)) return;
    field.focus();
    field.setSelectionRange(caret, caret);
  });
}

/** The answer to the family, with the slots that it proposes. Every key is kept; Ctrl Enter sends. */
export function Answer({
  ref,
  view,
  draft,
  onBook,
  onSent,
}: {
  ref: Ref<HTMLTextAreaElement>;
  view: EnquiryView;
  draft: AnswerDraft;
  onBook: (slot: SlotView | null) => void;
  onSent: () => void;
}): ReactNode {
  const { office, zone } = useSession();
  const { instant, today } = useNow();
  const { notify } = useNotices();
  const [error, setError] = useState<string | null>(null);
  const [refused, setRefused] = useState<RefusalView | null>(null);
  const { mutate, isPending } = useWrite("enquiries.answer");
  const { text, slots, kind } = draft;
  const [spot, setSpot] = useState<Spot | null>(null);
  const [inserting, setInserting] = useState(false);
  const insert = useInsertion(view, draft);
  // Kept at this machine's time, said at the desk's.
  const [shift] = useState(() => instant - Date.now());
  const minutes = office.kinds.find((one) => one.id === kind)?.duration_min;

  const send = (): void => {
    if (isPending) return;
    if (text.text.trim() === "") {
      setError("Écrivez la réponse avant de l’envoyer.");
      return;
    }
    setError(null);
    setRefused(null);
    mutate(
      {
        id: view.id,
        text: text.text,
        kind,
        proposals: slots.map(({ local, counsellor, site }) => ({ local, counsellor: counsellor.id, site })),
      },
      {
        onSuccess: (done) => {
          draft.clear();
          notify({
            text:
              slots.length === 0
                ? `Réponse envoyée à ${view.name}`
                : `${plural(slots.length, "créneau proposé", "créneaux proposés")} à ${view.name}`,
            tone: "good",
            undoable: done.undoable,
          });
          onSent();
        },
        onError: (failure) => {
          if (SLOT_REFUSALS.has(failure.code)) {
            setRefused(refusalOf(failure.params, failure.code));
            return;
          }
          const said = errorText(failure);
          setError(`${said.text} ${said.next}`);
        },
      },
    );
  };

  useShortcuts(
    "Répondre",
    [{ keys: "Ctrl+Enter", label: "Envoyer la réponse", whileTyping: true, run: send }],
    "panel",
  );

  const replace = (slot: SlotView): void => {
    const taken = refused?.with ?? null;
    const kept = slots.filter(
      (one) =>
        taken === null ||
        one.counsellor.id !== taken.counsellor.id ||
        one.end <= taken.start ||
        one.start >= taken.end,
    );
    setRefused(null);
    if (!kept.some((one) => sameSlot(one, slot)))
      draft.setSlots([...kept, slot].sort((a, b) => a.start.localeCompare(b.start)));
  };

  const way =
    view.mail !== null
      ? "par mél"
      : view.phone !== null
        ? `pas de mél : à dire au ${phone(view.phone)}`
        : "ni mél ni téléphone : à dire sur place";
  const kept = text.failed
    ? "brouillon non gardé"
    : text.keptAt === null
      ? text.text === ""
        ? null
        : "brouillon retrouvé"
      : `brouillon gardé à ${hour(text.keptAt + shift, zone)}`;

  return (
    <form
      className={styles.answer}
      aria-label="Réponse"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className={styles.head}>
        <label htmlFor={FIELD}>Réponse à {view.name}</label>
        <span className="sub">{[way, kept].filter(Boolean).join(" · ")}</span>
      </div>
      <div className={styles.body}>
        <textarea
          ref={ref}
          id={FIELD}
          rows={3}
          value={text.text}
          aria-invalid={error === null ? undefined : true}
          aria-describedby={error === null ? undefined : "reponse-erreur"}
          onChange={(event) => {
            setError(null);
            const { value, selectionStart: caret } = event.target;
            const longer = value.length > text.text.length;
            text.set(value);
            if (!longer || value.slice(caret - CALL.length, caret) !== CALL) return;
            setSpot({ from: caret - CALL.length, to: caret });
            setInserting(true);
          }}
        />
        {error !== null && (
          <p id="reponse-erreur" className={styles.error} role="alert">
            <Icon name="alert" small />
            {error}
          </p>
        )}
        {slots.length > 0 && (
          <>
            <ul className={styles.slots} aria-label="Créneaux proposés">
              {slots.map((slot) => (
                <li key={`${slot.start} ${slot.counsellor.id}`}>
                  <b className="num">
                    {dayName(civil(slot.start, slot.zone).day, "short")}, {clock(slot.start, slot.zone)}
                  </b>
                  <span>
                    {slot.counsellor.name}
                    {minutes !== undefined && ` · ${String(minutes)} min`}
                  </span>
                  <IconButton
                    icon="close"
                    label={`Retirer ${dayAndHour(slot.start, slot.zone)}, ${slot.counsellor.name}`}
                    className={styles.remove}
                    onClick={() => {
                      draft.toggle(slot);
                    }}
                  />
                </li>
              ))}
            </ul>
            <p className={styles.until}>
              <Icon name="hourglass" small />
              {slots.length === 1 ? "Le créneau sera retenu" : "Les créneaux seront retenus"} jusqu’à{" "}
              {dayAndHour(new Date(instant + office.hold_min * 60_000).toISOString(), zone)}.
            </p>
          </>
        )}
        {refused !== null && (
          <Note tone="bad" live>
            <b>Rien n’est parti :</b> {refusalText(refused, { counsellor: "ce conseiller", zone })}
            <Alternatives slots={refused.alternatives} today={today} onTake={replace} />
          </Note>
        )}
      </div>
      <div className={styles.foot}>
        <button
          type="button"
          className={styles.call}
          onClick={() => {
            setSpot(null);
            setInserting(true);
          }}
        >
          <kbd className={styles.cap} aria-hidden="true">
            {CALL}
          </kbd>
          fiche
        </button>
        <Button
          icon="calendar"
          shortcut="p"
          onClick={() => {
            onBook(slots[0] ?? null);
          }}
        >
          Poser tout de suite
        </Button>
        <Button tone="primary" submit shortcut="Ctrl+Enter" disabled={isPending}>
          {sendText(slots.length)}
        </Button>
      </div>
      <InsertDialog
        view={view}
        open={inserting}
        onClose={() => {
          setInserting(false);
        }}
        onTake={(id) => {
          setInserting(false);
          void insert(id, spot).then((caret) => {
            if (caret !== null) writeOn(caret);
          });
        }}
      />
    </form>
  );
}
