import { useEffect, useState, type ReactNode } from "react";
import { Count } from "./Chip";
import styles from "./Panel.module.css";

/** A part of a right column: a title, a count, its content. */
export function Panel({
  title,
  count,
  children,
}: {
  title: string;
  count?: number;
  children: ReactNode;
}): ReactNode {
  return (
    <section className={styles.panel} aria-label={title}>
      <h2>
        {title} {count !== undefined && <Count>{count}</Count>}
      </h2>
      {children}
    </section>
  );
}

/** Nothing there, and what to do about it. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{title}</p>
      {children && <div className={styles.emptyText}>{children}</div>}
    </div>
  );
}

const LOADING_AFTER_MS = 150;

/** Still grey lines, and only when the wait is long enough to be noticed. */
export function Loading({ lines = 3 }: { lines?: number }): ReactNode {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(true);
    }, LOADING_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (!late) return null;
  return (
    <div className={styles.loading} role="status">
      <span className="vh">Chargement</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className={styles.line} />
      ))}
    </div>
  );
}
