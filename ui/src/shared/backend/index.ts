import type { Backend } from "./backend";
import { tauriBackend } from "./tauri";

export { BackendError, asBackendError, type Backend, type BackendFailure } from "./backend";
export type { Args, Result } from "./commands";
export {
  BackendProvider,
  createQueryClient,
  useBackend,
  useRead,
  useReads,
  useRemember,
  useWrite,
} from "./queries";
export type * from "./generated/types";

declare global {
  interface Window {
    __TAURI_INTERNALS__?: unknown;
  }
}

/** Tauri where there is a window around; the bridge only in a build that was made for tests. */
export async function chooseBackend(): Promise<Backend> {
  if (window.__TAURI_INTERNALS__ !== undefined) return tauriBackend();
  if (import.meta.env.VITE_BRIDGE === "1") {
    const { bridgeBackend } = await import("./bridge");
    return bridgeBackend();
  }
  throw new Error("Passerelle runs in its own window.");
}
