import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { chordOf, isTyping, matchesChord } from "./chord";

export interface Shortcut {
  /** `t`, `Ctrl+k`, `ArrowLeft`, `?`; several may do the same. */
  keys: string | string[];
  /** How the keys are listed, when all of them in a row would say less. */
  shown?: string[];
  /** What it does, as listed under `?`. */
  label: string;
  /** Returns false to say that the key was not for it: the next one may take it. */
  run: (event: KeyboardEvent) => unknown;
  /** Listed, but its key is handled where the focus is (a cell of a grid). */
  local?: boolean;
  /** Also while something is being typed: for chords such as Ctrl K. */
  whileTyping?: boolean;
}

export type Layer = "frame" | "screen" | "panel";

const LAYERS: readonly Layer[] = ["panel", "screen", "frame"];

export interface ShortcutGroup {
  title: string;
  /** The frame's keys give way to those of the screen, and the screen's to those of a panel in it. */
  layer: Layer;
  shortcuts: Shortcut[];
}

interface Keyboard {
  register: (group: { current: ShortcutGroup }) => () => void;
  /** The nearest to the person first. */
  groups: () => ShortcutGroup[];
  /** Single-key shortcuts can be turned off: a slip of the hand or a voice control must not act (WCAG 2.1.4). */
  singleKeys: boolean;
  setSingleKeys: (on: boolean) => void;
}

const KeyboardContext = createContext<Keyboard | null>(null);
const SINGLE_KEYS = "passerelle.touches";

export function KeyboardProvider({ children }: { children: ReactNode }): ReactNode {
  const registered = useRef<{ current: ShortcutGroup }[]>([]);
  const [singleKeys, setSingle] = useState(() => localStorage.getItem(SINGLE_KEYS) !== "non");

  const register = useCallback((group: { current: ShortcutGroup }) => {
    registered.current = [...registered.current, group];
    return () => {
      registered.current = registered.current.filter((other) => other !== group);
    };
  }, []);
  const groups = useCallback(
    () =>
      LAYERS.flatMap((layer) =>
        registered.current.map((one) => one.current).filter((one) => one.layer === layer),
      ),
    [],
  );
  const setSingleKeys = useCallback((on: boolean) => {
    localStorage.setItem(SINGLE_KEYS, on ? "oui" : "non");
    setSingle(on);
  }, []);

  useEffect(() => {
    function pressed(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing) return;
      // A dialog over the screen makes what is behind inert, its keys too.
      if (document.querySelector("[aria-modal='true'], dialog[open]") !== null) return;
      const chord = chordOf(event);
      const typing = isTyping(event.target);
      for (const group of groups()) {
        for (const shortcut of group.shortcuts) {
          if (shortcut.local || !matchesChord(shortcut.keys, chord)) continue;
          if (typing && !shortcut.whileTyping) continue;
          if (!singleKeys && !chord.includes("+")) continue;
          if (shortcut.run(event) === false) continue;
          event.preventDefault();
          return;
        }
      }
    }
    /** A button takes every Enter for itself and lets nobody else see it: with Ctrl held it is ours before that. */
    function sent(event: KeyboardEvent): void {
      if (chordOf(event) !== "Ctrl+Enter") return;
      pressed(event);
      if (event.defaultPrevented) event.stopPropagation();
    }
    window.addEventListener("keydown", sent, true);
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", sent, true);
      window.removeEventListener("keydown", pressed);
    };
  }, [singleKeys, groups]);

  const value = useMemo(
    () => ({ register, groups, singleKeys, setSingleKeys }),
    [register, groups, singleKeys, setSingleKeys],
  );
  return <KeyboardContext value={value}>{children}</KeyboardContext>;
}

export function useKeyboard(): Keyboard {
  const keyboard = use(KeyboardContext);
  if (keyboard === null) throw new Error("KeyboardProvider is missing");
  return keyboard;
}

/** The keys of a screen or a panel while it is there. They are listed under `?` with the others. */
export function useShortcuts(title: string, shortcuts: Shortcut[], layer: Layer = "screen"): void {
  const { register } = useKeyboard();
  const group = useRef<ShortcutGroup>({ title, layer, shortcuts });
  useEffect(() => {
    group.current = { title, layer, shortcuts };
  });
  useEffect(() => register(group), [register]);
}
