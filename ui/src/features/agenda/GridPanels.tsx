import type { ReactNode, RefObject } from "react";
import type { AppointmentView } from "~/shared/backend";
import { dayAndHour } from "~/shared/format/dates";
import { useNotices } from "~/shared/notices/notices";
import { AppointmentPanel, type AppointmentVerbs } from "./AppointmentPanel";
import { BookingPanel } from "./BookingPanel";
import type { Draft } from "./draft";
import type { GridDays } from "./grid/column";
import type { TimeGridHandle } from "./grid/TimeGrid";
import { takesTime } from "./dayModel";
import { SessionPanel, type SessionVerbs } from "./SessionPanel";
import type { Panels } from "./usePanels";

/** The panel beside a cell: a booking being made, a meeting, or a session. */
export function GridPanels({
  grid,
  days,
  panels,
  nameOf,
  onDraft,
  verbs,
  sessionVerbs,
}: {
  grid: RefObject<TimeGridHandle | null>;
  days: GridDays;
  panels: Panels;
  /** Name of the person or the room of a column. */
  nameOf: (column: string) => string;
  onDraft: (draft: Draft) => void;
  verbs: AppointmentVerbs;
  sessionVerbs: SessionVerbs;
}): ReactNode {
  const { notify } = useNotices();
  const { draft, opened, setOpened, close } = panels;
  const shown = opened === null ? undefined : days.blocks.find((block) => block.id === opened.id);
  // Who joins or leaves while the panel is open is seen in it.
  const session =
    opened?.session === undefined || shown === undefined || shown.session === null
      ? []
      : days.blocks.filter((block) => block.session === shown.session && takesTime(block));
  const drawn = (id: string): HTMLElement | null => grid.current?.element(id) ?? null;
  const placed = draft !== null && days.columns.some((column) => column.date === draft.date);

  const booked = (appointment: AppointmentView | null): void => {
    panels.booked(appointment);
    const when = appointment === null ? "" : `, ${dayAndHour(appointment.start, appointment.zone)}`;
    notify({ text: `${bookedWord(appointment)}${when}`, tone: "good", undoable: true });
  };

  return (
    <>
      {draft !== null && placed && (
        <BookingPanel
          draft={draft}
          counsellor={nameOf(draft.counsellor)}
          anchor={() => drawn("draft")}
          onDraft={onDraft}
          onClose={close}
          onBooked={booked}
        />
      )}
      {shown !== undefined && session.length > 0 && (
        <SessionPanel
          people={session}
          verbs={sessionVerbs}
          anchor={() => drawn(shown.id)}
          onOpen={(id) => {
            setOpened({ id, column: opened?.column ?? "" });
          }}
          onClose={close}
        />
      )}
      {shown !== undefined && session.length === 0 && (
        <AppointmentPanel
          key={shown.id}
          shown={shown}
          anchor={() => drawn(shown.id)}
          anchorKey={`${shown.id} ${shown.start} ${shown.counsellor.id}`}
          onClose={close}
          verbs={verbs}
        />
      )}
    </>
  );
}

/** What was just made, with the hour until which a proposal is kept. */
function bookedWord(appointment: AppointmentView | null): string {
  if (appointment === null) return "Rendez-vous posé";
  if (appointment.status === "held") {
    const until = appointment.held_until;
    const kept = until === null ? "" : ` (retenu jusqu’au ${dayAndHour(until, appointment.zone)})`;
    return `Créneau proposé${kept}`;
  }
  return appointment.seat ? "Rendez-vous posé" : "Séance planifiée";
}
