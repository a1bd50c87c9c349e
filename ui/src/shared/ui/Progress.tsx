import type { ReactNode } from "react";
import styles from "./Progress.module.css";

/** A bar. Without a percentage nobody knows yet how much there is. */
export function Progress({
  labelledBy,
  percent,
  text,
}: {
  labelledBy: string;
  percent: number | null;
  text: string;
}): ReactNode {
  return (
    <div
      role="progressbar"
      aria-labelledby={labelledBy}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      aria-valuetext={[percent === null ? "" : `${String(percent)}\u00a0%`, text].filter(Boolean).join(", ")}
      className={styles.bar}
    >
      <span style={{ width: `${String(percent ?? 0)}%` }} />
    </div>
  );
}
