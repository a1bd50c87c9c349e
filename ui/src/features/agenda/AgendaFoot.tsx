import type { ReactNode } from "react";
import { Chip } from "~/shared/ui/Chip";
import { KeyHints } from "~/shared/ui/KeyHints";
import { Foot } from "~/shared/ui/Screen";
import type { StateName } from "~/shared/ui/states";
import styles from "./Agenda.module.css";

const LEGEND: StateName[] = [
  "held",
  "booked",
  "arrived",
  "attended",
  "no_show",
  "excused",
  "cancelled",
  "conflict",
  "provisional",
];

export function AgendaFoot(): ReactNode {
  return (
    <Foot>
      <ul className={styles.legend} aria-label="Légende des états">
        {LEGEND.map((state) => (
          <li key={state}>
            <Chip state={state} />
          </li>
        ))}
      </ul>
      <KeyHints
        hints={[
          { keys: "a", label: "arrivé" },
          { keys: "v", label: "vu" },
          { keys: "m", label: "absent" },
        ]}
      />
    </Foot>
  );
}
