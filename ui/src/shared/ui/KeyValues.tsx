import type { ReactNode } from "react";
import styles from "./KeyValues.module.css";

/** Facts about one thing: a label, its value. A fact that is not known is left out by giving `null`. */
export function KeyValues({
  facts,
}: {
  facts: readonly (readonly [label: string, value: ReactNode] | null)[];
}): ReactNode {
  return (
    <dl className={styles.list}>
      {facts.map((fact) =>
        fact === null || fact[1] === null || fact[1] === "" ? null : (
          <div key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
