import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useWrite, type HitView, type SettingChange, type SlotView } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { addDays, civil, clock, dayAndHour, dayName, dayNear } from "~/shared/format/dates";
import { french, phone, plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { useNow } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { TextField } from "~/shared/ui/Field";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import { RELATIONS } from "~/shared/words";
import { isFree, moveAll, sentDecisions, taken, type Decision, type Decisions } from "./decisions";
import styles from "./Replan.module.css";

/** The meetings that a change hits, each with what becomes of it; the change and all of them are one step. Nothing is cancelled without a word. */
export function Replan({
  title,
  changes,
  hits,
  late = false,
  reason: given,
  saveLabel,
  said,
  onDone,
  onCancel,
}: {
  /** What is being changed, in words. */
  title: string;
  changes: SettingChange[];
  hits: readonly HitView[];
  /** The hits are not yet those of the changes: nothing can be saved until they are. */
  late?: boolean;
  /** Why, as it will stand beside what is cancelled or kept. */
  reason: string;
  saveLabel: string;
  said: string;
  onDone: () => void;
  onCancel: () => void;
}): ReactNode {
  const { today } = useNow();
  const { notify } = useNotices();
  const { mutate, isPending } = useWrite("settings.replan");
  const [decisions, setDecisions] = useState<Decisions>({});
  // What is given follows its own field until other words are written here.
  const [written, setWritten] = useState<string | null>(null);
  const reason = written ?? given;
  const [tried, setTried] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const decided = hits.filter((hit) => decisions[hit.appointment.id] !== undefined).length;
  const needsReason = Object.values(decisions).some((one) => one.take !== "move");
  const noReason = needsReason && reason.trim() === "";

  const decide = (id: string, decision: Decision): void => {
    setDecisions({ ...decisions, [id]: decision });
  };
  const save = (): void => {
    if (late) return;
    setTried(true);
    const sent = sentDecisions(hits, decisions, reason);
    if (sent === null || noReason) {
      requestAnimationFrame(() =>
        list.current?.parentElement
          ?.querySelector<HTMLElement>("[data-missing] button, [aria-invalid]")
          ?.focus(),
      );
      return;
    }
    mutate(
      { changes, decisions: sent },
      {
        onSuccess: (done) => {
          notify({ text: said, tone: "good", undoable: done.undoable });
          onDone();
        },
        onError: (error) => {
          const { text, next, severity } = errorText(error);
          notify({ text: `${text} ${next}`, tone: severity });
        },
      },
    );
  };
  return (
    <section
      className={styles.replan}
      aria-label="Rendez-vous touchés"
      aria-busy={late}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) {
          event.preventDefault();
          onCancel();
        }
      }}
    >
      <div className={styles.head}>
        <h3>{title}</h3>
        <p className={styles.count} role="status">
          {french(
            `${plural(hits.length, "rendez-vous touché", "rendez-vous touchés")}, ${decided === hits.length ? "tous décidés" : plural(decided, "décidé")}.`,
          )}
        </p>
        <p className={styles.count}>
          1 à 6 : déplacer · G : garder · A : annuler · ↑ ↓ : rendez-vous suivant
        </p>
        <Button
          small
          icon="arrow"
          onClick={() => {
            setDecisions(moveAll(hits, decisions));
          }}
        >
          Déplacer tous ceux qui restent
        </Button>
      </div>
      <ul ref={list} className={styles.list}>
        {hits.map((hit) => {
          const one = hit.appointment;
          const decision = decisions[one.id];
          return (
            <li
              key={one.id}
              className={styles.hit}
              data-hit
              tabIndex={-1}
              onKeyDown={(event) => {
                chooseByKey(event, hit, decisions, (next) => {
                  decide(one.id, next);
                });
              }}
              data-missing={tried && decision === undefined ? "" : undefined}
            >
              <div className={styles.who}>
                <b>
                  {one.client === null
                    ? french(one.kind.name)
                    : `${one.client.given_name} ${one.client.family_name}`.trim()}
                </b>
                <span className="num">{dayAndHour(one.start, one.zone, "short")}</span>
              </div>
              <p className={styles.what}>
                {[one.client === null ? null : french(one.kind.name), one.counsellor.name, one.site_name]
                  .filter(Boolean)
                  .join(" · ")}
                {hit.contact !== null && (
                  <span className={styles.phone}>
                    <Icon name="phone" small />
                    {`${RELATIONS[hit.contact.relation].word} ${phone(hit.contact.phone)}`}
                  </span>
                )}
              </p>
              <div
                className={styles.choices}
                role="group"
                aria-label={`Que devient le rendez-vous du ${dayName(one.date)}, ${one.counsellor.name}`}
              >
                {[...hit.same_person, ...hit.colleagues].map((slot) => (
                  <SlotChoice
                    key={`${slot.counsellor.id} ${slot.local}`}
                    slot={slot}
                    other={slot.counsellor.id !== one.counsellor.id}
                    today={today}
                    chosen={
                      decision?.take === "move" &&
                      decision.slot.local === slot.local &&
                      decision.slot.counsellor.id === slot.counsellor.id
                    }
                    free={isFree(slot, taken(decisions, one.id))}
                    onChoose={() => {
                      decide(one.id, { take: "move", slot });
                    }}
                  />
                ))}
                <button
                  type="button"
                  className={styles.choice}
                  aria-pressed={decision?.take === "keep"}
                  onClick={() => {
                    decide(one.id, { take: "keep" });
                  }}
                >
                  Garder
                </button>
                <button
                  type="button"
                  className={styles.choice}
                  aria-pressed={decision?.take === "cancel"}
                  onClick={() => {
                    decide(one.id, { take: "cancel" });
                  }}
                >
                  Annuler
                </button>
              </div>
              {tried && decision === undefined && (
                <p className={styles.missing}>
                  <Icon name="alert" small />
                  Dites ce qu’il devient.
                </p>
              )}
            </li>
          );
        })}
      </ul>
      <div className={styles.foot}>
        {needsReason && (
          <TextField
            label="Pourquoi"
            hint="reste noté avec ce qui est annulé ou gardé"
            value={reason}
            error={noReason ? "Écrivez un motif." : null}
            onChange={(event) => {
              setWritten(event.target.value);
            }}
          />
        )}
        {Object.values(decisions).some((one) => one.take === "cancel") && (
          <Note tone="warn">
            Une famille dont le rendez-vous est annulé l’apprend par le service : appelez-la d’abord.
          </Note>
        )}
        <div className={styles.buttons}>
          <Button tone="quiet" onClick={onCancel}>
            Ne rien changer
          </Button>
          <Button tone="primary" onClick={save} disabled={isPending}>
            {saveLabel}
          </Button>
        </div>
      </div>
    </section>
  );
}

