import { useState } from "react";
import { useWrite, type BackendError, type FieldError, type SettingChange } from "~/shared/backend";
import { refusalOf } from "~/shared/booking/warnings";
import { errorText } from "~/shared/errors";
import { useNotices } from "~/shared/notices/notices";

export interface Saving {
  /** Sends the changes; `said` is what the notice says once it is done. */
  save: (changes: SettingChange[], said: string, then?: () => void, acceptHits?: boolean) => void;
  /** Fields that were refused, by their place in the list of changes: `0.name`. */
  refused: FieldError[];
  forget: () => void;
  isPending: boolean;
}

/** Saves settings as one step that can be taken back. `onHits` is told when meetings to come would lose their ground. */
export function useSave(onHits?: (error: BackendError) => void): Saving {
  const { mutate, isPending } = useWrite("settings.save");
  const { notify } = useNotices();
  const [refused, setRefused] = useState<FieldError[]>([]);
  return {
    refused,
    isPending,
    forget: () => {
      setRefused([]);
    },
    save: (changes, said, then, acceptHits = false) => {
      if (isPending) return;
      mutate(
        { changes, accept_hits: acceptHits },
        {
          onSuccess: (done) => {
            setRefused([]);
            notify({ text: said, tone: "good", undoable: done.undoable });
            then?.();
          },
          onError: (error) => {
            const { fields } = refusalOf(error.params, error.code);
            if (fields.length > 0) {
              setRefused(fields);
              return;
            }
            if (error.code === "meetings_hit" && onHits !== undefined) {
              onHits(error);
              return;
            }
            const { text, next, severity } = errorText(error);
            notify({ text: `${text} ${next}`, tone: severity });
          },
        },
      );
    },
  };
}
