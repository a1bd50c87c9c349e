import { createContext, use } from "react";
import type { SettingsView } from "~/shared/backend";

export const SettingsContext = createContext<SettingsView | null>(null);

/** The settings as the desk has them. */
export function useSettings(): SettingsView {
  const settings = use(SettingsContext);
  if (settings === null) throw new Error("SettingsContext is missing");
  return settings;
}
