import type { ReactNode } from "react";
import { keyName } from "~/shared/keyboard/chord";
import styles from "./Kbd.module.css";

/** A key cap. Drawn for the eye; the control it stands in says its key through `aria-keyshortcuts` where that helps. */
export function Kbd({ keys }: { keys: string }): ReactNode {
  return (
    <kbd className={styles.kbd} aria-hidden="true">
      {keyName(keys)}
    </kbd>
  );
}
