import type { ReactNode } from "react";
import type { NextDates as Next } from "~/shared/backend";
import { cx } from "~/shared/format/text";
import { nextWords } from "./duty";
import styles from "./DutyEditor.module.css";

/** The next five days in words, before anything is saved. */
export function NextDates({ next, sentence }: { next: Next | undefined; sentence: string }): ReactNode {
  return (
    <section className={styles.next} aria-label="Les cinq prochaines dates" aria-live="polite">
      <h4>
        Les prochaines dates <span>{sentence}</span>
      </h4>
      {next === undefined || next.dates.length === 0 ? (
        <p>Aucun jour à venir avec ce choix.</p>
      ) : (
        <ol>
          {next.dates.map((one) => (
            <li key={one.date} className={cx("num", one.suppressed !== null && styles.off)}>
              {nextWords(one)}
            </li>
          ))}
          {next.ends && <li className={styles.ends}>puis plus rien</li>}
        </ol>
      )}
    </section>
  );
}
