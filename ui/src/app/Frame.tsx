import { useRef, type ReactNode } from "react";
import { useNotices } from "~/shared/notices/notices";
import styles from "./Frame.module.css";
import { Notices } from "./Notices";

/** Top bar, side bar, work; what is said aloud; what can be taken back. */
export function Frame({
  top,
  side,
  children,
}: {
  top: ReactNode;
  side: ReactNode;
  children: ReactNode;
}): ReactNode {
  const { announced } = useNotices();
  const main = useRef<HTMLElement>(null);
  return (
    <div className={styles.frame}>
      <button
        type="button"
        className={styles.skip}
        onClick={() => {
          main.current?.focus();
        }}
      >
        Aller au contenu
      </button>
      {top}
      {side}
      <main ref={main} className={styles.main} id="contenu" tabIndex={-1}>
        {children}
      </main>
      <Notices />
      <div className="vh" role="status" aria-live="polite" aria-atomic="true" data-testid="annonce">
        {announced}
      </div>
    </div>
  );
}
