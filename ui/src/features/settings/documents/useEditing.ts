import { useNotices } from "~/shared/notices/notices";
import { useChecked, type Checked } from "./useChecked";
import { useDocument, type Doc, type Editing, type Entity } from "./useDocument";
import { useSave, type Saving } from "./useSave";

/** What each editor of one document does alike: typing, checking, saving as one step, giving up. */
export interface OneEditor<E extends Entity> {
  editing: Editing<E>;
  checked: Checked;
  saving: Saving;
  /** What is typed; what was refused before is forgotten. */
  change: (part: Partial<Doc<E>>) => void;
  /** Saves what is typed; `said` is what the notice says. Nothing typed is said and nothing is sent. */
  save: (said: string, then?: () => void) => void;
  /** Gives up what is typed. */
  giveUp: () => void;
}

/** Works on one document as `useDocument` does, with its checks and its saving. */
export function useEditing<E extends Entity>(
  entity: E,
  slot: string,
  current: Doc<E> | null,
  blank?: Doc<E>,
): OneEditor<E> {
  const { announce } = useNotices();
  const editing = useDocument(entity, slot, current, blank);
  const saving = useSave();
  const checked = useChecked([editing.toChange()], saving.refused, editing.dirty);
  const giveUp = (): void => {
    checked.reset();
    editing.discard();
  };
  return {
    editing,
    checked,
    saving,
    giveUp,
    change: (part) => {
      saving.forget();
      editing.change(part);
    },
    save: (said, then) => {
      if (!editing.dirty) {
        announce("Rien à enregistrer");
        return;
      }
      saving.save([editing.toChange()], said, () => {
        giveUp();
        then?.();
      });
    },
  };
}
