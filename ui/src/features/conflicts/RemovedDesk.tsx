import { useState, type ReactNode } from "react";
import { useRead, useWrite, type BackendError, type QuarantineItem } from "~/shared/backend";
import { deedText } from "~/shared/deeds/words";
import { errorText } from "~/shared/errors";
import { plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { useSession } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import { Dialog, DialogActions } from "~/shared/ui/Dialog";
import { Panel } from "~/shared/ui/Panel";
import { aboutText, appliedText, doneText, refusedText, waitingOf } from "./removed";
import styles from "./RemovedDesk.module.css";

/** Asked of the service itself: nothing tells this desk that something has come. */
const AGAIN_MS = 30_000;

/** What a desk had not sent when it was removed: nothing is done of it until the director says so. Nothing for anybody else. */
export function RemovedDesk(): ReactNode {
  const { user, zone } = useSession();
  const { data, error } = useRead(
    "quarantine.list",
    {},
    { enabled: user.role === "director", every: AGAIN_MS },
  );
  const { notify } = useNotices();
  const { mutate: release, isPending: releasing } = useWrite("quarantine.release");
  const { mutate: discard, isPending: discarding } = useWrite("quarantine.discard");
  const [leaving, setLeaving] = useState<readonly QuarantineItem[]>([]);
  if (user.role !== "director") return null;
  if (data === undefined && error !== null) {
    // Nothing of it is kept here: said, so that an empty place is not taken for an empty list.
    const said = errorText(error);
    return (
      <Panel title="Saisies d’un poste retiré">
        <p className="sub">
          {error.code === "central_needed"
            ? "Le service ne répond pas : s’il y en a, elles se montrent ici dès qu’il répond."
            : `${said.text} ${said.next}`}
        </p>
      </Panel>
    );
  }
  if (data === undefined || data.items.length === 0) return null;
  const busy = releasing || discarding;
  const waiting = waitingOf(data.items);

  const failed = (error: BackendError): void => {
    const said = errorText(error);
    notify({ text: `${said.text} ${said.next}`, tone: said.severity });
  };
  const apply = (items: readonly QuarantineItem[]): void => {
    release(
      { items: items.map((item) => item.id) },
      {
        onSuccess: (done) => {
          notify({ text: appliedText(done), tone: done.refused > 0 ? "warn" : "good" });
        },
        onError: failed,
      },
    );
  };
  const leave = (items: readonly QuarantineItem[]): void => {
    discard(
      { items: items.map((item) => item.id) },
      {
        onSuccess: () => {
          setLeaving([]);
          notify({ text: `${plural(items.length, "saisie")} hors de la liste`, tone: "good" });
        },
        onError: failed,
      },
    );
  };

  return (
    <Panel title="Saisies d’un poste retiré" count={data.items.length}>
      <p className="sub">
        Faites sur un poste qui n’est plus autorisé, et jamais envoyées. Rien n’en est fait sans vous :
        écartez ce que vous ne reconnaissez pas.
      </p>
      {waiting.length > 1 && (
        <div className={styles.all}>
          <Button
            small
            disabled={busy}
            onClick={() => {
              apply(waiting);
            }}
          >
            Tout appliquer
          </Button>
          <Button
            small
            tone="quiet"
            disabled={busy}
            onClick={() => {
              setLeaving(data.items);
            }}
          >
            Tout écarter
          </Button>
        </div>
      )}
      <ul className={styles.items}>
        {data.items.map((item) => {
          const deed = deedText(item.kind, item.status);
          const about = aboutText(item, zone);
          return (
            <li key={item.id}>
              <b>{deed}</b>
              {about !== "" && <span className={styles.about}>{about}</span>}
              <span className="sub">{doneText(item, zone)}</span>
              {item.refused !== null && <em>{refusedText(item.refused)}</em>}
              <div className={styles.choice}>
                {item.refused === null && (
                  <Button
                    small
                    disabled={busy}
                    onClick={() => {
                      apply([item]);
                    }}
                  >
                    Appliquer
                    <span className="vh">
                      {" "}
                      : {deed}, {about}
                    </span>
                  </Button>
                )}
                <Button
                  small
                  tone="quiet"
                  disabled={busy}
                  onClick={() => {
                    if (item.refused === null) setLeaving([item]);
                    else leave([item]);
                  }}
                >
                  {item.refused === null ? "Écarter" : "Retirer de la liste"}
                  <span className="vh">
                    {" "}
                    : {deed}, {about}
                  </span>
                </Button>
              </div>
            </li>
          );
        })}
      </ul>
      {data.more && (
        <p className="sub">D’autres saisies suivent : elles viennent quand celles-ci sont réglées.</p>
      )}
      <Dialog
        title="Écarter"
        open={leaving.length > 0}
        onClose={() => {
          setLeaving([]);
        }}
      >
        <div className={styles.question}>
          {leaving.length === 1 &&
            leaving.map((item) => (
              <p key={item.id}>
                <b>{deedText(item.kind, item.status)}</b> {aboutText(item, zone)}
              </p>
            ))}
          <p>
            {leaving.length === 1
              ? "Cette saisie n’aura pas lieu, et ne pourra plus être appliquée."
              : `Ces ${String(leaving.length)} saisies n’auront pas lieu, et ne pourront plus être appliquées.`}
          </p>
          <DialogActions>
            <Button
              tone="primary"
              disabled={busy}
              onClick={() => {
                leave(leaving);
              }}
            >
              Écarter
            </Button>
            <Button
              tone="quiet"
              onClick={() => {
                setLeaving([]);
              }}
            >
              Garder
            </Button>
          </DialogActions>
        </div>
      </Dialog>
    </Panel>
  );
}
