import type { ReactNode } from "react";
import { Bar, Screen, Work } from "~/shared/ui/Screen";

export function Agenda(): ReactNode {
  return (
    <Screen>
      <Work labelledBy="jour">
        <Bar>
          <h1 id="jour">Agenda</h1>
        </Bar>
      </Work>
    </Screen>
  );
}
