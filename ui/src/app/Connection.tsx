import type { ReactNode } from "react";
import { cx, plural } from "~/shared/format/text";
import { hour } from "~/shared/format/dates";
import { useSession, useStatus } from "~/shared/session/session";
import { Icon } from "~/shared/ui/Icon";
import { useRouter } from "~/shared/router/router";
import styles from "./Connection.module.css";

/** Same place, same height in every state; the words and the icon change first. It opens what waits to be sent. */
export function Connection(): ReactNode {
  const status = useStatus();
  const { zone } = useSession();
  const { go } = useRouter();
  if (status === undefined) return null;
  const pending = status.pending > 0 ? `${String(status.pending)} à envoyer` : null;
  const offline = status.online === false;
  const revoked = status.offline_code === "desk_revoked";
  // Nothing is sent before somebody has said what becomes of what the service has lost.
  const asks = status.gone !== null;
  const open = (): void => {
    go("conflicts");
  };
  if (status.online === null)
    return (
      <button type="button" className={cx(styles.connection, styles.alone)} onClick={open}>
        <Icon name="cloud-off" />
        <span role="status">Poste seul{pending && ` · ${pending}`}</span>
      </button>
    );
  return (
    <button
      type="button"
      className={cx(styles.connection, offline || asks ? styles.off : styles.on)}
      title={offline || asks ? "Voir ce qui attend d’être envoyé" : undefined}
      onClick={open}
    >
      <Icon name={offline ? "cloud-off" : asks ? "alert" : pending || status.syncing ? "sync" : "check"} />
      <span role="status">
        {revoked
          ? "Poste retiré"
          : offline
            ? status.colleagues !== null
              ? `Entre ${String(status.colleagues)} postes du CIO`
              : `Hors ligne${status.offline_since === null ? "" : ` depuis ${hour(status.offline_since, zone)}`}`
            : "En ligne"}
        {" · "}
        {revoked && status.put_aside > 0
          ? `${plural(status.put_aside, "saisie")} à la direction`
          : asks
            ? "une décision à prendre"
            : (pending ?? (offline ? "rien à envoyer" : "à jour"))}
        {status.conflicts > 0 && <span className="vh">, {plural(status.conflicts, "conflit")} à régler</span>}
      </span>
    </button>
  );
}
