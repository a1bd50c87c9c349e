import { useRef, type ReactNode } from "react";
import { useWrite } from "~/shared/backend";
import { errorText } from "~/shared/errors";
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

/** The official page of a record. The window never leaves its own page: the desk asks the browser of the computer, and
 * the address can be copied where there is none. */
export function OfficialLink({ record, url }: { record: string; url: string }): ReactNode {
  const { notify } = useNotices();
  const { mutate: open, isPending } = useWrite("catalogue.open_page");
  const offline = useStatus()?.online === false;
  const address = useRef<HTMLSpanElement>(null);
  const copy = (): void => {
    void copied(url, address.current).then((done) => {
      notify(
        done
          ? { text: "Adresse copiée", tone: "good" }
          : { text: "L’adresse est sélectionnée : copiez-la avec Ctrl C.", tone: "warn" },
      );
    });
  };
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
        icon="outside"
        onClick={() => {
          // Not disabled meanwhile: the keyboard would lose its place.
          if (isPending) return;
          open(
            { id: record },
            {
              onSuccess: (page) => {
                if (page?.opened === true) {
                  notify({ text: "La page s’ouvre dans le navigateur", tone: "good" });
                } else {
                  notify({
                    text: "Aucun navigateur n’a pu être ouvert sur ce poste. Copiez l’adresse.",
                    tone: "warn",
                  });
                }
              },
              onError: (error) => {
                const { text, next } = errorText(error);
                notify({ text: `${text} ${next}`, tone: "bad" });
              },
            },
          );
        }}
      >
        Ouvrir la page
      </Button>
      <Button small icon="copy" onClick={copy}>
        Copier l’adresse
      </Button>
    </div>
  );
}
