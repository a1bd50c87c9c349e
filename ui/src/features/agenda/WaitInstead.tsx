import { useState, type ReactNode } from "react";
import { clientDraft } from "~/shared/booking/newPerson";
import { Button } from "~/shared/ui/Button";
import { WaitingForm, type WaitingFor } from "~/shared/waiting/WaitingForm";
import type { Draft } from "./draft";

/** The way out when nothing suits: whoever was being booked goes on the waiting list. */
export function WaitInstead({
  draft,
  nothing,
  onWaiting,
}: {
  draft: Draft;
  /** The place cannot be had: it is said louder. */
  nothing: boolean;
  onWaiting: () => void;
}): ReactNode {
  const [of, setOf] = useState<WaitingFor | null>(null);
  const { client, newPerson } = draft;
  if (client === null && newPerson === null) return null;
  const who: WaitingFor =
    client === null
      ? {
          name: `${newPerson?.given_name ?? ""} ${newPerson?.family_name ?? ""}`.trim(),
          newClient: newPerson === null ? undefined : clientDraft(newPerson),
          kind: draft.kind,
        }
      : { name: `${client.given_name} ${client.family_name}`.trim(), client: client.id, kind: draft.kind };
  return (
    <div>
      <Button
        small
        tone={nothing ? "plain" : "quiet"}
        icon="hourglass"
        onClick={() => {
          setOf(who);
        }}
      >
        Mettre en liste d’attente
      </Button>
      <WaitingForm
        of={of}
        onClose={() => {
          setOf(null);
        }}
        onSaved={onWaiting}
      />
    </div>
  );
}
