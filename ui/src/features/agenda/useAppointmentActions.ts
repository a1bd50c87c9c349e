import { useCallback } from "react";
import {
  useWrite,
  type AppointmentView,
  type BackendError,
  type RefusalView,
  type Status,
  type WarningView,
} from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { dayAndHour, hour } from "~/shared/format/dates";
import { french } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { heldBy, titleOf } from "./dayModel";
import { localTime } from "./draft";
import { useFreedOffer } from "./useFreedOffer";
import { refusalOf, refusalText, warningsOf } from "./warnings";

/** What was done, whoever it is about: no word here has a gender. */
const SAID: Partial<Record<Status, string>> = {
  arrived: "Arrivée notée",
  attended: "Entretien noté",
  no_show: "Absence notée",
  excused: "Excuse notée",
  cancelled: "Rendez-vous annulé",
  booked: "Rendez-vous confirmé",
};

/** States that give the time back. */
const FREES = new Set<Status>(["cancelled", "excused", "declined"]);

export interface Place {
  date: string;
  minute: number;
  counsellor: string;
}

export function placeOf(appointment: AppointmentView): Place {
  const { date, from_min: minute, counsellor } = appointment;
  return { date, minute, counsellor: counsellor.id };
}

interface MoveOutcome {
  done: (moved: AppointmentView | null) => void;
  /** It can be done, once these are seen. */
  doubt: (warnings: WarningView[]) => void;
  refused: (refusal: RefusalView) => void;
}

interface Actions {
  setStatus: (appointment: AppointmentView, status: Status, reason?: string) => void;
  /** `whole`: everybody in the group session that it belongs to. */
  move: (
    appointment: AppointmentView,
    to: Place,
    seen: string[],
    outcome: MoveOutcome,
    whole?: boolean,
  ) => void;
}

/** What one key does to a meeting, with the notice that takes it back. */
export function useAppointmentActions(): Actions {
  const { notify } = useNotices();
  const { mutate: set } = useWrite("appointments.set_status");
  const { mutate: moveOne } = useWrite("appointments.move");
  const { mutate: moveSession } = useWrite("sessions.move");
  const offer = useFreedOffer();

  const failed = useCallback(
    (error: BackendError, appointment: AppointmentView) => {
      const refusal = refusalOf(error.params, error.code);
      const said = errorText(error);
      const names = { counsellor: appointment.counsellor.name, zone: appointment.zone };
      const text =
        refusal.with !== null || refusal.limit !== null
          ? `Impossible : ${refusalText(refusal, names)}`
          : said.text;
      notify({ text, tone: said.severity });
    },
    [notify],
  );

  return {
    setStatus: (appointment, status, reason) => {
      set(
        { id: appointment.id, status, reason: reason ?? null },
        {
          onSuccess: () => {
            const when = hour(appointment.start, appointment.zone);
            notify({
              text: french(`${SAID[status] ?? "C'est noté"} : ${titleOf(appointment)}, ${when}`),
              tone: "good",
              undoable: true,
            });
            if (FREES.has(status)) offer(appointment);
          },
          onError: (error) => {
            failed(error, appointment);
          },
        },
      );
    },
    move: (appointment, to, seen, outcome, whole = false) => {
      (whole ? moveSession : moveOne)(
        {
          id: appointment.id,
          start: localTime(to.date, to.minute),
          counsellor: to.counsellor,
          seen_warnings: seen,
        },
        {
          onSuccess: ({ appointment: moved }) => {
            const place = moved ?? appointment;
            notify({
              text: `${whole ? "Séance déplacée" : "Rendez-vous déplacé"}, ${dayAndHour(place.start, place.zone)}, ${heldBy(place)}`,
              tone: "good",
              undoable: true,
            });
            outcome.done(moved);
            const left =
              moved !== null &&
              (moved.start !== appointment.start || moved.counsellor.id !== appointment.counsellor.id);
            if (left) offer(appointment);
          },
          onError: (error) => {
            const refusal = refusalOf(error.params, error.code);
            if (error.code === "confirm_warnings") outcome.doubt(warningsOf(error.params));
            else if (refusal.alternatives.length > 0 || refusal.with !== null) outcome.refused(refusal);
            else failed(error, appointment);
          },
        },
      );
    },
  };
}
