import type { ReactNode } from "react";
import { cx } from "~/shared/format/text";
import styles from "./Segmented.module.css";

/** Two to four views of the same thing, one at a time. */
export function Segmented<V extends string>({
  label,
  className,
  options,
  value,
  onChange,
}: {
  label: string;
  className?: string | undefined;
  options: readonly { value: V; label: ReactNode }[];
  value: V;
  onChange: (value: V) => void;
}): ReactNode {
  return (
    <div role="group" aria-label={label} className={cx(styles.group, className)}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => {
            onChange(option.value);
          }}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

/** A filter that is on or off. */
export function ToggleChip({
  on,
  onChange,
  children,
}: {
  on: boolean;
  onChange: (on: boolean) => void;
  children: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      className={cx(styles.toggle)}
      aria-pressed={on}
      onClick={() => {
        onChange(!on);
      }}
    >
      {children}
    </button>
  );
}
