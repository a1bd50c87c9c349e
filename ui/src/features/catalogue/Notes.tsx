import type { ReactNode } from "react";
import type { CatalogueAnswer } from "~/shared/backend";
import { reasonText } from "~/shared/catalogue/words";
import { fold, french } from "~/shared/format/text";
import styles from "./Catalogue.module.css";

/** Words that were taken for others that look like them; a synonym is said where it led to. */
const REPAIRED = new Set(["repaired", "alike"]);
const MOST = 3;

/** What was understood otherwise than it was typed: `grargiste → garagiste`. */
function understood(answer: CatalogueAnswer): string[] {
  const seen = new Map<string, string>();
  for (const group of answer.groups)
    for (const hit of group.hits)
      for (const reason of hit.why) {
        if (reason.found === null || !REPAIRED.has(reason.how)) continue;
        const asked = fold(reason.asked);
        if (fold(reason.found) === asked || seen.has(asked)) continue;
        seen.set(asked, reasonText(reason, hit));
      }
  return [...seen.values()].slice(0, MOST);
}

/** How the question was taken, where that is not plain: unknown words, words left out, words taken for others. */
export function Notes({ answer }: { answer: CatalogueAnswer }): ReactNode {
  const taken = understood(answer);
  const unknown = answer.unknown.map((word) => french(`« ${word} »`)).join(", ");
  const lines: ReactNode[] = [];
  if (answer.total > 0 && unknown !== "")
    lines.push(
      <p key="unknown">
        Aucun résultat pour <b>{unknown}</b>, voici ce qui s’en approche.
      </p>,
    );
  else if (answer.total > 0 && answer.relaxed)
    lines.push(<p key="relaxed">Aucune fiche n’a tous ces mots : voici celles qui en ont le plus.</p>);
  if (taken.length > 0)
    lines.push(
      <p key="taken">
        Compris{french(" : ")}
        {taken.join(", ")}
      </p>,
    );
  if (lines.length === 0) return null;
  return <div className={styles.notes}>{lines}</div>;
}
