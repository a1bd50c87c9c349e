import { useSyncExternalStore } from "react";

export type Theme = "clair" | "sombre";
export type Density = "aeree" | "compacte";

const THEME_KEY = "passerelle.theme";
const DENSITY_KEY = "passerelle.densite";
const listeners = new Set<() => void>();
const system = window.matchMedia("(prefers-color-scheme: dark)");

function chosenTheme(): Theme | null {
  const kept = localStorage.getItem(THEME_KEY);
  return kept === "clair" || kept === "sombre" ? kept : null;
}

function currentTheme(): Theme {
  return chosenTheme() ?? (system.matches ? "sombre" : "clair");
}

function currentDensity(): Density {
  return localStorage.getItem(DENSITY_KEY) === "compacte" ? "compacte" : "aeree";
}

function apply(): void {
  document.documentElement.dataset["theme"] = currentTheme();
  document.documentElement.dataset["densite"] = currentDensity();
  for (const listener of listeners) listener();
}

/** Sets the theme before the first paint and follows the system until somebody chooses. */
export function startTheme(): void {
  apply();
  system.addEventListener("change", apply);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, currentTheme);
  return [
    theme,
    (chosen) => {
      localStorage.setItem(THEME_KEY, chosen);
      apply();
    },
  ];
}

export function useDensity(): [Density, (density: Density) => void] {
  const density = useSyncExternalStore(subscribe, currentDensity);
  return [
    density,
    (chosen) => {
      localStorage.setItem(DENSITY_KEY, chosen);
      apply();
    },
  ];
}
