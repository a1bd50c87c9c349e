import type { ReactNode } from "react";
import type { KindColour } from "~/shared/backend";
import { cx } from "~/shared/format/text";
import styles from "./KindMark.module.css";

/** The marks of kinds: each colour has a word and a shape, so that it is never told by colour alone. */
export const KIND_MARKS: Record<KindColour, { word: string; shape: string; path: string }> = {
  green: { word: "Vert d’eau", shape: "rond", path: "M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z" },
  blue: { word: "Bleu", shape: "carré", path: "M2 2h8v8H2z" },
  violet: { word: "Violet", shape: "losange", path: "M6 .8 11.2 6 6 11.2.8 6z" },
  ochre: { word: "Ocre", shape: "triangle", path: "M6 1.2 11.2 10.5H.8z" },
  brick: { word: "Brique", shape: "drapeau", path: "M1.5 1.5h9L7.5 6l3 4.5h-9z" },
  olive: { word: "Olive", shape: "hexagone", path: "M3.5 1.5h5L11 6l-2.5 4.5h-5L1 6z" },
  magenta: { word: "Prune", shape: "croix", path: "M4.5 1.2h3v3.3h3.3v3H7.5v3.3h-3V7.5H1.2v-3h3.3z" },
  grey: {
    word: "Gris",
    shape: "anneau",
    path: "M6 1.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6zm0 2.6a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  },
};

/** Beside the name of a kind: read aloud it says nothing. */
export function KindMark({ colour, large }: { colour: KindColour; large?: boolean }): ReactNode {
  return (
    <svg
      viewBox="0 0 12 12"
      className={cx(styles.mark, large && styles.large, styles[colour])}
      aria-hidden="true"
      focusable="false"
    >
      <path d={KIND_MARKS[colour].path} />
    </svg>
  );
}
