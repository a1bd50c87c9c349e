import type { ReactNode } from "react";
import type { CatalogueAnswer, CatalogueReason } from "~/shared/backend";
import { fold, french } from "~/shared/format/text";
import styles from "./Catalogue.module.css";

/** Ways of finding that are worth saying: the others found the very words. */
const EXPLAINED = new Set(["synonym", "repaired", "alike"]);
const MOST = 3;

/** What was understood otherwise than it was typed: `grargiste → garagiste`. */
function understood(answer: CatalogueAnswer): CatalogueReason[] {
  const seen = new Map<string, CatalogueReason>();
  for (const group of answer.groups)
    for (const hit of group.hits)
      for (const reason of hit.why) {
        if (reason.found === null || !EXPLAINED.has(reason.how)) continue;
        if (fold(reason.found) === fold(reason.asked)) continue;
        const key = fold(reason.asked);
        if (!seen.has(key)) seen.set(key, reason);
      }
  return [...seen.values()].slice(0, MOST);
}

/** How the question was taken, where that is not plain: unknown words, words left out, words taken for others. */
export function Notes({
  answer,
  why,
}: {
  answer: CatalogueAnswer;
  why: (reason: CatalogueReason) => string;
}): ReactNode {
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
        {taken.map(why).join(", ")}
      </p>,
    );
  if (lines.length === 0) return null;
  return <div className={styles.notes}>{lines}</div>;
}
