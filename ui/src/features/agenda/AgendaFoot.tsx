import type { ReactNode } from "react";
import { Chip } from "~/shared/ui/Chip";
import { KeyHints } from "~/shared/ui/KeyHints";
import { Foot } from "~/shared/ui/Screen";
import type { StateName } from "~/shared/ui/states";
import styles from "./Agenda.module.css";
import type { View } from "./views";

/** Where not all fit, the last are cut: those say best by themselves what they are. */
const LEGEND: StateName[] = [
  "held",
  "booked",
  "guaranteed",
  "reserved",
  "to_replace",
  "provisional",
  "arrived",
  "attended",
  "no_show",
  "excused",
  "cancelled",
];

const HINTS: Record<View, { keys: string | string[]; label: string }[]> = {
  day: [
    { keys: "a", label: "arrivé" },
    { keys: "v", label: "vu" },
    { keys: "m", label: "absent" },
  ],
  week: [
    { keys: "a", label: "arrivé" },
    { keys: "v", label: "vu" },
    { keys: "m", label: "absent" },
  ],
  month: [
    { keys: ["PageUp", "PageDown"], label: "mois" },
    { keys: "Enter", label: "ouvrir le jour" },
  ],
  list: [
    { keys: "a", label: "arrivé" },
    { keys: "v", label: "vu" },
    { keys: "m", label: "absent" },
    { keys: "e", label: "excusé" },
    { keys: "x", label: "couper" },
    { keys: "Enter", label: "montrer" },
  ],
};

const COUNTS_HINTS = [
  { keys: "1", label: "… une personne" },
  { keys: "Enter", label: "ouvrir sa semaine" },
];

/** The states where they are drawn, what a bar means where there are counts, and a few keys. */
export function AgendaFoot({ view, counts }: { view: View; counts: boolean }): ReactNode {
  return (
    <Foot>
      {counts ? (
        <p>Barre : temps déjà pris. « Libre » : un entretien court y tient.</p>
      ) : view === "list" ? (
        <p>Chaque touche agit sur la ligne choisie.</p>
      ) : (
        <ul className={styles.legend} aria-label="Légende des états">
          {LEGEND.map((state) => (
            <li key={state}>
              <Chip state={state} />
            </li>
          ))}
        </ul>
      )}
      <KeyHints hints={counts && view === "week" ? COUNTS_HINTS : HINTS[view]} />
    </Foot>
  );
}
