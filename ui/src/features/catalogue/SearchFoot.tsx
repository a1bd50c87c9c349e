import type { ReactNode } from "react";
import type { CatalogueStatus } from "~/shared/backend";
import { releaseText } from "~/shared/catalogue/words";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { KeyHints } from "~/shared/ui/KeyHints";
import { Foot } from "~/shared/ui/Screen";
import { percentOf } from "./importWords";
import type { For, Marked } from "./memory";
import styles from "./Catalogue.module.css";

/** What is to be compared, the keys of the screen, and how old the catalogue is. */
export function SearchFoot({
  status,
  marked,
  forEnquiry,
  drawer,
  onCompare,
  onClear,
  onImport,
}: {
  status: CatalogueStatus | null;
  marked: readonly Marked[];
  forEnquiry: For | null;
  /** The preview is a drawer, which a key opens. */
  drawer: boolean;
  onCompare: () => void;
  onClear: () => void;
  onImport: () => void;
}): ReactNode {
  const work = status?.import ?? null;
  const release = status?.release ?? null;
  const percent = work === null ? null : percentOf(work);
  return (
    <>
      {marked.length > 0 && (
        <section className={styles.tray} aria-label="À comparer">
          <Icon name="columns" />
          <ul>
            {marked.map((one) => (
              <li key={one.id}>{one.title}</li>
            ))}
          </ul>
          {marked.length < 2 ? (
            <span className="sub">Marquez-en une deuxième avec C</span>
          ) : (
            <Button small icon="columns" shortcut="v" onClick={onCompare}>
              Comparer les {String(marked.length)}
            </Button>
          )}
          <Button small tone="quiet" onClick={onClear}>
            Ne plus comparer
          </Button>
        </section>
      )}
      <Foot>
        <KeyHints
          hints={[
            { keys: ["ArrowUp", "ArrowDown"], label: "parcourir" },
            { keys: "Enter", label: "ouvrir" },
            ...(drawer ? [{ keys: "a", label: "aperçu" }] : []),
            { keys: "/", label: "chercher" },
            { keys: "f", label: "affiner" },
            { keys: "p", label: "épingler" },
            { keys: "c", label: "comparer" },
            ...(forEnquiry === null ? [] : [{ keys: "i", label: "insérer" }]),
          ]}
        />
        <button type="button" className={styles.update} onClick={onImport}>
          {work !== null
            ? `Mise à jour en cours${percent === null ? "" : `, ${String(percent)}\u00a0%`}`
            : `${release === null ? "" : `Catalogue du ${releaseText(release)} · `}Mettre à jour…`}
        </button>
      </Foot>
    </>
  );
}
