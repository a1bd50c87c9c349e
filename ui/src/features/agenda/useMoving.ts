import { useRef, useState } from "react";
import type { AppointmentView, SlotView } from "~/shared/backend";
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
  start: (appointment: AppointmentView) => void;
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
  const [doubt, setDoubt] = useState<MoveDoubt | null>(null);
  const lastPut = useRef<Place | null>(null);

  const putAt = (to: Place, what: AppointmentView | null, before: MoveDoubt | null): void => {
    if (what === null) return;
    const there = `${to.date} ${String(to.minute)} ${to.counsellor}`;
    const seen = before?.place === there ? before.warnings.map((warning) => warning.code) : [];
    lastPut.current = to;
    move(what, to, seen, {
      done: () => {
        setCut(null);
        setDoubt(null);
        then.moved(to);
      },
      doubt: (warnings) => {
        setDoubt({ place: there, warnings, refusal: null });
      },
      refused: (refusal) => {
        setDoubt({ place: there, warnings: [], refusal });
      },
    });
  };

  return {
    cut,
    doubt,
    start: (appointment) => {
      setDoubt(null);
      setCut(appointment);
      then.stays(appointment);
      announce(`${titleOf(appointment)} coupé. Allez à un créneau libre et appuyez sur V.`);
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
      setDoubt(null);
      setCut(appointment);
      putAt(to, appointment, null);
    },
    take: (slot) => {
      putAt({ ...readLocal(slot.local), counsellor: slot.counsellor.id }, cut, doubt);
    },
    anyway: () => {
      if (lastPut.current !== null) putAt(lastPut.current, cut, doubt);
    },
  };
}
