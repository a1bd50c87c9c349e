import { useEffect, useRef } from "react";
import { asBackendError, useBackend, type CatalogueRecord, type EnquiryView } from "~/shared/backend";
import { appended, insertedText, replyText } from "~/shared/catalogue/reply";
import { errorText } from "~/shared/errors";
import { useNotices } from "~/shared/notices/notices";
import type { AnswerDraft } from "./useAnswer";

/** The home of who asks, as the catalogue reads it. */
export function homeOf(view: Pick<EnquiryView, "postal_code" | "communes">): string {
  return [view.postal_code, view.communes[0]].filter(Boolean).join(" ");
}

/** Where in the answer a piece goes: in the place of these two letters, else under what is written. */
export interface Spot {
  from: number;
  to: number;
}

/** The text with a piece in the place of a spot, and where one goes on writing. */
export function put(text: string, piece: string, spot: Spot | null): { text: string; caret: number } {
  if (spot === null) {
    const next = appended(text, piece);
    return { text: next, caret: next.length };
  }
  const before = text.slice(0, spot.from);
  return { text: before + piece + text.slice(spot.to), caret: before.length + piece.length };
}

/** Puts a record of the catalogue into the answer that is being written, with what is nearest to the home. */
export function useInsertion(
  view: EnquiryView,
  draft: AnswerDraft,
): (id: string, spot?: Spot | null) => Promise<number | null> {
  const backend = useBackend();
  const { notify } = useNotices();
  // What was typed while the record was on its way stays.
  const kept = useRef(draft.text);
  useEffect(() => {
    kept.current = draft.text;
  });
  return async (id, spot = null) => {
    const near = homeOf(view);
    try {
      const record = await backend.call<CatalogueRecord | null>("catalogue.get", {
        id,
        near: near === "" ? null : near,
        places: 1,
      });
      if (record === null) {
        notify({ text: "Cette fiche n’est plus dans le catalogue.", tone: "warn" });
        return null;
      }
      if (!kept.current.ready) return null;
      const done = put(kept.current.text, replyText(record), spot);
      kept.current.set(done.text);
      notify({ text: insertedText(record), tone: "good" });
      return done.caret;
    } catch (error) {
      const { text, severity } = errorText(asBackendError(error));
      notify({ text, tone: severity });
      return null;
    }
  };
}
