import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";

/** How long a notice with a way back stays. */
export const NOTICE_MS = 10_000;

export interface Notice {
  id: number;
  text: string;
  tone: "good" | "warn" | "bad";
  undo?: () => Promise<void>;
}

interface Notices {
  list: Notice[];
  /** Shows a notice for ten seconds; with `undo` it has a button, and Ctrl Z does the same. */
  notify: (notice: Omit<Notice, "id">) => void;
  dismiss: (id: number) => void;
  /** Takes back the latest thing that can be, even when its notice has gone. Returns false when there is none. */
  undoLast: () => boolean;
  undo: (notice: Notice) => void;
  /** Read by screen readers; nothing is drawn. */
  announce: (text: string) => void;
  announced: string;
}

const NoticesContext = createContext<Notices | null>(null);
const UNDO_DEPTH = 30;

export function NoticesProvider({ children }: { children: ReactNode }): ReactNode {
  const [list, setList] = useState<Notice[]>([]);
  const [announced, setAnnounced] = useState("");
  const next = useRef(1);
  const done = useRef<Notice[]>([]);

  const announce = useCallback((text: string) => {
    // The same words twice would not be read again: a trailing no-break space makes them new.
    setAnnounced((before) => (before === text ? `${text}\u00a0` : text));
  }, []);

  const dismiss = useCallback((id: number) => {
    setList((before) => before.filter((notice) => notice.id !== id));
  }, []);

  const notify = useCallback((notice: Omit<Notice, "id">) => {
    const made = { ...notice, id: next.current++ };
    if (made.undo) done.current = [...done.current, made].slice(-UNDO_DEPTH);
    setList((before) => [...before, made].slice(-3));
  }, []);

  const undo = useCallback(
    (notice: Notice) => {
      done.current = done.current.filter((other) => other.id !== notice.id);
      dismiss(notice.id);
      void notice.undo?.();
    },
    [dismiss],
  );

  const undoLast = useCallback(() => {
    const last = done.current.at(-1);
    if (last === undefined) return false;
    undo(last);
    return true;
  }, [undo]);

  const value = useMemo(
    () => ({ list, notify, dismiss, undoLast, undo, announce, announced }),
    [list, notify, dismiss, undoLast, undo, announce, announced],
  );
  return <NoticesContext value={value}>{children}</NoticesContext>;
}

export function useNotices(): Notices {
  const notices = use(NoticesContext);
  if (notices === null) throw new Error("NoticesProvider is missing");
  return notices;
}
