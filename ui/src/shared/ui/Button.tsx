import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { cx } from "~/shared/format/text";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon";
import { Kbd } from "./Kbd";

interface Common extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type"> {
  ref?: Ref<HTMLButtonElement>;
  /** Submits the form that it is in. */
  submit?: boolean;
}

export interface ButtonProps extends Common {
  /** At most one `primary` in view per task. */
  tone?: "primary" | "plain" | "quiet" | "danger";
  small?: boolean;
  icon?: IconName;
  /** The key that does the same, drawn on the button. */
  shortcut?: string;
  children: ReactNode;
}

/** Never disabled to explain something: it answers with words. `disabled` is for the time that a command runs. */
export function Button(props: ButtonProps): ReactNode {
  const { tone = "plain", small, icon, shortcut, submit, children, className, ...rest } = props;
  return (
    <button
      type={submit ? "submit" : "button"}
      className={cx(styles.button, styles[tone], small && styles.small, className)}
      aria-keyshortcuts={shortcut === undefined ? undefined : ariaKeys(shortcut)}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
      {shortcut !== undefined && <Kbd keys={shortcut} />}
    </button>
  );
}

function ariaKeys(chord: string): string {
  return chord.replace("Ctrl", "Control");
}

export interface IconButtonProps extends Common {
  icon: IconName;
  /** Its name, read aloud and shown as a tooltip. */
  label: string;
}

export function IconButton({ icon, label, submit, className, ...rest }: IconButtonProps): ReactNode {
  return (
    <button
      type={submit ? "submit" : "button"}
      className={cx(styles.iconButton, className)}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
