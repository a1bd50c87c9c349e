import type { ReactNode } from "react";
import type { CatalogueRecord } from "~/shared/backend";
import { Button } from "~/shared/ui/Button";
import type { For } from "./memory";

/** What can be done with a record: open it, put it into an answer, lay it beside others. */
export function Actions({
  record,
  forEnquiry,
  marked,
  onOpen,
  onInsert,
  onMark,
}: {
  record: CatalogueRecord;
  forEnquiry: For | null;
  marked: boolean;
  /** Left out where the record is open. */
  onOpen?: () => void;
  onInsert: () => void;
  onMark: () => void;
}): ReactNode {
  return (
    <>
      {forEnquiry !== null && (
        <Button small tone="primary" icon="chat" shortcut="i" onClick={onInsert}>
          {record.kind === "faq" ? "Mettre la réponse" : "Insérer dans la réponse"}
        </Button>
      )}
      {onOpen !== undefined && (
        <Button small icon="file" onClick={onOpen}>
          Ouvrir la fiche
        </Button>
      )}
      {record.kind === "programme" && (
        <Button small icon="columns" shortcut="c" aria-pressed={marked} onClick={onMark}>
          {marked ? "Retirer" : "Comparer"}
        </Button>
      )}
    </>
  );
}
