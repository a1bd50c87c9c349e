import type { ReactNode, Ref } from "react";
import { EmptyState } from "~/shared/ui/Panel";
import styles from "./ListAndEditor.module.css";

/** What there is, and beside it the one that is open. Where the window is narrow, one after the other. */
export function ListAndEditor({
  ref,
  list,
  editor,
  detail,
  none = "Rien d’ouvert.",
}: {
  ref: Ref<HTMLDivElement>;
  list: ReactNode;
  editor: ReactNode;
  /** Narrow windows show the open one instead of the list. */
  detail: boolean;
  none?: string;
}): ReactNode {
  return (
    <div ref={ref} className={styles.split} data-showing={detail ? "detail" : "list"}>
      <section className={styles.list}>{list}</section>
      <section className={styles.editor}>{editor ?? <EmptyState title={none} />}</section>
    </div>
  );
}
