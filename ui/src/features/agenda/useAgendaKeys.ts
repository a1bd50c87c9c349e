import { useShortcuts } from "~/shared/keyboard/keyboard";
import type { View } from "./views";

const COLUMNS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
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

/** The place of the key counts: a French keyboard writes & é " there. */
function digitOf(event: KeyboardEvent): number {
  return Number(/^Digit(\d)$/.exec(event.code)?.[1] ?? event.key);
}

/** The keys of the agenda. Inside the grid the arrows walk its cells, so that the day changes by the same keys with Alt. */
export function useAgendaKeys(does: {
  step: (by: 1 | -1) => void;
  today: () => void;
  ask: () => void;
  /** A booking at the next free slot. */
  next: () => void;
  /** The past meetings of which nobody said the end. */
  sweep: () => void;
  view: (view: View) => void;
  /** A digit: 0 is everybody. */
  column: (digit: number) => void;
  /** A named group of columns; false when there is none of this number. */
  group: (digit: number) => boolean;
  /** False when nothing is being moved. */
  drop: () => boolean;
}): void {
  useShortcuts("Agenda", [
    { keys: "t", label: "Aujourd’hui", run: does.today },
    {
      keys: ["ArrowLeft", "Alt+ArrowLeft"],
      label: "Jour, semaine ou mois d’avant (avec Alt dans la grille)",
      run: () => {
        does.step(-1);
      },
    },
    {
      keys: ["ArrowRight", "Alt+ArrowRight"],
      label: "Jour, semaine ou mois d’après (avec Alt dans la grille)",
      run: () => {
        does.step(1);
      },
    },
    { keys: "g", label: "Aller à une date", run: does.ask },
    { keys: "n", label: "Poser au prochain créneau libre", run: does.next },
    { keys: "f", label: "Fin de journée : compléter les statuts manquants", run: does.sweep },
    {
      keys: "j",
      label: "Vue du jour",
      run: () => {
        does.view("day");
      },
    },
    {
      keys: "s",
      label: "Vue de la semaine",
      run: () => {
        does.view("week");
      },
    },
    {
      keys: "o",
      label: "Vue du mois",
      run: () => {
        does.view("month");
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
      shown: ["0", "1", "…", "9"],
      label: "Montrer ou cacher une colonne ; en semaine, choisir la personne ; 0 : tous",
      run: (event) => {
        does.column(digitOf(event));
      },
    },
    {
      keys: COLUMNS.slice(1).map((digit) => `Alt+${digit}`),
      shown: ["Alt+1", "…", "Alt+9"],
      label: "Montrer un groupe de colonnes",
      run: (event) => does.group(digitOf(event)),
    },
    ...ON_A_CELL.map(([keys, label]) => ({ keys, label, local: true, run: () => undefined })),
    { keys: "Escape", label: "Abandonner un déplacement", run: does.drop },
  ]);
}
