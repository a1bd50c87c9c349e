import { useRef, useState } from "react";
import type { AppointmentView, RefusalView, SlotView, WarningView } from "~/shared/backend";
import { french } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { titleOf } from "./dayModel";
import { readLocal } from "./draft";
import type { MoveDoubt } from "./MoveLine";
import { useAppointmentActions, type Place } from "./useAppointmentActions";

export interface Moving {
  /** The meeting that is on its way. */
  cut: AppointmentView | null;
  /** What stands against the last place tried. */
  doubt: MoveDoubt | null;
  /** `whole`: everybody in the group session that it belongs to. */
  start: (appointment: AppointmentView, whole?: boolean) => void;
  /** Puts it back where it was; false when nothing was on its way. */
  drop: () => boolean;
  put: (to: Place) => void;
  /** Dragged: cut and put in one. */
  carry: (appointment: AppointmentView, to: Place) => void;
  take: (slot: SlotView) => void;
  /** The last place again, its warnings seen. */
  anyway: () => void;
}

/** Moving without a mouse: X cuts, V puts, on any day in between. */
export function useMoving(then: {
  /** It was put down there. */
  moved: (to: Place) => void;
  /** The keyboard belongs where the meeting stands. */
  stays: (appointment: AppointmentView) => void;
}): Moving {
  const { announce } = useNotices();
  const { move } = useAppointmentActions();
  const [cut, setCut] = useState<AppointmentView | null>(null);
  const [whole, setWhole] = useState(false);
  const [doubt, setDoubt] = useState<MoveDoubt | null>(null);
  const lastPut = useRef<Place | null>(null);

  const putAt = (
    to: Place,
    what: AppointmentView | null,
    before: MoveDoubt | null,
    session = whole,
  ): void => {
    if (what === null) return;
    const there = `${to.date} ${String(to.minute)} ${to.counsellor}`;
    const seen = before?.place === there ? before.warnings.map((warning) => warning.code) : [];
    lastPut.current = to;
    const outcome = {
      done: () => {
        setCut(null);
        setDoubt(null);
        then.moved(to);
      },
      doubt: (warnings: WarningView[]) => {
        setDoubt({ place: there, warnings, refusal: null });
      },
      refused: (refusal: RefusalView) => {
        setDoubt({ place: there, warnings: [], refusal });
      },
    };
    move(what, to, seen, outcome, session);
  };

  return {
    cut,
    doubt,
    start: (appointment, session = false) => {
      setWhole(session);
      setDoubt(null);
      setCut(appointment);
      then.stays(appointment);
      announce(
        `${session ? french(`Séance ${appointment.kind.name}`) : titleOf(appointment)} coupé${session ? "e" : ""}. Allez à un créneau libre et appuyez sur V.`,
      );
    },
    drop: () => {
      if (cut === null) return false;
      then.stays(cut);
      setCut(null);
      setDoubt(null);
      announce("Déplacement abandonné");
      return true;
    },
    put: (to) => {
      putAt(to, cut, doubt);
    },
    carry: (appointment, to) => {
      setWhole(false);
      setDoubt(null);
      setCut(appointment);
      putAt(to, appointment, null, false);
    },
    take: (slot) => {
      putAt({ ...readLocal(slot.local), counsellor: slot.counsellor.id }, cut, doubt);
    },
    anyway: () => {
      if (lastPut.current !== null) putAt(lastPut.current, cut, doubt);
    },
  };
}
