import type { ReactNode } from "react";
import type { SessionView } from "~/shared/backend";
import { EmptyState, Loading } from "~/shared/ui/Panel";

/** Before anybody can work: the desk is opening, does not answer, or belongs to no office yet. */
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
  return <Loading />;
}
