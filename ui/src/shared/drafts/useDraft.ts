import { useCallback, useEffect, useRef, useState } from "react";
import { useBackend } from "~/shared/backend";

export interface Kept {
  text: string;
  set: (text: string) => void;
  /** It was read: what is shown is what was left. */
  ready: boolean;
  /** When the desk last kept it, in this machine's milliseconds. */
  keptAt: number | null;
  /** The last try to keep it failed. */
  failed: boolean;
}

interface State {
  key: string;
  text: string;
  ready: boolean;
  keptAt: number | null;
  failed: boolean;
}

const fresh = (key: string): State => ({ key, text: "", ready: false, keptAt: null, failed: false });

/** A text that the desk keeps at every key, so that it is back after a crash. One write runs at a time, the last one wins. */
export function useDraft(key: string): Kept {
  const backend = useBackend();
  const [kept, setState] = useState<State>(() => fresh(key));
  const state = kept.key === key ? kept : fresh(key);
  const waiting = useRef(new Map<string, string>());
  const writing = useRef(false);
  const touched = useRef<string | null>(null);

  const change = useCallback((which: string, part: Partial<State>) => {
    setState((before) => (before.key === which ? { ...before, ...part } : before));
  }, []);

  useEffect(() => {
    let gone = false;
    touched.current = null;
    void backend
      .call<{ text: string } | null>("drafts.get", { key })
      .catch(() => null)
      .then((found) => {
        if (gone || touched.current === key) return;
        // What was typed a moment ago may still be on its way there.
        const text = waiting.current.get(key) ?? found?.text ?? "";
        setState({ ...fresh(key), text, ready: true });
      });
    return () => {
      gone = true;
    };
  }, [backend, key]);

  const set = useCallback(
    (text: string) => {
      touched.current = key;
      setState((before) => ({ ...(before.key === key ? before : fresh(key)), text, ready: true }));
      waiting.current.set(key, text);
      if (writing.current) return;
      writing.current = true;
      void (async () => {
        for (;;) {
          const [next] = waiting.current;
          if (next === undefined) break;
          const [which, latest] = next;
          try {
            await backend.call<null>("drafts.set", { key: which, text: latest });
            change(which, { keptAt: Date.now(), failed: false });
          } catch {
            change(which, { failed: true });
          }
          if (waiting.current.get(which) === latest) waiting.current.delete(which);
        }
        writing.current = false;
      })();
    },
    [backend, key, change],
  );
  return { text: state.text, set, ready: state.ready, keptAt: state.keptAt, failed: state.failed };
}
