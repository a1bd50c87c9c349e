import type { ReactNode } from "react";
import type { NextDates } from "~/shared/backend";
import { occurrenceText, suppressedText } from "./words";
import styles from "./Forms.module.css";

/** The next five days in words, those that do not take place said so; read again as the form changes. */
export function NextDays({ next }: { next: NextDates | undefined }): ReactNode {
  return (
    <div className={styles.next} role="status" aria-label="Les cinq prochaines dates">
      <p className={styles.nextTitle}>Les prochaines dates</p>
      {next === undefined ? (
        <p className="sub">Elles s’écrivent ici quand tout est rempli.</p>
      ) : next.dates.length === 0 ? (
        <p className="sub">Plus aucune : tout est passé.</p>
      ) : (
        <ol>
          {next.dates.map((one) => {
            const off = suppressedText(one);
            return (
              <li key={`${one.date}-${String(one.blocks[0]?.from ?? 0)}`} data-off={off !== null}>
                {occurrenceText(one)}
                {off !== null && <span className={styles.off}> {off}</span>}
              </li>
            );
          })}
          {next.ends && <li className="sub">Rien ensuite.</li>}
        </ol>
      )}
    </div>
  );
}
