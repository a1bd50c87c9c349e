import { Fragment, type ReactNode } from "react";
import type { TextPiece } from "~/shared/backend";

/** A text with the words of the question underlined. */
export function Pieces({ pieces }: { pieces: readonly TextPiece[] }): ReactNode {
  return pieces.map((piece, index) => {
    // Spaces are left alone: a piece may begin or end with one. Pieces have no identity but their place.
    const text = piece.text.replace(/'/g, "’");
    return piece.hit ? <mark key={index}>{text}</mark> : <Fragment key={index}>{text}</Fragment>;
  });
}
