import { useState, type KeyboardEvent, type ReactNode } from "react";
import { lengthWords, readLength } from "~/shared/format/lengths";
import { french } from "~/shared/format/text";
import { TextField } from "~/shared/ui/Field";

const NOT_A_LENGTH = french("Écrivez une durée, par exemple « 45 min », « 1 h 30 » ou « 2 jours ».");

/** A length of time, written as one says it. Arrows step it; what cannot be read stays in sight and is not taken. */
export function LengthField({
  label,
  hint,
  value,
  step = 5,
  error,
  onChange,
  onInvalid,
  onLeave,
}: {
  label: string;
  hint?: ReactNode;
  /** Minutes. */
  value: number;
  /** Minutes for an arrow key. */
  step?: number;
  error?: string | null;
  onChange: (minutes: number) => void;
  /** What stands there cannot be read (or can again). */
  onInvalid: (wrong: boolean) => void;
  onLeave?: () => void;
}): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed !== null && readLength(typed) === null;
  const stepBy = (by: number): void => {
    setTyped(null);
    onInvalid(false);
    onChange(Math.max(0, (Math.floor(value / step) + by) * step));
  };
  return (
    <TextField
      label={label}
      hint={hint}
      value={typed ?? lengthWords(value)}
      error={wrong ? NOT_A_LENGTH : error}
      onFocus={(event) => {
        event.target.select();
      }}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        const minutes = readLength(text);
        onInvalid(minutes === null);
        if (minutes !== null) onChange(minutes);
      }}
      onBlur={() => {
        if (!wrong) setTyped(null);
        onLeave?.();
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.altKey || event.ctrlKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
        event.preventDefault();
        stepBy(event.key === "ArrowUp" ? 1 : -1);
      }}
    />
  );
}

/** A whole number. */
export function CountField({
  label,
  hint,
  value,
  error,
  onChange,
  onInvalid,
  onLeave,
}: {
  label: string;
  hint?: ReactNode;
  value: number;
  error?: string | null;
  onChange: (count: number) => void;
  onInvalid: (wrong: boolean) => void;
  onLeave?: () => void;
}): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed !== null && !/^\d{1,5}$/.test(typed.trim());
  return (
    <TextField
      label={label}
      hint={hint}
      inputMode="numeric"
      value={typed ?? String(value)}
      error={wrong ? "Écrivez un nombre." : error}
      onFocus={(event) => {
        event.target.select();
      }}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        const read = /^\d{1,5}$/.test(text.trim());
        onInvalid(!read);
        if (read) onChange(Number(text.trim()));
      }}
      onBlur={() => {
        if (!wrong) setTyped(null);
        onLeave?.();
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.altKey || event.ctrlKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
        event.preventDefault();
        setTyped(null);
        onInvalid(false);
        onChange(Math.max(0, value + (event.key === "ArrowUp" ? 1 : -1)));
      }}
    />
  );
}
