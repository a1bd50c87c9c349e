import { useDeferredValue, useState } from "react";
import { useRead, type FieldError, type SettingChange, type SettingsPreview } from "~/shared/backend";
import { fieldErrorText } from "~/shared/errors";

export interface Checked {
  /** What is wrong with a field, in words, once it was left or saving was tried. */
  errorOf: (field: string) => string | null;
  leave: (field: string) => void;
  /** Saving was tried: everything that is wrong shows. */
  tried: boolean;
  tryNow: () => void;
  reset: () => void;
  /** A field holds what cannot be read at all. */
  unreadable: boolean;
  setUnreadable: (field: string, wrong: boolean) => void;
  preview: SettingsPreview | undefined;
  /** The preview is of what is typed now. */
  upToDate: boolean;
}

/** Holds changes against the rules while one types; nothing is told wrong at its first letter. */
export function useChecked(
  changes: SettingChange[],
  refused: readonly FieldError[],
  enabled: boolean,
): Checked {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [unreadable, setWrong] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const deferred = useDeferredValue(JSON.stringify(changes));
  const asked = useRead(
    "settings.preview",
    { changes: JSON.parse(deferred) as SettingChange[] },
    { keep: true, enabled },
  );
  const wrong = [...(asked.data?.fields ?? []), ...refused];
  return {
    errorOf: (field) => {
      const found = wrong.find((one) => one.field === `0.${field}`);
      return found === undefined || !(tried || left.has(field)) ? null : fieldErrorText(found.code, field);
    },
    leave: (field) => {
      setLeft(new Set([...left, field]));
    },
    tried,
    tryNow: () => {
      setTried(true);
    },
    reset: () => {
      setTried(false);
      setLeft(new Set());
      setWrong(new Set());
    },
    unreadable: unreadable.size > 0,
    setUnreadable: (field, is) => {
      if (unreadable.has(field) === is) return;
      const next = new Set(unreadable);
      if (is) next.add(field);
      else next.delete(field);
      setWrong(next);
    },
    preview: asked.data,
    upToDate: !asked.isPlaceholderData && deferred === JSON.stringify(changes),
  };
}
