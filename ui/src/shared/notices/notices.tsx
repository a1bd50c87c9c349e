import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { useWrite } from "~/shared/backend";
import { inTheWayText, standsInTheWay, undoneText } from "~/shared/deeds/words";
import { errorText } from "~/shared/errors";

/** How long a notice stays. */
export const NOTICE_MS = 10_000;

/** More would cover the work. */
const MOST = 2;

export interface Notice {
  id: number;
  text: string;
  tone: "good" | "warn" | "bad";
  /** It says what the desk just did and the desk can take back. Only the latest one offers it. */
  undoable?: boolean;
  /** What can be done next because of it. */
  action?: { label: string; run: () => void };
}

interface Notices {
  list: Notice[];
  /** The notice whose deed `undo` takes back. */
  undoableId: number | null;
  notify: (notice: Omit<Notice, "id">) => void;
  dismiss: (id: number) => void;
  /** Takes back the latest thing that this person did, even when its notice has gone. */
  undo: () => void;
  /** Read by screen readers; nothing is drawn. */
  announce: (text: string) => void;
  announced: string;
}

const NoticesContext = createContext<Notices | null>(null);

export function NoticesProvider({ children }: { children: ReactNode }): ReactNode {
  const [list, setList] = useState<Notice[]>([]);
  const [announced, setAnnounced] = useState("");
  const next = useRef(1);
  const { mutate } = useWrite("undo.last");

  const announce = useCallback((text: string) => {
    // The same words twice would not be read again: a trailing no-break space makes them new.
    setAnnounced((before) => (before === text ? `${text}\u00a0` : text));
  }, []);

  const dismiss = useCallback((id: number) => {
    setList((before) => before.filter((notice) => notice.id !== id));
  }, []);

  const notify = useCallback((notice: Omit<Notice, "id">) => {
    const made = { ...notice, id: next.current++ };
    setList((before) => [...before, made].slice(-MOST));
  }, []);

  const undo = useCallback(() => {
    mutate(
      {},
      {
        onSuccess: (done) => {
          setList((before) => before.filter((notice) => !notice.undoable));
          notify({ text: done.undone === null ? "C’est annulé." : undoneText(done.undone), tone: "good" });
        },
        onError: (error) => {
          const { text, severity } = errorText(error);
          const blocked = standsInTheWay(error.code) ? ` (${inTheWayText(error.code)})` : null;
          if (blocked === null) notify({ text, tone: severity });
          else notify({ text: `La dernière action ne s’annule plus${blocked}.`, tone: severity });
        },
      },
    );
  }, [mutate, notify]);

  const value = useMemo(
    () => ({
      list,
      undoableId: list.findLast((notice) => notice.undoable)?.id ?? null,
      notify,
      dismiss,
      undo,
      announce,
      announced,
    }),
    [list, notify, dismiss, undo, announce, announced],
  );
  return <NoticesContext value={value}>{children}</NoticesContext>;
}

export function useNotices(): Notices {
  const notices = use(NoticesContext);
  if (notices === null) throw new Error("NoticesProvider is missing");
  return notices;
}
