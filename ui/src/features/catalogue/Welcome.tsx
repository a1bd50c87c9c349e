import { useId, type ReactNode } from "react";
import { useRead, type CatalogueStatus } from "~/shared/backend";
import { kindIcon, kindTitle } from "~/shared/catalogue/kinds";
import { releaseText, sourceText } from "~/shared/catalogue/words";
import { figure } from "~/shared/format/numbers";
import { french } from "~/shared/format/text";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import styles from "./Welcome.module.css";

/** What people ask, as they say it: pressed, it is typed. */
const EXAMPLES = [
  "garagiste",
  "que faire avec un master de sociologie ?",
  "quelles études après un bac ES ?",
  "travailler avec les animaux",
  "CAP cuisine",
  "faut-il le permis pour être ambulancier ?",
];

/** Before anything is typed: what the catalogue holds, from whom, and how it can be asked. */
export function Welcome({
  status,
  onAsk,
  onKind,
  onImport,
}: {
  status: CatalogueStatus;
  onAsk: (text: string) => void;
  onKind: (kind: string) => void;
  onImport: () => void;
}): ReactNode {
  const { data } = useRead("catalogue.search", { text: "", limit: 1 });
  const examples = useId();
  return (
    <div className={styles.welcome}>
      <section aria-label="Ce que contient le catalogue">
        <h2>{status.release === null ? "Le catalogue" : `Le catalogue du ${releaseText(status.release)}`}</h2>
        <ul className={styles.kinds}>
          {data?.groups.map((group) => (
            <li key={group.kind}>
              <button
                type="button"
                onClick={() => {
                  onKind(group.kind);
                }}
              >
                <Icon name={kindIcon(group.kind)} />
                <b className="num">{figure(group.total)}</b>
                <span>{kindTitle(group.kind)}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby={examples}>
        <h3 id={examples}>Ce que l’on peut demander</h3>
        <ul className={styles.examples}>
          {EXAMPLES.map((example) => (
            <li key={example}>
              <button
                type="button"
                onClick={() => {
                  onAsk(french(example));
                }}
              >
                {french(example)}
              </button>
            </li>
          ))}
        </ul>
        <p className="sub">Un code UAI, un code ROME ou un identifiant se trouvent aussi.</p>
      </section>
      {status.sources.length > 0 && (
        <section aria-label="D’où il vient">
          <h3>D’où il vient</h3>
          <ul className={styles.sources}>
            {[...new Set(status.sources.map(sourceText))].map((source) => (
              <li key={source}>{french(source)}</li>
            ))}
          </ul>
        </section>
      )}
      <div>
        <Button small icon="download" onClick={onImport}>
          Mettre à jour le catalogue…
        </Button>
      </div>
    </div>
  );
}
