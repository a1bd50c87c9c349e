import { useRef, type ReactNode } from "react";
import { Button } from "~/shared/ui/Button";
import { Chip } from "~/shared/ui/Chip";
import { Icon } from "~/shared/ui/Icon";
import { ChangedMeanwhile } from "./ChangedMeanwhile";
import styles from "./Editor.module.css";
import type { Editing, Entity } from "../documents/useDocument";
import type { Checked } from "../documents/useChecked";

/** The one document that is open: what it is, its fields, and the one filled button of the task. Escape goes back to the list; what was typed waits. */
export function Editor<E extends Entity>({
  label,
  title,
  level = 3,
  editing,
  checked,
  pending,
  saving,
  saveLabel = "Enregistrer",
  words,
  onSave,
  onDiscard,
  onBack,
  extra,
  children,
}: {
  /** Read aloud as the name of the form. */
  label: string;
  title: ReactNode;
  /** Level of its heading: under that of a list, or the page's own. */
  level?: 2 | 3;
  editing: Editing<E>;
  checked: Checked;
  /** Central has not confirmed it yet. */
  pending: boolean;
  saving: boolean;
  saveLabel?: string;
  /** How its fields are named when somebody else changed them: label and value in words. */
  words: (field: string, value: unknown) => { label: string; value: string } | null;
  onSave: () => void;
  onDiscard: () => void;
  onBack: () => void;
  extra?: ReactNode;
  children: ReactNode;
}): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  const Title = level === 2 ? "h2" : "h3";
  const isNew = editing.current === null;
  const save = (): void => {
    checked.tryNow();
    const wrong = (): HTMLElement | null | undefined =>
      form.current?.querySelector<HTMLElement>("[aria-invalid], [data-choice]");
    if (checked.unreadable || editing.clashes.length > 0) {
      wrong()?.focus();
      return;
    }
    onSave();
    // What the rules refuse is painted a moment later.
    setTimeout(() => wrong()?.focus(), 120);
  };
  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.defaultPrevented) return;
        if (event.key === "Enter" && event.ctrlKey) {
          event.preventDefault();
          save();
        } else if (event.key === "Escape") {
          event.preventDefault();
          onBack();
        }
      }}
    >
      <div className={styles.head}>
        <button type="button" className={styles.back} onClick={onBack}>
          <Icon name="left" />
          Liste
        </button>
        <Title className={styles.title}>{title}</Title>
        {pending && <Chip state="provisional" />}
      </div>
      <div className={styles.scroll}>
        <ChangedMeanwhile editing={editing} words={words} />
        {children}
      </div>
      <div className={styles.foot}>
        <p className={styles.kept} role="status">
          {editing.dirty && (
            <>
              <Icon name="pen" small />
              {isNew ? "Brouillon gardé" : "Modifié, brouillon gardé"}
            </>
          )}
        </p>
        {extra}
        {editing.dirty && (
          <Button tone="quiet" onClick={onDiscard}>
            {isNew ? "Renoncer" : "Abandonner"}
          </Button>
        )}
        <Button
          tone={editing.dirty ? "primary" : "plain"}
          submit
          shortcut="Ctrl+Enter"
          disabled={saving}
          aria-disabled={!editing.dirty}
        >
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}

/** A group of fields with what it is about. */
export function Part({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <fieldset className={styles.part}>
      <legend>
        {title}
        {hint !== undefined && <span className={styles.hint}> {hint}</span>}
      </legend>
      {children}
    </fieldset>
  );
}

export { styles as editorStyles };
