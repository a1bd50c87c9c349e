import { useShortcuts } from "~/shared/keyboard/keyboard";

const COLUMNS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
/** Handled by the cell that has the focus; named here so that they are listed. */
const ON_A_CELL: [string, string][] = [
  ["Enter", "Poser, ou ouvrir le rendez-vous"],
  ["a", "Arrivé"],
  ["v", "Vu ; ou déposer ce qui est coupé, sur un créneau libre"],
  ["m", "Absent"],
  ["e", "Excusé"],
  ["x", "Couper pour déplacer"],
  ["Delete", "Annuler le rendez-vous, avec un motif"],
  ["d", "Détails d’un rendez-vous annulé ou excusé"],
];

/** The keys of the agenda. Inside the grid the arrows walk its cells, so that the day changes by the same keys with Alt. */
export function useAgendaKeys(does: {
  step: (by: 1 | -1) => void;
  today: () => void;
  ask: () => void;
  view: (view: "day" | "list") => void;
  column: (place: number) => void;
  /** False when nothing is being moved. */
  drop: () => boolean;
}): void {
  useShortcuts("Agenda", [
    { keys: "t", label: "Aujourd’hui", run: does.today },
    {
      keys: ["ArrowLeft", "Alt+ArrowLeft"],
      label: "Jour précédent (avec Alt dans la grille)",
      run: () => {
        does.step(-1);
      },
    },
    {
      keys: ["ArrowRight", "Alt+ArrowRight"],
      label: "Jour suivant (avec Alt dans la grille)",
      run: () => {
        does.step(1);
      },
    },
    { keys: "g", label: "Aller à une date", run: does.ask },
    {
      keys: "j",
      label: "Vue du jour",
      run: () => {
        does.view("day");
      },
    },
    {
      keys: "l",
      label: "Vue en liste",
      run: () => {
        does.view("list");
      },
    },
    {
      keys: COLUMNS,
      shown: ["1", "…", "9"],
      label: "Montrer ou cacher une colonne",
      run: (event) => {
        const digit = /^Digit(\d)$/.exec(event.code)?.[1] ?? event.key;
        does.column(Number(digit));
      },
    },
    ...ON_A_CELL.map(([keys, label]) => ({ keys, label, local: true, run: () => undefined })),
    { keys: "Escape", label: "Abandonner un déplacement", run: does.drop },
  ]);
}
