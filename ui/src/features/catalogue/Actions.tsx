import type { ReactNode } from "react";
import type { CatalogueRecord } from "~/shared/backend";
import { PinButton } from "~/shared/pins/PinButton";
import type { RecordPins } from "~/shared/pins/useRecordPins";
import { Button } from "~/shared/ui/Button";
import type { For } from "./memory";

/** What can be done with a record: pin it, put it into an answer, open it, lay it beside others. */
export function Actions({
  record,
  forEnquiry,
  pins,
  marked,
  onOpen,
  onInsert,
  onMark,
}: {
  record: CatalogueRecord;
  forEnquiry: For | null;
  pins: RecordPins;
  marked: boolean;
  /** Left out where the record is open. */
  onOpen?: () => void;
  onInsert: () => void;
  onMark: () => void;
}): ReactNode {
  return (
    <>
      <PinButton pins={pins} primary={pins.target !== null} />
      {forEnquiry !== null && (
        <Button small icon="chat" shortcut="i" onClick={onInsert}>
          {record.kind === "faq" ? "Mettre la réponse" : "Insérer dans la réponse"}
        </Button>
      )}
      {onOpen !== undefined && (
        <Button small icon="file" shortcut="Enter" onClick={onOpen}>
          Ouvrir
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
