import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { asBackendError, type Backend } from "./backend";

/** The desk behind the window: one IPC command, `call`, and one event, `changed`. */
export function tauriBackend(): Backend {
  return {
    async call<T>(name: string, args: unknown): Promise<T> {
      try {
        return await invoke<T>("call", { name, args });
      } catch (error) {
        throw asBackendError(error);
      }
    },
    onChange(listener) {
      const stopping = listen<string[]>("changed", (event) => {
        listener(event.payload);
      });
      return () => {
        void stopping.then((stop) => {
          stop();
        });
      };
    },
  };
}
