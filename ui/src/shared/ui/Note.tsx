import type { ReactNode } from "react";
import { cx } from "~/shared/format/text";
import { Icon, type IconName } from "./Icon";
import styles from "./Note.module.css";

const ICONS: Record<"info" | "warn" | "bad", IconName> = { info: "help", warn: "alert", bad: "slash" };

/** A warning (which never blocks), a refusal, or a piece of information, in place. Refusals are read at once. */
export function Note({
  tone,
  icon,
  children,
  live,
}: {
  tone: "info" | "warn" | "bad";
  icon?: IconName;
  children: ReactNode;
  live?: boolean;
}): ReactNode {
  return (
    <div
      className={cx(styles.note, styles[tone])}
      role={live ? (tone === "bad" ? "alert" : "status") : undefined}
    >
      <Icon name={icon ?? ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}
