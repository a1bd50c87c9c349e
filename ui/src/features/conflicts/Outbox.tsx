import { useEffect, useState, type ReactNode } from "react";
import { useRead, useWrite, type BackendError, type GoneView, type StatusView } from "~/shared/backend";
import { deedText } from "~/shared/deeds/words";
import { errorText } from "~/shared/errors";
import { clock, hour } from "~/shared/format/dates";
import { counted, figure } from "~/shared/format/numbers";
import { plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { useNow, useSession, useStatus } from "~/shared/session/session";
import { Reading } from "~/shared/sync/Reading";
import { offlineText } from "~/shared/sync/words";
import { Button } from "~/shared/ui/Button";
import { Chip } from "~/shared/ui/Chip";
import { KeyValues } from "~/shared/ui/KeyValues";
import { Note } from "~/shared/ui/Note";
import { Loading, Panel } from "~/shared/ui/Panel";
import styles from "./Outbox.module.css";
import { clockText, exchangeText, outboxText } from "./words";

const SHOWN = 100;

/** Whether there is a network, what waits to be sent, and when the last exchange was. */
export function Outbox(): ReactNode {
  const { zone } = useSession();
  const { today } = useNow();
  const status = useStatus();
  const { data: items, error } = useRead("outbox.list", {});
  if (status === undefined) return <Loading />;
  return (
    <>
      <Line status={status} />
      <Panel title="À envoyer" count={status.pending}>
        {error !== null && <Note tone="bad">{errorText(error).text}</Note>}
        {items?.length === 0 && <p className="sub">Tout est envoyé.</p>}
        {items !== undefined && items.length > 0 && (
          <ol className={styles.items}>
            {items.slice(0, SHOWN).map((item) => (
              <li key={item.id}>
                <span className="sub num">{clock(item.at, zone)}</span>
                <div>
                  <b>{deedText(item.kind, item.status)}</b>
                  <span className={styles.about}>{outboxText(item, today, zone)}</span>
                  {item.kind === "enquiry.claim" && (
                    <em className={styles.doubt}>Non garanti : un autre poste a pu la prendre.</em>
                  )}
                  <Chip
                    state={
                      item.standing === null || item.standing === "confirmed" ? "provisional" : item.standing
                    }
                  />
                </div>
              </li>
            ))}
          </ol>
        )}
        {items !== undefined && items.length > SHOWN && (
          <p className="sub">et {plural(items.length - SHOWN, "autre")}</p>
        )}
      </Panel>
      <Panel title="Dernier échange">
        <KeyValues
          facts={[
            [
              "Complet",
              status.last_sync === null ? "aucun encore" : exchangeText(status.last_sync, today, zone),
            ],
          ]}
        />
        <p className="sub">Agenda, usagers et demandes sont sur ce poste.</p>
      </Panel>
    </>
  );
}

function Line({ status }: { status: StatusView }): ReactNode {
  const { zone } = useSession();
  const { notify, announce } = useNotices();
  const { dataUpdatedAt } = useRead("status.get", {});
  const { mutate, isPending } = useWrite("sync.now");
  const why = offlineText(status.offline_code, status.put_aside);
  const clock = clockText(status.clock_off_s);
  const offline = status.online === false;
  const revoked = status.offline_code === "desk_revoked";
  const title =
    status.online === null
      ? "Poste seul"
      : revoked
        ? "Poste retiré"
        : offline
          ? `Hors ligne${status.offline_since === null ? "" : ` depuis ${hour(status.offline_since, zone)}`}`
          : "En ligne";
  const retry = (): void => {
    announce("Essai en cours");
    mutate(
      {},
      {
        onSuccess: (after) => {
          if (after.online === true)
            notify({
              text:
                after.pending === 0
                  ? "En ligne, tout est envoyé"
                  : `En ligne, ${String(after.pending)} à envoyer`,
              tone: "good",
            });
          else
            notify({
              text: "Le service ne répond toujours pas. Tout continue sur ce poste.",
              tone: "warn",
            });
        },
        onError: (error) => {
          const said = errorText(error);
          notify({ text: `${said.text} ${said.next}`, tone: said.severity });
        },
      },
    );
  };
  return (
    <Panel title={title}>
      {status.online === null ? (
        <p className="sub">Ce poste n’échange avec aucun service : rien n’est à envoyer ailleurs.</p>
      ) : offline ? (
        <Note tone="warn" icon="cloud-off">
          {why !== null && (
            <>
              <b>{why}</b>{" "}
            </>
          )}
          {revoked
            ? "Rien n’est perdu ici, mais ce qui s’y fait ne rejoint plus l’agenda du CIO : prenez un autre poste."
            : status.colleagues !== null
              ? `L’agenda est tenu entre ${String(status.colleagues)} postes par le réseau du CIO. Ce qui est fait ici part au retour du service, une fois, dans l’ordre.`
              : "Tout continue sur ce poste. Ce qui est fait ici part au retour du réseau, une fois, dans l’ordre."}
          {!revoked && status.next_try_at !== null && (
            <>
              {" "}
              <NextTry at={status.next_try_at} />
            </>
          )}
        </Note>
      ) : (
        status.gone === null && <p className="sub">Ce qui est fait ici part aussitôt.</p>
      )}
      {status.reading !== null && (
        <div className={styles.reading}>
          <p id="reprise">Les données du CIO sont reprises en entier. Tout continue pendant ce temps.</p>
          <Reading reading={status.reading} at={dataUpdatedAt} labelledBy="reprise" />
        </div>
      )}
      {status.gone !== null && <Gone gone={status.gone} />}
      {clock !== null && (
        <Note tone="warn" icon="clock">
          {clock}
        </Note>
      )}
      {status.online !== null && (
        <div>
          <Button small icon="sync" disabled={isPending} onClick={retry}>
            {isPending ? "Essai en cours…" : offline ? "Essayer maintenant" : "Échanger maintenant"}
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** The service does not have any more what is here: nobody but a person may let it go. */
function Gone({ gone }: { gone: GoneView }): ReactNode {
  const { user } = useSession();
  const { notify } = useNotices();
  const { mutateAsync, isPending } = useWrite("sync.take_over");
  /** What came of it is said whether or not this is still here: the question goes before the exchange has ended. */
  const decide = async (): Promise<void> => {
    try {
      await mutateAsync({});
      notify({ text: "Ce poste a repris les données du service", tone: "good" });
    } catch (error) {
      const said = errorText(error as BackendError);
      notify({ text: `${said.text} ${said.next}`, tone: said.severity });
    }
  };
  return (
    <Note tone="bad" icon="alert">
      <b>
        Le service n’a plus {counted(gone.gone, "fiche", "fiches")} sur les {figure(gone.present)} de ce
        poste.
      </b>{" "}
      Rien n’est retiré ici et rien n’est envoyé tant que personne n’a décidé. Prévenez l’administrateur de
      l’académie : le service a peut-être été remis dans un état ancien.
      {user.role === "director" ? (
        <div className={styles.decide}>
          <Button
            small
            disabled={isPending}
            onClick={() => {
              void decide();
            }}
          >
            Retirer ces fiches d’ici et continuer
          </Button>
        </div>
      ) : (
        <> La décision revient au directeur ou à la directrice du CIO.</>
      )}
    </Note>
  );
}

/** Counts down for the eye; not read aloud each second. */
function NextTry({ at }: { at: string }): ReactNode {
  const { instant } = useNow();
  const [shift] = useState(() => instant - Date.now());
  const [now, setNow] = useState(instant);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now() + shift);
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [shift]);
  const left = Math.round((Date.parse(at) - now) / 1000);
  return (
    <span aria-hidden="true">
      {left <= 0 ? (
        "Nouvel essai maintenant."
      ) : (
        <>
          Nouvel essai dans{" "}
          <span className="num">
            {left < 90 ? `${String(left)} s` : `${String(Math.round(left / 60))} min`}
          </span>
          .
        </>
      )}
    </span>
  );
}
