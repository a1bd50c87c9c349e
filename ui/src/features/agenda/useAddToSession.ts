import { useState } from "react";
import {
  useWrite,
  type AppointmentView,
  type ClientMatch,
  type RefusalView,
  type SlotView,
  type WarningView,
} from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayAndHour } from "~/shared/format/dates";
import { useNotices } from "~/shared/notices/notices";
import { localTime } from "./draft";
import { refusalOf, warningsOf } from "./warnings";

/** What somebody could still say to a refusal; everything else is told as it is. */
const IN_PLACE = new Set(["capacity_full", "client_busy", "duplicate", "slot_taken", "room_taken"]);

interface AddToSession {
  add: (client: ClientMatch) => void;
  /** The warnings are seen. */
  confirm: () => void;
  /** Sets the rule aside, with a reason that is kept. */
  anyway: (reason: string) => void;
  /** Books the same person somewhere else instead. */
  take: (slot: SlotView) => void;
  reset: () => void;
  warnings: WarningView[];
  refusal: RefusalView | null;
  busy: boolean;
}

/** Books somebody known into a group session; whatever stands against it is shown where it was typed. */
export function useAddToSession(session: AppointmentView | undefined, added: () => void): AddToSession {
  const { notify } = useNotices();
  const book = useWrite("appointments.book");
  const [client, setClient] = useState<ClientMatch | null>(null);
  const [warnings, setWarnings] = useState<WarningView[]>([]);
  const [refusal, setRefusal] = useState<RefusalView | null>(null);

  const reset = (): void => {
    setWarnings([]);
    setRefusal(null);
  };

  const send = (who: ClientMatch | null, seen: string[], reason: string | null, slot?: SlotView): void => {
    if (who === null || session === undefined || book.isPending) return;
    reset();
    book.mutate(
      {
        kind: session.kind.id,
        counsellor: slot?.counsellor.id ?? session.counsellor.id,
        start: slot?.local ?? localTime(session.date, session.from_min),
        minutes: session.to_min - session.from_min,
        site: slot?.site ?? session.site,
        room: slot === undefined ? session.room : slot.room,
        client: who.id,
        seen_warnings: seen,
        override_reason: reason,
      },
      {
        onSuccess: ({ appointment }) => {
          const where = appointment === null ? "" : `, ${dayAndHour(appointment.start, appointment.zone)}`;
          notify({
            text: `Inscription notée : ${who.given_name} ${who.family_name}${where}`,
            tone: "good",
            undoable: true,
          });
          added();
        },
        onError: (error) => {
          if (error.code === "confirm_warnings") setWarnings(warningsOf(error.params));
          else if (IN_PLACE.has(error.code)) setRefusal(refusalOf(error.params, error.code));
          else {
            const { text, severity } = errorText(error);
            notify({ text, tone: severity });
          }
        },
      },
    );
  };

  return {
    add: (who) => {
      setClient(who);
      send(who, [], null);
    },
    confirm: () => {
      send(
        client,
        warnings.map((warning) => warning.code),
        null,
      );
    },
    anyway: (reason) => {
      send(client, [], reason);
    },
    take: (slot) => {
      send(client, [], null, slot);
    },
    reset,
    warnings,
    refusal,
    busy: book.isPending,
  };
}
