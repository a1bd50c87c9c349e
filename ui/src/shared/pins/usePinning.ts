import { useMemo } from "react";
import { useWrite, type BackendError } from "~/shared/backend";
import { useNotices } from "~/shared/notices/notices";
import { insteadOf, pinnedText, pinRefusal, type PinTarget } from "./words";

/** The record that is pinned or taken off. */
export interface Pinned {
  id: string;
  title: string;
}

export interface Pinning {
  pin: (target: PinTarget, record: Pinned) => void;
  unpin: (target: PinTarget, record: Pinned) => void;
  /** Adds a word to a pin. `done` is called once it is written. */
  note: (target: PinTarget, record: Pinned, note: string, done: () => void) => void;
}

/** Pins records and takes them off, and says it with the way to take that back. The same with and without network. */
export function usePinning(): Pinning {
  const { notify } = useNotices();
  const { mutate: pin } = useWrite("catalogue.pin");
  const { mutate: unpin } = useWrite("catalogue.unpin");
  return useMemo(() => {
    const refused = (target: PinTarget) => (error: BackendError) => {
      notify({ text: pinRefusal(error, target), tone: "warn" });
    };
    const pinTo = (target: PinTarget, record: Pinned): void => {
      pin(
        { to: target.to, record: record.id },
        {
          onSuccess: ({ undoable }) => {
            notify({ text: pinnedText(target, record.title, true), tone: "good", undoable });
          },
          onError: (error) => {
            const instead = insteadOf(error, target);
            if (instead === null) {
              refused(target)(error);
              return;
            }
            notify({
              text: pinRefusal(error, target),
              tone: "warn",
              action: {
                label: "Épingler à la demande",
                run: () => {
                  pinTo(instead, record);
                },
              },
            });
          },
        },
      );
    };
    return {
      pin: pinTo,
      unpin: (target, { id, title }) => {
        unpin(
          { to: target.to, record: id },
          {
            onSuccess: ({ undoable }) => {
              notify({ text: pinnedText(target, title, false), tone: "good", undoable });
            },
            onError: refused(target),
          },
        );
      },
      note: (target, { id, title }, note, done) => {
        pin(
          { to: target.to, record: id, note },
          {
            onSuccess: ({ undoable }) => {
              done();
              notify({ text: `Mot ajouté, ${title}`, tone: "good", undoable });
            },
            onError: refused(target),
          },
        );
      },
    };
  }, [notify, pin, unpin]);
}
