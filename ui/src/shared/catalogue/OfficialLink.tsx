import { useRef, type ReactNode } from "react";
import { useNotices } from "~/shared/notices/notices";
import { useStatus } from "~/shared/session/session";
import { Button } from "~/shared/ui/Button";
import styles from "./Record.module.css";

/** Copies a text; where the system refuses its clipboard, what is shown is selected and copied as by hand. */
async function copied(text: string, shown: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown === null) return false;
    const range = document.createRange();
    range.selectNodeContents(shown);
    const selection = window.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    return false;
  }
}

/** The official page of a record. The window never leaves its own page: the address is given to be opened elsewhere. */
export function OfficialLink({ url }: { url: string }): ReactNode {
  const { notify } = useNotices();
  const offline = useStatus()?.online === false;
  const address = useRef<HTMLSpanElement>(null);
  return (
    <div className={styles.official}>
      <p>
        <span className="sub">Page officielle{offline && ", à lire quand le réseau sera revenu"}</span>
        <span ref={address} className={styles.address}>
          {url}
        </span>
      </p>
      <Button
        small
        icon="copy"
        onClick={() => {
          void copied(url, address.current).then((done) => {
            notify(
              done
                ? { text: "Adresse copiée", tone: "good" }
                : { text: "L’adresse est sélectionnée : copiez-la avec Ctrl C.", tone: "warn" },
            );
          });
        }}
      >
        Copier l’adresse
      </Button>
    </div>
  );
}
