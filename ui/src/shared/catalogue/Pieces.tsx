import type { ReactNode } from "react";
import type { TextPiece } from "~/shared/backend";

/** A text with the words of the question underlined. */
export function Pieces({ pieces }: { pieces: readonly TextPiece[] }): ReactNode {
  return pieces.map((piece, index) =>
    // Pieces have no identity but their place.
    piece.hit ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
  );
}
