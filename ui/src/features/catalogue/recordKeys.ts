import type { Shortcut } from "~/shared/keyboard/keyboard";

/** What the keys of a record do where it is shown; null where there is nothing to do it with. */
export interface RecordActs {
  /** Pins, takes off, or asks for whom. */
  onPin: () => void;
  onMark: () => void;
  onCompare: (() => void) | null;
  onInsert: (() => void) | null;
}

/** The keys of the record that is looked at, the same in the list and on its page. */
export function recordKeys(
  record: { kind: string } | null,
  { onPin, onMark, onCompare, onInsert }: RecordActs,
): Shortcut[] {
  /** Gives the key on where there is nothing to do. */
  const when = (act: (() => void) | null): (() => boolean) => {
    return () => {
      if (act === null) return false;
      act();
      return true;
    };
  };
  return [
    {
      keys: "c",
      label: "Mettre à comparer",
      run: when(record?.kind === "programme" ? onMark : null),
    },
    { keys: "v", label: "Voir la comparaison", run: when(onCompare) },
    { keys: "p", label: "Épingler, ou retirer", run: when(record === null ? null : onPin) },
    { keys: "i", label: "Insérer dans la réponse", run: when(record === null ? null : onInsert) },
  ];
}
