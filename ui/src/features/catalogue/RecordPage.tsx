import { useEffect, useRef, useState, type ReactNode } from "react";
import { useRead, type CatalogueRecord } from "~/shared/backend";
import { RecordView } from "~/shared/catalogue/Record";
import { kindName } from "~/shared/catalogue/kinds";
import { errorText } from "~/shared/errors";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRecordPins, type PinPlacing } from "~/shared/pins/useRecordPins";
import { Button } from "~/shared/ui/Button";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Actions } from "./Actions";
import type { For, Marked } from "./memory";
import { Page } from "./Page";
import { recordKeys } from "./recordKeys";

const FIRST_PLACES = 12;
const ALL_PLACES = 500;

/** A record, whole, with all that it is tied to. */
export function RecordPage({
  id,
  near,
  home,
  forEnquiry,
  placing,
  marked,
  backWord,
  onBack,
  onOpen,
  onMark,
  onCompare,
  onInsert,
}: {
  id: string;
  near: string;
  home: string | null;
  forEnquiry: For | null;
  placing: PinPlacing;
  marked: readonly Marked[];
  /** Where going back leads. */
  backWord: string;
  onBack: () => void;
  onOpen: (id: string) => void;
  onMark: (one: Marked) => void;
  onCompare: () => void;
  onInsert: (record: CatalogueRecord) => void;
}): ReactNode {
  const [all, setAll] = useState(false);
  const { announce } = useNotices();
  const title = useRef<HTMLHeadingElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const opened = useRef<string | null>(null);
  const { data, error } = useRead(
    "catalogue.get",
    { id, near: near === "" ? null : near, places: all ? ALL_PLACES : FIRST_PLACES },
    { keep: true },
  );
  const shown = data ?? null;
  useEffect(() => {
    if (shown === null || opened.current === shown.id) return;
    opened.current = shown.id;
    title.current?.focus();
    body.current?.scrollTo({ top: 0 });
    announce(`${kindName(shown.kind)}, ${shown.title}`);
  });
  const pins = useRecordPins(shown, placing);
  const mark = (): void => {
    if (shown !== null) onMark({ id: shown.id, title: shown.title });
  };
  useShortcuts(
    "Fiche du catalogue",
    recordKeys(shown, {
      onPin: pins.press,
      onMark: mark,
      onCompare: marked.length < 2 ? null : onCompare,
      onInsert:
        forEnquiry === null
          ? null
          : () => {
              if (shown !== null) onInsert(shown);
            },
    }),
  );
  return (
    <Page
      label="Fiche"
      backWord={backWord}
      onBack={onBack}
      body={body}
      actions={
        marked.length >= 2 && (
          <Button small icon="columns" shortcut="v" onClick={onCompare}>
            Comparer les {String(marked.length)}
          </Button>
        )
      }
    >
      {error !== null ? (
        <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
      ) : data === undefined ? (
        <Loading lines={8} />
      ) : shown === null ? (
        <EmptyState title="Cette fiche n’est plus dans le catalogue.">
          Une mise à jour l’a retirée. Cherchez-la par son nom : elle a pu changer d’identifiant.
        </EmptyState>
      ) : (
        <RecordView
          ref={title}
          key={shown.id}
          record={shown}
          home={home}
          whole
          onOpen={onOpen}
          onAllPlaces={() => {
            setAll(true);
          }}
          actions={
            <Actions
              record={shown}
              forEnquiry={forEnquiry}
              pins={pins}
              marked={marked.some((one) => one.id === shown.id)}
              onInsert={() => {
                onInsert(shown);
              }}
              onMark={mark}
            />
          }
        />
      )}
    </Page>
  );
}
