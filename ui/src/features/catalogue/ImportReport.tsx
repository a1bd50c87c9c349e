import type { ReactNode } from "react";
import type { CatalogueImported, CatalogueReject } from "~/shared/backend";
import { kindTitle } from "~/shared/catalogue/kinds";
import { counted, figure } from "~/shared/format/numbers";
import { french } from "~/shared/format/text";
import { Icon } from "~/shared/ui/Icon";
import { Note } from "~/shared/ui/Note";
import { endText, fileName } from "./importWords";
import { Failure } from "./ImportView";
import styles from "./Import.module.css";

/** What became of the last import: how many of each kind, and each row and file that was left out, with why. */
export function ImportReport({ last, kept }: { last: CatalogueImported; kept: boolean }): ReactNode {
  return (
    <section className={styles.report} aria-label="Dernier import">
      {last.failed === null ? (
        <p className={styles.done}>
          <Icon name="check" />
          <span>
            <b>{endText(last)}</b>, en {lasted(last.seconds)}.
          </span>
        </p>
      ) : last.failed.code === "stopped" ? (
        <Note tone="info">
          <b>{endText(last)}.</b>{" "}
          {kept ? "Le catalogue en service est resté le même." : "Rien n’a été gardé."}
        </Note>
      ) : (
        <>
          <Failure failure={{ code: last.failed.code, params: paramsOf(last.failed.params) }} />
          {kept && <p>Le catalogue en service est resté le même.</p>}
        </>
      )}
      {last.by_kind.length > 0 && (
        <table className={styles.kinds}>
          <caption className="vh">Fiches par nature</caption>
          <thead>
            <tr>
              <th scope="col">Nature</th>
              <th scope="col">Fiches</th>
            </tr>
          </thead>
          <tbody>
            {last.by_kind.map((kind) => (
              <tr key={kind.value}>
                <th scope="row">{kindTitle(kind.value)}</th>
                <td className="num">{figure(kind.hits)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {last.rejected > 0 && (
        <details className={styles.left} open={last.rejects.length <= 5}>
          <summary>
            {counted(last.rejected, "ligne n’a pas pu être gardée", "lignes n’ont pas pu être gardées")}
            {last.rejects.length < last.rejected && (
              <span className="sub"> les {figure(last.rejects.length)} premières</span>
            )}
          </summary>
          <Rejects rejects={last.rejects} caption="Lignes écartées" withLine />
        </details>
      )}
      {last.ignored.length > 0 && (
        <details className={styles.left}>
          <summary>
            {counted(last.ignored.length, "fichier laissé de côté", "fichiers laissés de côté")}
          </summary>
          <Rejects rejects={last.ignored} caption="Fichiers laissés de côté" />
        </details>
      )}
    </section>
  );
}

function paramsOf(params: unknown): Record<string, unknown> {
  return typeof params === "object" && params !== null ? (params as Record<string, unknown>) : {};
}

function lasted(seconds: number): string {
  if (seconds < 1) return "moins d’une seconde";
  if (seconds < 90) return counted(Math.round(seconds), "seconde", "secondes");
  return `${figure(Math.round(seconds / 60))}\u00a0min`;
}

function Rejects({
  rejects,
  caption,
  withLine,
}: {
  rejects: readonly CatalogueReject[];
  caption: string;
  withLine?: boolean;
}): ReactNode {
  return (
    <div className={styles.scroll} role="region" aria-label={caption} tabIndex={0}>
      <table className={styles.rejects}>
        <caption className="vh">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Fichier</th>
            {withLine && <th scope="col">Ligne</th>}
            <th scope="col">Raison</th>
          </tr>
        </thead>
        <tbody>
          {rejects.map((one, index) => (
            // The same file and line can be told twice, for two reasons.
            <tr key={index}>
              <td>{fileName(one.file)}</td>
              {withLine && <td className="num">{one.line === null ? "" : figure(one.line)}</td>}
              <td>{french(one.reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
