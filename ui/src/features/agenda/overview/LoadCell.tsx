import type { CSSProperties, ReactNode } from "react";
import { french, plural } from "~/shared/format/text";
import { Icon } from "~/shared/ui/Icon";
import { levelOf, loadText, share, type Load } from "./load";
import styles from "./overview.module.css";

/** Counts with a bar of what is taken: full is said by its word, absent and closed by theirs and a pattern. */
export function LoadCell({ load, passed }: { load: Load; passed: boolean }): ReactNode {
  const level = levelOf(load, passed);
  const style = { "--share": share(load) } as CSSProperties;
  return (
    <div className={styles.load} data-level={level} data-passed={passed} style={style}>
      <span className="vh">{loadText(load, passed)}</span>
      <span aria-hidden="true" className={styles.words}>
        {level === "closed" ? (
          <span className={styles.second}>–</span>
        ) : level === "absent" ? (
          <>
            <span className={styles.second}>
              <Icon name="exit" small /> Absence
            </span>
            {load.booked > 0 && <span className={styles.second}>{load.booked} RDV</span>}
          </>
        ) : level === "school" ? (
          <>
            <span className={styles.second}>Permanence</span>
            <span className={styles.second}>
              {load.booked} RDV
              {load.site !== null && <span className={styles.place}> · {french(load.site)}</span>}
            </span>
          </>
        ) : (
          <>
            <span className={styles.first}>
              <b>{load.booked}</b> RDV
              {load.site !== null && <span className={styles.place}> · {french(load.site)}</span>}
            </span>
            {!passed && (
              <span className={styles.second}>
                {level === "full" ? <b>complet</b> : plural(load.free, "libre")}
              </span>
            )}
            {passed && load.missing > 0 && (
              <span className={styles.second}>
                <Icon name="help" small /> {plural(load.missing, "manquant")}
              </span>
            )}
          </>
        )}
      </span>
      {level !== "closed" && level !== "absent" && level !== "school" && (
        <span className={styles.bar} aria-hidden="true" />
      )}
    </div>
  );
}
