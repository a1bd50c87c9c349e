import { useEffect, useRef, useState, type ReactNode } from "react";
import { useRead, type CatalogueRecord } from "~/shared/backend";
import { RecordView } from "~/shared/catalogue/Record";
import { kindName } from "~/shared/catalogue/kinds";
import { errorText } from "~/shared/errors";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRecordPins, type PinPlacing } from "~/shared/pins/useRecordPins";
import { Button } from "~/shared/ui/Button";
import { Icon } from "~/shared/ui/Icon";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Actions } from "./Actions";
import type { For, Marked } from "./memory";
import styles from "./Catalogue.module.css";

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
    title.current?.closest("[data-page]")?.scrollTo({ top: 0 });
    announce(`${kindName(shown.kind)}, ${shown.title}`);
  });
  const pins = useRecordPins(shown, placing);
  const mark = (): void => {
    if (shown !== null) onMark({ id: shown.id, title: shown.title });
  };
  useShortcuts("Fiche du catalogue", [
    {
      keys: "c",
      label: "Mettre à comparer",
      run: () => {
        if (shown?.kind !== "programme") return false;
        mark();
        return true;
      },
    },
    {
      keys: "v",
      label: "Voir la comparaison",
      run: () => {
        if (marked.length < 2) return false;
        onCompare();
        return true;
      },
    },
    {
      keys: "p",
      label: "Épingler, ou retirer",
      run: () => {
        if (shown === null) return false;
        pins.press();
        return true;
      },
    },
    {
      keys: "i",
      label: "Insérer dans la réponse",
      run: () => {
        if (shown === null || forEnquiry === null) return false;
        onInsert(shown);
        return true;
      },
    },
  ]);
  return (
    <section
      className={styles.page}
      aria-label="Fiche"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onBack();
      }}
    >
      <div className={styles.pageBar}>
        <button type="button" className={styles.back} onClick={onBack}>
          <Icon name="left" />
          {backWord}
        </button>
        {marked.length >= 2 && (
          <Button small icon="columns" shortcut="v" onClick={onCompare}>
            Comparer les {String(marked.length)}
          </Button>
        )}
      </div>
      <div className={styles.pageBody} data-page>
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
      </div>
    </section>
  );
}
