import { useEffect, useRef, type ReactNode } from "react";
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
  const box = useRef<HTMLDivElement>(null);
  // What came at once has to be seen, also where the form around it scrolls.
  const urgent = live === true && tone === "bad";
  useEffect(() => {
    if (urgent) box.current?.scrollIntoView({ block: "nearest" });
  }, [urgent]);
  return (
    <div
      ref={box}
      className={cx(styles.note, styles[tone])}
      role={live ? (tone === "bad" ? "alert" : "status") : undefined}
    >
      <Icon name={icon ?? ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}
