import type { ReactNode, Ref } from "react";
import { cx } from "~/shared/format/text";
import styles from "./ListAndEditor.module.css";

/** What there is, with all the room until one is opened beside it. Where the window is narrow, one after the other. */
export function ListAndEditor({
  ref,
  list,
  editor,
  detail,
}: {
  ref: Ref<HTMLDivElement>;
  list: ReactNode;
  editor: ReactNode;
  /** Narrow windows show the open one instead of the list. */
  detail: boolean;
}): ReactNode {
  return (
    <div
      ref={ref}
      className={cx(styles.split, editor === null && styles.alone)}
      data-showing={detail ? "detail" : "list"}
    >
      <section className={styles.list}>{list}</section>
      {editor !== null && <section className={styles.editor}>{editor}</section>}
    </div>
  );
}
