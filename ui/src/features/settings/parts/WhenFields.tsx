import { useState, type ReactNode } from "react";
import { clockOf, dayName, type Day } from "~/shared/format/dates";
import { readDay } from "~/shared/format/dayInput";
import { french } from "~/shared/format/text";
import { TextField } from "~/shared/ui/Field";
import { readClock } from "./clocks";

const NOT_A_DAY = french("Écrivez un jour, par exemple « lundi », « 4/12 » ou « 4 décembre ».");
const NOT_A_TIME = french("Écrivez une heure, par exemple « 8h30 » ou « 14:00 ».");

/** A day, written as one says it; it stands in words once it is read. */
export function DayField({
  label,
  hint,
  value,
  today,
  optional,
  error,
  onChange,
  onInvalid,
  onLeave,
}: {
  label: string;
  hint?: ReactNode;
  value: Day | null;
  today: Day;
  /** It may be left empty. */
  optional?: boolean;
  error?: string | null;
  onChange: (day: Day | null) => void;
  onInvalid: (wrong: boolean) => void;
  onLeave?: () => void;
}): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null || typed.trim() === "" ? null : readDay(typed, today);
  const wrong = typed !== null && read === null && !(optional === true && typed.trim() === "");
  return (
    <TextField
      label={label}
      hint={hint}
      value={typed ?? (value === null ? "" : dayName(value, "year"))}
      error={wrong ? NOT_A_DAY : error}
      onFocus={(event) => {
        event.target.select();
      }}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        if (text.trim() === "" && optional === true) {
          onInvalid(false);
          onChange(null);
          return;
        }
        const found = readDay(text, today);
        onInvalid(found === null);
        if (found !== null) onChange(found.day);
      }}
      onBlur={() => {
        if (!wrong) setTyped(null);
        onLeave?.();
      }}
    />
  );
}

/** A time of day. */
export function TimeField({
  label,
  labelHidden,
  value,
  error,
  onChange,
  onInvalid,
  onLeave,
}: {
  label: string;
  labelHidden?: boolean;
  /** Minutes since midnight. */
  value: number;
  error?: string | null;
  onChange: (minute: number) => void;
  onInvalid: (wrong: boolean) => void;
  onLeave?: () => void;
}): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed !== null && readClock(typed) === null;
  return (
    <TextField
      label={label}
      {...(labelHidden === true ? { labelHidden } : {})}
      value={typed ?? clockOf(value)}
      error={wrong ? NOT_A_TIME : error}
      onFocus={(event) => {
        event.target.select();
      }}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        const minute = readClock(text);
        onInvalid(minute === null);
        if (minute !== null) onChange(minute);
      }}
      onBlur={() => {
        if (!wrong) setTyped(null);
        onLeave?.();
      }}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
        event.preventDefault();
        setTyped(null);
        onInvalid(false);
        const next = (Math.floor(value / 15) + (event.key === "ArrowUp" ? 1 : -1)) * 15;
        onChange(Math.min(24 * 60, Math.max(0, next)));
      }}
    />
  );
}
