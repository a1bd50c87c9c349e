import type { ReactNode } from "react";
import { useRouter, type Screen } from "~/shared/router/router";
import { Icon, type IconName } from "~/shared/ui/Icon";
import { Kbd } from "~/shared/ui/Kbd";
import { cx } from "~/shared/format/text";
import styles from "./SideBar.module.css";

export interface SideEntry {
  screen: Screen;
  label: string;
  icon: IconName;
  count?: number;
  /** What the count counts, read aloud after it. */
  countLabel?: string;
  /** The count asks for a decision. */
  urgent?: boolean;
}

export function SideBar({
  entries,
  onKeys,
}: {
  entries: readonly SideEntry[];
  onKeys: () => void;
}): ReactNode {
  const { place, go } = useRouter();
  return (
    <nav className={styles.side} aria-label="Principal">
      <ul>
        {entries.map((entry) => (
          <li key={entry.screen}>
            <button
              type="button"
              className={styles.entry}
              aria-current={place.screen === entry.screen ? "page" : undefined}
              onClick={() => {
                go(entry.screen);
              }}
            >
              <Icon name={entry.icon} />
              <span className={styles.label}>{entry.label}</span>
              {entry.count !== undefined && entry.count > 0 && (
                <span className={cx(styles.count, entry.urgent && styles.urgent)}>
                  {entry.count}
                  <span className="vh"> {entry.countLabel}</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.bottom}>
        <button type="button" className={cx(styles.entry, styles.keys)} onClick={onKeys}>
          <Icon name="help" />
          <span className={styles.label}>Raccourcis</span>
          <span className={styles.cap}>
            <Kbd keys="?" />
          </span>
        </button>
      </div>
    </nav>
  );
}
