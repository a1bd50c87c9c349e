import { useEffect, useRef, useState, type ReactNode } from "react";
import { useWrite, type AppointmentView, type BackendError, type EnquiryView } from "~/shared/backend";
import { refusalOf } from "~/shared/booking/warnings";
import { errorText } from "~/shared/errors";
import { dayAndHour } from "~/shared/format/dates";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useSession, useStatus } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Answer } from "./Answer";
import { BookingDialog, type Wanted } from "./BookingDialog";
import styles from "./Enquiries.module.css";
import { SnoozeDialog } from "./SnoozeDialog";
import { Thread } from "./Thread";
import type { AnswerDraft } from "./useAnswer";
import { headText, isEnded, isFree, subjectText } from "./words";

/** One enquiry: what was said, and what to do with it. Opening it takes it, unless somebody has it. */
export function EnquiryWork({
  view,
  draft,
  opening,
  wanted,
  onWanted,
  onLeave,
}: {
  view: EnquiryView;
  draft: AnswerDraft;
  /** Counts the times that it was opened; 0 while one only looks at it. */
  opening: number;
  wanted: Wanted | null;
  onWanted: (wanted: Wanted | null) => void;
  /** It is done with: the next one. */
  onLeave: () => void;
}): ReactNode {
  const { zone } = useSession();
  const status = useStatus();
  const { notify, announce } = useNotices();
  const [snoozing, setSnoozing] = useState(false);
  const thread = useRef<HTMLDivElement>(null);
  const answer = useRef<HTMLTextAreaElement>(null);
  const opened = useRef(0);
  const { mutate: claim } = useWrite("enquiries.claim");
  const { mutate: release } = useWrite("enquiries.release");
  const { mutate: close } = useWrite("enquiries.close");
  const { mutate: reopen } = useWrite("enquiries.reopen");
  const { mutate: snooze } = useWrite("enquiries.snooze");
  const ended = isEnded(view);
  const offline = status?.online === false;

  const failed = (error: BackendError): void => {
    const { person } = refusalOf(error.params, error.code);
    const said = errorText(error);
    notify({
      text:
        error.code === "enquiry_claimed" && person !== null
          ? `${person.name} s’occupe de cette demande.`
          : said.text,
      tone: said.severity,
    });
  };

  const take = (takeOver: boolean): void => {
    claim(
      { id: view.id, take_over: takeOver },
      {
        onSuccess: () => {
          announce(
            offline
              ? "Prise en charge, non garantie : hors ligne, un autre poste a pu la prendre"
              : "Vous vous en occupez, les autres postes le voient",
          );
          if (takeOver) notify({ text: `Vous prenez le relais, ${view.name}`, tone: "good" });
        },
        onError: failed,
      },
    );
  };

  useEffect(() => {
    if (opening === 0 || opened.current === opening) return;
    opened.current = opening;
    thread.current?.focus();
    if (isFree(view)) take(false);
  });

  const shut = (): void => {
    close(
      { id: view.id },
      {
        onSuccess: (done) => {
          notify({ text: `Demande close, ${view.name}`, tone: "good", undoable: done.undoable });
          onLeave();
        },
        onError: failed,
      },
    );
  };
  const again = (): void => {
    reopen(
      { id: view.id },
      {
        onSuccess: (done) => {
          notify({ text: `Demande rouverte, ${view.name}`, tone: "good", undoable: done.undoable });
        },
        onError: failed,
      },
    );
  };
  const later = (until: string): void => {
    setSnoozing(false);
    snooze(
      { id: view.id, until },
      {
        onSuccess: (done) => {
          notify({
            text: `Reportée à ${dayAndHour(until, zone)}, ${view.name}`,
            tone: "good",
            undoable: done.undoable,
          });
          onLeave();
        },
        onError: failed,
      },
    );
  };
  const bookSlot = (): void => {
    onWanted({ slot: draft.slots[0] ?? null, kind: draft.kind });
  };
  const booked = (appointment: AppointmentView | null): void => {
    onWanted(null);
    draft.clear();
    notify({
      text:
        appointment === null
          ? "Rendez-vous posé"
          : `Rendez-vous posé, ${dayAndHour(appointment.start, appointment.zone)}, ${appointment.counsellor.name}`,
      tone: "good",
      undoable: true,
    });
    onLeave();
  };

  useShortcuts("Demande ouverte", [
    {
      keys: "r",
      label: "Répondre",
      run: () => {
        if (ended) return false;
        answer.current?.focus();
        return true;
      },
    },
    {
      keys: "p",
      label: "Poser un rendez-vous tout de suite",
      run: () => {
        if (ended) return false;
        bookSlot();
        return true;
      },
    },
    {
      keys: "z",
      label: "Reporter",
      run: () => {
        if (ended) return false;
        setSnoozing(true);
        return true;
      },
    },
    { keys: "p", label: "Épingler, sur la ligne d’une fiche proposée", run: () => false, local: true },
    { keys: "e", label: ended ? "Rouvrir" : "Clore", run: ended ? again : shut },
  ]);

  return (
    <>
      <header className={styles.bar}>
        <div className={styles.title}>
          <h2>{view.hidden ? view.name : subjectText(view)}</h2>
          <p className="sub num">{headText(view, zone)}</p>
        </div>
        <div className={styles.barEnd}>
          {ended ? (
            view.status !== "converted" &&
            view.status !== "merged" && (
              <Button small icon="undo" shortcut="e" onClick={again}>
                Rouvrir
              </Button>
            )
          ) : (
            <>
              <Button
                small
                icon="clock"
                shortcut="z"
                onClick={() => {
                  setSnoozing(true);
                }}
              >
                Reporter
              </Button>
              <Button small icon="check" shortcut="e" onClick={shut}>
                Clore
              </Button>
            </>
          )}
        </div>
      </header>
      <Thread
        ref={thread}
        view={view}
        onClaim={take}
        onRelease={() => {
          release(
            { id: view.id },
            {
              onSuccess: (done) => {
                notify({ text: "Demande laissée aux collègues", tone: "good", undoable: done.undoable });
              },
              onError: failed,
            },
          );
        }}
      />
      {!ended && !view.hidden && (
        <Answer
          ref={answer}
          view={view}
          draft={draft}
          onBook={(slot) => {
            onWanted({ slot, kind: draft.kind });
          }}
          onSent={onLeave}
        />
      )}
      {view.hidden && !ended && (
        <footer className={styles.hiddenFoot}>
          <Button icon="calendar" shortcut="p" onClick={bookSlot}>
            Poser un rendez-vous
          </Button>
        </footer>
      )}
      <BookingDialog
        view={view}
        wanted={wanted}
        onClose={() => {
          onWanted(null);
        }}
        onBooked={booked}
      />
      <SnoozeDialog
        open={snoozing}
        onClose={() => {
          setSnoozing(false);
        }}
        onSnooze={later}
      />
    </>
  );
}
