import type { ReactNode, Ref } from "react";
import { Icon } from "~/shared/ui/Icon";
import styles from "./Page.module.css";

/** What is shown in the place of the search: the way back, what acts on all of it, its body. Escape goes back too. */
export function Page({
  label,
  backWord,
  onBack,
  actions,
  body,
  children,
}: {
  label: string;
  /** Where going back leads. */
  backWord: string;
  onBack: () => void;
  actions?: ReactNode;
  /** What scrolls. */
  body?: Ref<HTMLDivElement>;
  children: ReactNode;
}): ReactNode {
  return (
    <section
      className={styles.page}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onBack();
      }}
    >
      <div className={styles.bar}>
        <BackButton onClick={onBack}>{backWord}</BackButton>
        {actions}
      </div>
      <div ref={body} className={styles.body}>
        {children}
      </div>
    </section>
  );
}

/** A step back, named by where it leads. */
export function BackButton({ onClick, children }: { onClick: () => void; children: ReactNode }): ReactNode {
  return (
    <button type="button" className={styles.back} onClick={onClick}>
      <Icon name="left" />
      {children}
    </button>
  );
}