/** 1 to 6 move it to one of its places, G keeps it, A cancels it; the arrows walk the meetings. */
function chooseByKey(
  event: KeyboardEvent<HTMLLIElement>,
  hit: HitView,
  decisions: Decisions,
  decide: (decision: Decision) => void,
): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const used = taken(decisions, hit.appointment.id);
  const slot = [...hit.same_person, ...hit.colleagues][Number(event.key) - 1];
  if (slot !== undefined && isFree(slot, used)) decide({ take: "move", slot });
  else if (event.key === "g") decide({ take: "keep" });
  else if (event.key === "a") decide({ take: "cancel" });
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const { nextElementSibling, previousElementSibling } = event.currentTarget;
    const next = event.key === "ArrowDown" ? nextElementSibling : previousElementSibling;
    if (next instanceof HTMLElement) next.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function SlotChoice({
  slot,
  other,
  today,
  chosen,
  free,
  onChoose,
}: {
  slot: SlotView;
  /** With a colleague: the name is said. */
  other: boolean;
  today: string;
  chosen: boolean;
  free: boolean;
  onChoose: () => void;
}): ReactNode {
  const { day } = civil(slot.start, slot.zone);
  const near = day <= addDays(today, 1) ? dayNear(day, today) : dayName(day, "short");
  if (!free && !chosen) return null;
  return (
    <button type="button" className={styles.choice} aria-pressed={chosen} onClick={onChoose}>
      <b className="num">{`${near} ${clock(slot.start, slot.zone)}`}</b>
      {other && ` ${slot.counsellor.name}`}
      {slot.site_name !== null && ` · ${slot.site_name}`}
    </button>
  );
}
