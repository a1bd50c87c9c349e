import type { ReactNode } from "react";
import {
  Button as AriaButton,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from "react-aria-components";
import { cx } from "~/shared/format/text";
import { Icon } from "./Icon";
import field from "./Field.module.css";
import styles from "./Select.module.css";

export interface Option<V extends string> {
  value: V;
  label: string;
}

/** One choice among a few, the same on every system. */
export function Select<V extends string>({
  label,
  labelHidden,
  options,
  value,
  onChange,
  placeholder,
  className,
}: {
  label: string;
  labelHidden?: boolean;
  options: readonly Option<V>[];
  value: V | null;
  onChange: (value: V) => void;
  placeholder?: string;
  className?: string | undefined;
}): ReactNode {
  return (
    <AriaSelect
      className={cx(field.field, className)}
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key);
        if (chosen) onChange(chosen.value);
      }}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(labelHidden ? { "aria-label": label } : {})}
    >
      {!labelHidden && <Label className={field.label ?? ""}>{label}</Label>}
      <AriaButton className={styles.button ?? ""}>
        <SelectValue className={styles.value ?? ""}>
          {({ selectedText }) => selectedText ?? placeholder}
        </SelectValue>
        <Icon name="down" />
      </AriaButton>
      <Popover className={styles.popover ?? ""} offset={4}>
        <ListBox
          className={styles.list ?? ""}
          items={options.map((option) => ({ ...option, id: option.value }))}
        >
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className={styles.option ?? ""}>
              <Icon name="check" small />
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
