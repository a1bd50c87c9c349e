import type { ReactNode } from "react";
import { Kbd } from "./Kbd";
import styles from "./KeyHints.module.css";

/** The handful of keys worth knowing here; all of them are under `?`. */
export function KeyHints({
  hints,
}: {
  hints: readonly { keys: string | readonly string[]; label: string }[];
}): ReactNode {
  return (
    <p className={styles.hints}>
      {hints.map(({ keys, label }) => (
        <span key={label}>
          {(typeof keys === "string" ? [keys] : keys).map((key) => (
            <Kbd key={key} keys={key} />
          ))}{" "}
          {label}
        </span>
      ))}
    </p>
  );
}
