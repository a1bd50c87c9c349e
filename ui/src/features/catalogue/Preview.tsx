import { useDeferredValue, type ReactNode } from "react";
import { useRead, type CatalogueHit } from "~/shared/backend";
import { RecordView } from "~/shared/catalogue/Record";
import { errorText } from "~/shared/errors";
import type { RecordPins } from "~/shared/pins/useRecordPins";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Actions } from "./Actions";
import type { For, Marked } from "./memory";
import styles from "./Catalogue.module.css";

/** How many places a preview shows. */
const PLACES = 4;

/** The record that one stands on, beside the list. */
export function Preview({
  id: elementId,
  hit,
  near,
  home,
  forEnquiry,
  pins,
  marked,
  onOpen,
  onMark,
  onInsert,
  onLeave,
}: {
  id: string;
  hit: CatalogueHit | null;
  near: string;
  home: string | null;
  forEnquiry: For | null;
  pins: RecordPins;
  marked: readonly Marked[];
  onOpen: (id: string) => void;
  onMark: (one: Marked) => void;
  onInsert: (id: string) => void;
  /** Escape; false where there is nothing to leave. */
  onLeave: () => boolean;
}): ReactNode {
  // Walking down the list never waits for what is beside it.
  const id = useDeferredValue(hit?.id ?? null);
  const { data, error } = useRead(
    "catalogue.get",
    { id: id ?? "", near: near === "" ? null : near, places: PLACES },
    { enabled: id !== null, keep: true },
  );
  return (
    <aside
      id={elementId}
      className={styles.preview}
      aria-label="Aperçu"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented && onLeave()) event.preventDefault();
      }}
    >
      {error !== null ? (
        <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
      ) : id === null ? null : data === undefined ? (
        <Loading lines={6} />
      ) : data === null ? (
        <EmptyState title="Cette fiche n’est plus dans le catalogue." />
      ) : (
        <RecordView
          record={data}
          home={home}
          onOpen={onOpen}
          actions={
            <Actions
              record={data}
              forEnquiry={forEnquiry}
              pins={pins}
              marked={marked.some((one) => one.id === data.id)}
              onOpen={() => {
                onOpen(data.id);
              }}
              onInsert={() => {
                onInsert(data.id);
              }}
              onMark={() => {
                onMark({ id: data.id, title: data.title });
              }}
            />
          }
        />
      )}
    </aside>
  );
}
