import { useEffect, useState, type ReactNode } from "react";
import { NOTICE_MS, useNotices, type Notice } from "~/shared/notices/notices";
import { Button, IconButton } from "~/shared/ui/Button";
import { cx } from "~/shared/format/text";
import styles from "./Notices.module.css";

/** What was just done, ten seconds long, with the way back. The time stands still under the pointer and the focus. */
export function Notices(): ReactNode {
  const { list, undoableId } = useNotices();
  const [held, setHeld] = useState(false);
  return (
    <section
      className={styles.place}
      aria-label="Ce qui vient d’être fait"
      aria-live="polite"
      onMouseEnter={() => {
        setHeld(true);
      }}
      onMouseLeave={() => {
        setHeld(false);
      }}
      onFocus={() => {
        setHeld(true);
      }}
      onBlur={() => {
        setHeld(false);
      }}
    >
      {list.map((notice) => (
        <OneNotice key={notice.id} notice={notice} held={held} undoable={notice.id === undoableId} />
      ))}
    </section>
  );
}

function OneNotice({
  notice,
  held,
  undoable,
}: {
  notice: Notice;
  held: boolean;
  undoable: boolean;
}): ReactNode {
  const { dismiss, undo } = useNotices();
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => {
      dismiss(notice.id);
    }, NOTICE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [notice.id, held, dismiss]);
  return (
    <div className={cx(styles.notice, styles[notice.tone])}>
      <span>{notice.text}</span>
      {notice.action !== undefined && (
        <Button
          small
          onClick={() => {
            notice.action?.run();
            dismiss(notice.id);
          }}
        >
          {notice.action.label}
        </Button>
      )}
      {undoable ? (
        <Button small icon="undo" shortcut="Ctrl+z" onClick={undo}>
          Annuler
        </Button>
      ) : (
        <IconButton
          icon="close"
          label="Fermer ce message"
          onClick={() => {
            dismiss(notice.id);
          }}
        />
      )}
    </div>
  );
}
