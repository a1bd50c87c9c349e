import type { ReactNode } from "react";
import { Button } from "~/shared/ui/Button";
import { Note } from "~/shared/ui/Note";
import type { Editing, Entity } from "../documents/useDocument";
import styles from "./ChangedMeanwhile.module.css";

/** Somebody else saved the same document since the first key here: what they changed, and whose word counts. */
export function ChangedMeanwhile<E extends Entity>({
  editing,
  words,
}: {
  editing: Editing<E>;
  words: (field: string, value: unknown) => { label: string; value: string } | null;
}): ReactNode {
  const said = editing.theirs
    .map((change) => {
      const now = words(change.field, change.theirs);
      if (now === null) return null;
      const clash = editing.clashes.includes(change);
      return {
        field: change.field,
        label: now.label,
        was: words(change.field, change.base)?.value ?? "",
        theirs: now.value,
        mine: clash ? (words(change.field, change.mine)?.value ?? "") : null,
      };
    })
    .filter((one) => one !== null);
  if (!editing.dirty || said.length === 0) return null;
  const choose = editing.clashes.length > 0;
  return (
    <Note tone="warn" icon="merge" live>
      <p>
        <b>Changé entre-temps sur un autre poste.</b>{" "}
        {choose
          ? "Vous aviez changé la même chose : choisissez."
          : "Vos modifications portent sur autre chose et sont gardées."}
      </p>
      <ul className={styles.list}>
        {said.map(({ field, label, was, theirs, mine }) => (
          <li key={field}>
            <b>{label}</b> : {was === "" ? "vide" : was} → {theirs === "" ? "vide" : theirs}
            {mine !== null && <span className={styles.mine}>vous : {mine === "" ? "vide" : mine}</span>}
          </li>
        ))}
      </ul>
      {choose && (
        <p className={styles.choice}>
          <Button small onClick={editing.takeTheirs} data-choice="">
            Prendre la leur
          </Button>
          <Button small onClick={editing.keepMine}>
            Garder la mienne
          </Button>
        </p>
      )}
    </Note>
  );
}
