import type { ReactNode } from "react";
import type { AppointmentView } from "~/shared/backend";
import type { Day } from "~/shared/format/dates";
import { CancelDialog } from "./CancelDialog";
import { CancelSessionDialog } from "./CancelSessionDialog";
import { GoToDay } from "./GoToDay";
import { Sweep } from "./Sweep";

/** What is open over the agenda: one question at a time. */
export type Asked =
  | { what: "cancel"; appointment: AppointmentView }
  | { what: "end"; people: readonly AppointmentView[] }
  | { what: "date" }
  | { what: "sweep" }
  | null;

export function AgendaDialogs({
  asked,
  today,
  onClose,
  onCancel,
  onGo,
  onShow,
}: {
  asked: Asked;
  today: Day;
  onClose: () => void;
  onCancel: (appointment: AppointmentView, reason: string) => void;
  onGo: (date: Day, minute: number | undefined) => void;
  onShow: (appointment: AppointmentView) => void;
}): ReactNode {
  const cancelling = asked?.what === "cancel" ? asked.appointment : null;
  return (
    <>
      <CancelDialog
        appointment={cancelling}
        onClose={onClose}
        onCancel={(reason) => {
          onClose();
          if (cancelling !== null) onCancel(cancelling, reason);
        }}
      />
      <CancelSessionDialog people={asked?.what === "end" ? asked.people : null} onClose={onClose} />
      <Sweep
        open={asked?.what === "sweep"}
        onClose={onClose}
        onShow={(appointment) => {
          onClose();
          onShow(appointment);
        }}
      />
      <GoToDay
        open={asked?.what === "date"}
        today={today}
        onClose={onClose}
        onGo={({ day, minute }) => {
          onClose();
          onGo(day, minute);
        }}
      />
    </>
  );
}
