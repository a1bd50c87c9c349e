import type { ReactNode } from "react";
import type { BackendFailure } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import styles from "./Agenda.module.css";

/** Over the day before until the one that the title names is there: nobody reads one day under the name of another. */
export function LateDay({ failure }: { failure: BackendFailure | null }): ReactNode {
  return (
    <div className={styles.late}>
      {failure === null ? (
        <Loading lines={8} />
      ) : (
        <EmptyState title={errorText(failure).text}>{errorText(failure).next}</EmptyState>
      )}
    </div>
  );
}
