import { asBackendError, BackendError, type Backend } from "./backend";

interface Changes {
  n: number;
  scopes: string[];
}

const PAUSE_AFTER_FAILURE_MS = 1000;

/** The same desk over loopback HTTP, for browser tests. It is not compiled into the application. */
export function bridgeBackend(): Backend {
  return {
    async call<T>(name: string, args: unknown): Promise<T> {
      let response: Response;
      try {
        response = await fetch(`/api/call/${encodeURIComponent(name)}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(args),
        });
      } catch (error) {
        throw new BackendError({ code: "unreachable", params: {}, retry: true, detail: String(error) });
      }
      const body: unknown = await response.json().catch(() => null);
      if (!response.ok) throw asBackendError(body ?? `HTTP ${String(response.status)}`);
      return body as T;
    },
    onChange(listener) {
      const ended = new AbortController();
      void follow(listener, ended.signal);
      return () => {
        ended.abort();
      };
    },
  };
}

async function follow(listener: (scopes: string[]) => void, signal: AbortSignal): Promise<void> {
  let after = 0;
  while (!signal.aborted) {
    try {
      const response = await fetch(`/api/changes?after=${String(after)}`, { signal });
      if (!response.ok) throw new Error(`HTTP ${String(response.status)}`);
      const changes = (await response.json()) as Changes;
      // Fewer news than before: the desk was started again, and anything may have changed meanwhile.
      if (changes.n < after) listener(["*"]);
      else if (changes.n > after) listener(changes.scopes);
      after = changes.n;
    } catch {
      if (signal.aborted) return;
      await new Promise((resume) => setTimeout(resume, PAUSE_AFTER_FAILURE_MS));
    }
  }
}
