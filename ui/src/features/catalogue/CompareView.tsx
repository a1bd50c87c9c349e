import { useEffect, useRef, useState, type ReactNode } from "react";
import { useReads, type CatalogueRecord } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { cx, french } from "~/shared/format/text";
import { Button, IconButton } from "~/shared/ui/Button";
import { Checkbox } from "~/shared/ui/Field";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { rowsOf, type Row } from "./compare";
import type { Marked } from "./memory";
import { Page } from "./Page";
import styles from "./CompareView.module.css";

/** Two or three programmes side by side; where they differ is said by a sign, a word and the weight of the letters. */
export function CompareView({
  marked,
  near,
  backWord,
  onBack,
  onOpen,
  onRemove,
  onClear,
}: {
  marked: readonly Marked[];
  near: string;
  backWord: string;
  onBack: () => void;
  onOpen: (id: string) => void;
  onRemove: (one: Marked) => void;
  onClear: () => void;
}): ReactNode {
  const [onlyDifferences, setOnly] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, []);
  const reads = useReads(
    "catalogue.get",
    marked.map(({ id }) => ({ id, near: near === "" ? null : near, places: 1 })),
  );
  const failed = reads.find((read) => read.error !== null)?.error ?? null;
  const waiting = reads.some((read) => read.data === undefined);
  const records = reads.flatMap((read): CatalogueRecord[] => (read.data ? [read.data] : []));
  const rows = rowsOf(records);
  const shown = onlyDifferences ? rows.filter((row) => row.differs) : rows;
  return (
    <Page
      label="Comparaison"
      backWord={backWord}
      onBack={onBack}
      actions={
        <Button small icon="close" onClick={onClear}>
          Ne plus comparer
        </Button>
      }
    >
      <div className={styles.head}>
        <h2 ref={title} tabIndex={-1}>
          {records.length < 2
            ? "Comparer des formations"
            : `${String(records.length)} formations côte à côte`}
        </h2>
        {records.length > 1 && (
          <Checkbox
            checked={onlyDifferences}
            onChange={(event) => {
              setOnly(event.target.checked);
            }}
          >
            Seulement ce qui diffère
          </Checkbox>
        )}
      </div>
      {failed !== null ? (
        <EmptyState title={errorText(failed).text}>{errorText(failed).next}</EmptyState>
      ) : waiting ? (
        <Loading lines={8} />
      ) : records.length < 2 ? (
        <EmptyState title="Il faut deux formations.">
          Dans les résultats, marquez-en deux ou trois avec la touche C, puis revenez ici.
        </EmptyState>
      ) : (
        <div className={styles.scroll} role="region" aria-label="Tableau de comparaison" tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <td />
                {records.map((record) => (
                  <th key={record.id} scope="col">
                    <div className={styles.name}>
                      <button
                        type="button"
                        className={styles.link}
                        onClick={() => {
                          onOpen(record.id);
                        }}
                      >
                        {french(record.title)}
                      </button>
                      <IconButton
                        icon="close"
                        label={`Retirer ${record.title}`}
                        onClick={() => {
                          onRemove({ id: record.id, title: record.title });
                        }}
                      />
                    </div>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Line key={row.key} row={row} records={records} />
              ))}
            </tbody>
          </table>
          {shown.length === 0 && <p className={styles.same}>Rien ne les distingue dans le catalogue.</p>}
        </div>
      )}
    </Page>
  );
}

function Line({ row, records }: { row: Row; records: readonly CatalogueRecord[] }): ReactNode {
  return (
    <tr className={cx(row.differs && styles.differs)}>
      <th scope="row">
        {row.name}
        {row.differs && (
          <span className={styles.sign}>
            <span aria-hidden="true">≠</span>
            <span className="vh">, ils diffèrent</span>
          </span>
        )}
      </th>
      {row.cells.map((cell, index) => (
        <td key={records[index]?.id ?? index}>
          {cell.values.length === 0 ? (
            <span className="sub">non précisé</span>
          ) : cell.values.length === 1 ? (
            <Value text={cell.values[0] ?? ""} own={cell.own} />
          ) : (
            <ul>
              {cell.values.map((value) => (
                <li key={value}>
                  <Value text={value} own={cell.own} />
                </li>
              ))}
            </ul>
          )}
        </td>
      ))}
    </tr>
  );
}

function Value({ text, own }: { text: string; own: ReadonlySet<string> }): ReactNode {
  // A whole paragraph in bold would stress nothing.
  return own.has(text) && text.length < 80 ? <b>{french(text)}</b> : french(text);
}
