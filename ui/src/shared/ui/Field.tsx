import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
} from "react";
import { cx } from "~/shared/format/text";
import styles from "./Field.module.css";
import { Icon } from "./Icon";

interface Labelled {
  label: string;
  /** Stands beside the label, lighter. */
  hint?: ReactNode;
  /** In words, under the field; it is also what screen readers say of it. */
  error?: string | null | undefined;
  /** The label is read aloud only. */
  labelHidden?: boolean;
}

/** A label, its control and its error, tied together. */
export function Field({
  label,
  hint,
  error,
  labelHidden,
  children,
}: Labelled & {
  children: (ids: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": true | undefined;
  }) => ReactNode;
}): ReactNode {
  const id = useId();
  const errorId = `${id}-error`;
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={labelHidden ? "vh" : styles.label}>
        {label}
        {hint !== undefined && <span className={styles.hint}> {hint}</span>}
      </label>
      {children({
        id,
        "aria-describedby": error ? errorId : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {error && (
        <p id={errorId} className={styles.error}>
          <Icon name="alert" small />
          {error}
        </p>
      )}
    </div>
  );
}

export function TextField({
  label,
  hint,
  error,
  labelHidden,
  className,
  ...input
}: Labelled & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} {...(labelHidden ? { labelHidden } : {})}>
      {(ids) => (
        <input
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...input}
          {...ids}
          className={cx(styles.input, className)}
        />
      )}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  labelHidden,
  className,
  ...area
}: Labelled & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> }): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} {...(labelHidden ? { labelHidden } : {})}>
      {(ids) => <textarea {...area} {...ids} className={cx(styles.area, className)} />}
    </Field>
  );
}

export function Checkbox({
  children,
  ...input
}: Omit<InputHTMLAttributes<HTMLInputElement>, "type"> & { children: ReactNode }): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" {...input} />
      {children}
    </label>
  );
}

/** A question with its small set of boxes on one line. */
export function InlineChoices({ legend, children }: { legend: string; children: ReactNode }): ReactNode {
  return (
    <div role="group" aria-label={legend} className={styles.inline}>
      <span className={styles.label} aria-hidden="true">
        {legend}
      </span>
      {children}
    </div>
  );
}

export { styles as fieldStyles };
