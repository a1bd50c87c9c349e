// A box with a list under it: what is typed, which line is marked, and the keys between them.

import {
  useDeferredValue,
  useEffect,
  useId,
  useRef,
  useState,
  type ChangeEvent,
  type KeyboardEvent,
} from "react";

/** What is typed, and the line that was marked since. */
export interface Typing {
  typed: string;
  /** What to look for: it follows what is typed when there is time. */
  text: string;
  active: number;
  setTyped: (typed: string) => void;
  setActive: (active: number) => void;
}

export function useTyping(): Typing {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  return { typed, text: useDeferredValue(typed.trim()), active, setTyped, setActive };
}

/** Of so many lines, which one is marked, and what makes a text field choose among them. `settled`: the lines answer what
 * was looked for last. Enter takes none that answers fewer letters than are typed: it waits for those that do. */
export function useChoice(
  { typed, text, active, setTyped, setActive }: Typing,
  lines: number,
  settled: boolean,
  choose: (line: number) => void,
) {
  const list = useId();
  const at = Math.min(active, lines - 1);
  const line = (index: number): string => `${list}-${String(index)}`;
  useEffect(() => {
    document.getElementById(`${list}-${String(at)}`)?.scrollIntoView({ block: "nearest" });
  }, [list, at]);
  const entered = useRef(false);
  const answered = settled && text === typed.trim();
  useEffect(() => {
    if (!entered.current || !answered) return;
    entered.current = false;
    if (lines > 0) choose(at);
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !answered) {
      event.preventDefault();
      entered.current = true;
      return;
    }
    if (lines === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      entered.current = false;
      setActive((at + (event.key === "ArrowDown" ? 1 : lines - 1)) % lines);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(at);
    }
  };
  const field = {
    type: "text",
    role: "combobox",
    "aria-expanded": lines > 0,
    "aria-controls": list,
    "aria-autocomplete": "list",
    "aria-activedescendant": at >= 0 ? line(at) : undefined,
    autoComplete: "off",
    autoFocus: true,
    value: typed,
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      entered.current = false;
      setActive(0);
      setTyped(event.target.value);
    },
    onKeyDown,
  } as const;
  return { list, line, at, field };
}
