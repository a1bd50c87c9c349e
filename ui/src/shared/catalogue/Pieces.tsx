import { Fragment, type ReactNode } from "react";
import type { TextPiece } from "~/shared/backend";

/** A text with the words of the question underlined. */
export function Pieces({ pieces }: { pieces: readonly TextPiece[] }): ReactNode {
  return pieces.map((piece, index) => {
    // A piece may begin or end with a space, which stays. Pieces have no identity but their place.
    const text = piece.text
      .replace(/'/g, "’")
      .replace(/ ([;?!»])/g, "\u202f$1")
      .replace(/ :/g, "\u00a0:");
    return piece.hit ? <mark key={index}>{text}</mark> : <Fragment key={index}>{text}</Fragment>;
  });
}
