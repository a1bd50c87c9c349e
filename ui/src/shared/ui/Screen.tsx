import { useId, useState, type ReactNode } from "react";
import { cx } from "~/shared/format/text";
import { IconButton } from "./Button";
import styles from "./Screen.module.css";

/** The work of a screen with its right column. Where the window is narrow the column becomes a drawer, unless it is told to stay. */
export function Screen({
  children,
  aside,
  asideLabel,
  asideStays,
}: {
  children: ReactNode;
  aside?: ReactNode;
  asideLabel?: string;
  asideStays?: boolean;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (aside === undefined) return <div className={styles.whole}>{children}</div>;
  return (
    <div className={cx(styles.split, !asideStays && styles.drawered)}>
      {children}
      {!asideStays && (
        <div className={styles.drawerButton}>
          <IconButton
            icon="panel"
            label={open ? `Fermer : ${asideLabel ?? "volet"}` : `Ouvrir : ${asideLabel ?? "volet"}`}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => {
              setOpen(!open);
            }}
          />
        </div>
      )}
      <aside id={id} className={styles.aside} aria-label={asideLabel} data-open={open}>
        {aside}
      </aside>
    </div>
  );
}

/** The main part: its bar, what scrolls, its foot. */
export function Work({ children, labelledBy }: { children: ReactNode; labelledBy?: string }): ReactNode {
  return (
    <section className={styles.work} aria-labelledby={labelledBy}>
      {children}
    </section>
  );
}

/** 52 px on top of the work: the title, then what acts on all that is under it. */
export function Bar({ children, end }: { children: ReactNode; end?: ReactNode }): ReactNode {
  return (
    <div className={styles.bar}>
      {children}
      {end && <div className={styles.barEnd}>{end}</div>}
    </div>
  );
}

/** 30 px under the work: legend and keys of this screen. */
export function Foot({ children }: { children: ReactNode }): ReactNode {
  return <footer className={styles.foot}>{children}</footer>;
}

export { styles as screenStyles };
