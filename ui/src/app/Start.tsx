import type { ReactNode } from "react";
import { useRead, type SessionView } from "~/shared/backend";
import { Reading } from "~/shared/sync/Reading";
import { offlineText } from "~/shared/sync/words";
import { Note } from "~/shared/ui/Note";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Progress } from "~/shared/ui/Progress";
import styles from "./Start.module.css";

/** Before anybody can work: the desk is opening, does not answer, belongs to no office yet, or waits for its data. */
export function Start({ view, failed }: { view: SessionView | undefined; failed: boolean }): ReactNode {
  if (failed)
    return (
      <EmptyState title="Passerelle n’a pas pu ouvrir ses données">
        <p>Rien n’est perdu. Fermez puis rouvrez l’application ; si cela se répète, prévenez l’assistance.</p>
      </EmptyState>
    );
  if (view?.state === "unenrolled")
    return (
      <EmptyState title="Ce poste n’est rattaché à aucun CIO">
        <p>Demandez un code de rattachement à votre administrateur académique.</p>
      </EmptyState>
    );
  if (view?.state === "joining") return <Joining />;
  return <Loading />;
}

/** The first exchange: everything of the office comes, once. */
function Joining(): ReactNode {
  const { data: status, dataUpdatedAt } = useRead("status.get", {});
  const offline = status?.online === false;
  const why = offlineText(status?.offline_code ?? null);
  return (
    <main className={styles.joining}>
      <h1 id="premiere-synchronisation">Première synchronisation</h1>
      <p>Les données de votre CIO arrivent sur ce poste : agenda, usagers, demandes et réglages.</p>
      {status?.reading ? (
        <Reading reading={status.reading} at={dataUpdatedAt} labelledBy="premiere-synchronisation" />
      ) : (
        <Progress labelledBy="premiere-synchronisation" percent={null} text="" />
      )}
      {offline && (
        <Note tone="warn" icon="cloud-off">
          <b>{why ?? "Le service ne répond pas pour l’instant."}</b> Un nouvel essai se fait de lui-même ; ce
          qui est déjà arrivé est gardé.
        </Note>
      )}
      <p className="sub">
        Vous pouvez fermer Passerelle : la suite reprendra là où elle en était. L’application s’ouvre dès que
        tout est là.
      </p>
    </main>
  );
}
