import type { ReactNode } from "react";
import { cx } from "~/shared/format/text";
import styles from "./Chip.module.css";
import { Icon, type IconName } from "./Icon";
import { STATES, type StateName } from "./states";

/** A state by its word, icon and edge. */
export function Chip({ state, children }: { state: StateName; children?: ReactNode }): ReactNode {
  const { word, icon, className } = STATES[state];
  return (
    <span className={cx(styles.chip, styles[state], className)}>
      <Icon name={icon} small />
      <span>{children ?? word}</span>
    </span>
  );
}

/** A fact in a word or two that is not a state: a class, a channel. */
export function Tag({ icon, children }: { icon?: IconName; children: ReactNode }): ReactNode {
  return (
    <span className={styles.tag}>
      {icon && <Icon name={icon} small />}
      {children}
    </span>
  );
}

/** A small count beside a title. */
export function Count({ children, label }: { children: ReactNode; label?: string }): ReactNode {
  return (
    <span className={styles.count}>
      {children}
      {label && <span className="vh"> {label}</span>}
    </span>
  );
}
