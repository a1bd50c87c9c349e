/** What a failed command says. The French text for a code is in `shared/errors.ts`; `detail` is for the journal, never for the screen. */
export interface BackendFailure {
  code: string;
  params: Record<string, unknown>;
  /** The same command may succeed if it is sent again unchanged. */
  retry: boolean;
  detail: string;
}

export class BackendError extends Error implements BackendFailure {
  readonly code: string;
  readonly params: Record<string, unknown>;
  readonly retry: boolean;
  readonly detail: string;

  constructor(failure: BackendFailure) {
    super(failure.code);
    this.name = "BackendError";
    this.code = failure.code;
    this.params = failure.params;
    this.retry = failure.retry;
    this.detail = failure.detail;
  }
}

/** The one way from the interface to the desk. Two implementations: Tauri's IPC, and the loopback bridge of test builds. */
export interface Backend {
  call<T>(name: string, args: unknown): Promise<T>;
  /** Says which scopes of data changed, by this window or by synchronisation. Returns the way to stop listening. */
  onChange(listener: (scopes: string[]) => void): () => void;
}

function field(value: object, name: string): unknown {
  return (value as Record<string, unknown>)[name];
}

/** Reads an error as it crosses the boundary; whatever has another shape becomes `unreachable`. */
export function asBackendError(value: unknown): BackendError {
  if (value instanceof BackendError) return value;
  if (typeof value === "object" && value !== null && typeof field(value, "code") === "string") {
    const params = field(value, "params");
    const detail = field(value, "detail");
    return new BackendError({
      code: field(value, "code") as string,
      params: typeof params === "object" && params !== null ? (params as Record<string, unknown>) : {},
      retry: field(value, "retry") === true,
      detail: typeof detail === "string" ? detail : "",
    });
  }
  return new BackendError({ code: "unreachable", params: {}, retry: true, detail: String(value) });
}
