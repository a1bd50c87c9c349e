import { useState, type ReactNode } from "react";
import { useRead, type CatalogueAnswer, type CatalogueHit, type EnquiryView } from "~/shared/backend";
import { kindIcon } from "~/shared/catalogue/kinds";
import { RecordView } from "~/shared/catalogue/Record";
import { distanceText, plainText, whyText } from "~/shared/catalogue/words";
import { errorText } from "~/shared/errors";
import { usePinning, type Pinned } from "~/shared/pins/usePinning";
import { pinWord, type PinTarget } from "~/shared/pins/words";
import { useRouter } from "~/shared/router/router";
import { Button, IconButton } from "~/shared/ui/Button";
import { Dialog } from "~/shared/ui/Dialog";
import { Icon } from "~/shared/ui/Icon";
import { KeyHints } from "~/shared/ui/KeyHints";
import { EmptyState, Loading, Panel } from "~/shared/ui/Panel";
import styles from "./Suggestions.module.css";
import type { AnswerDraft } from "./useAnswer";
import { homeOf, useInsertion } from "./useInsertion";
import { isEnded } from "./words";

/** How many of each kind stand beside an enquiry: what is studied first, then what it leads to, then what was asked before. */
const SHOWN: readonly [kind: string, most: number][] = [
  ["programme", 3],
  ["occupation", 2],
  ["faq", 2],
];
const PLACES = 6;

export function suggested(answer: CatalogueAnswer): CatalogueHit[] {
  return SHOWN.flatMap(([kind, most]) =>
    (answer.groups.find((group) => group.kind === kind)?.hits ?? []).slice(0, most),
  );
}

/** What of the catalogue fits the question, and which of its words led there. */
export function Suggestions({ view, draft }: { view: EnquiryView; draft: AnswerDraft }): ReactNode {
  const { go } = useRouter();
  const [opened, setOpened] = useState<string | null>(null);
  const insert = useInsertion(view, draft);
  const { data, error } = useRead(
    "catalogue.suggest",
    { enquiry: view.id, limit: 3 },
    { enabled: !view.hidden },
  );
  const pins = usePins(view);
  const answers = !isEnded(view);
  const enquiry = { id: view.id, name: view.name, near: homeOf(view) };
  if (view.hidden) return null;
  const hits = data === undefined ? [] : suggested(data);
  return (
    <Panel title="Dans le catalogue">
      {error !== null ? (
        <p className="sub">{errorText(error).text}</p>
      ) : data === undefined ? (
        <Loading lines={4} />
      ) : hits.length === 0 ? (
        <p className="sub">Rien dans la question ne mène à une fiche.</p>
      ) : (
        <ul className={styles.hits} aria-label="Ce qui correspond à la question">
          {hits.map((hit) => (
            <Suggestion
              key={hit.id}
              hit={hit}
              pins={pins}
              onOpen={() => {
                setOpened(hit.id);
              }}
              onInsert={
                answers
                  ? () => {
                      void insert(hit.id);
                    }
                  : null
              }
            />
          ))}
        </ul>
      )}
      {error?.code === "catalogue_none" || error?.code === "catalogue_damaged" ? (
        <div>
          <Button
            small
            icon="download"
            onClick={() => {
              go("catalogue", { import: true });
            }}
          >
            Importer un catalogue…
          </Button>
        </div>
      ) : (
        <div className={styles.foot}>
          {/* P is two things on this screen: it books, and on the line of a record it pins, as in the catalogue. */}
          {pins.may && hits.length > 0 && (
            <KeyHints hints={[{ keys: "p", label: "sur une fiche, l’épingler" }]} />
          )}
          <Button
            small
            icon="book"
            onClick={() => {
              go("catalogue", { query: "", enquiry });
            }}
          >
            Chercher dans le catalogue
          </Button>
        </div>
      )}
      <Sheet
        id={opened}
        view={view}
        pins={pins}
        onClose={() => {
          setOpened(null);
        }}
        onInsert={
          answers
            ? (id) => {
                setOpened(null);
                void insert(id);
              }
            : null
        }
        onOpen={(id) => {
          setOpened(null);
          go("catalogue", { record: id, enquiry });
        }}
      />
    </Panel>
  );
}

interface EnquiryPins {
  target: PinTarget;
  /** Whether the person may pin here; false until it is known. */
  may: boolean;
  has: (record: string) => boolean;
  toggle: (record: Pinned) => void;
}

/** What is pinned to the enquiry, and the way to pin one more. */
function usePins(view: EnquiryView): EnquiryPins {
  const { pin, unpin } = usePinning();
  const { data } = useRead("catalogue.pins", { to: { enquiry: view.id } }, { enabled: !view.hidden });
  const target = { to: { enquiry: view.id }, name: view.name };
  const has = (record: string): boolean => data?.pins.some((one) => one.record === record) ?? false;
  return {
    target,
    may: data?.may_pin === true,
    has,
    toggle: (record) => {
      if (has(record.id)) unpin(target, record);
      else pin(target, record);
    },
  };
}

function Suggestion({
  hit,
  pins,
  onOpen,
  onInsert,
}: {
  hit: CatalogueHit;
  pins: EnquiryPins;
  onOpen: () => void;
  onInsert: (() => void) | null;
}): ReactNode {
  const title = plainText(hit.title);
  const why = whyText(hit);
  return (
    <li
      onKeyDown={(event) => {
        // On the line itself P is what it is in the catalogue; elsewhere on the screen it books.
        if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey || !pins.may)
          return;
        event.preventDefault();
        pins.toggle({ id: hit.id, title });
      }}
    >
      <Icon name={kindIcon(hit.kind)} />
      <div>
        <button type="button" className={styles.title} onClick={onOpen}>
          {title}
        </button>
        <p className="sub num">{[why, distanceText(hit)].filter(Boolean).join(" · ")}</p>
      </div>
      <span className={styles.does}>
        {pins.may && (
          <IconButton
            icon={pins.has(hit.id) ? "check" : "pin"}
            label={`${pinWord(pins.target, pins.has(hit.id))} : ${title}`}
            aria-pressed={pins.has(hit.id)}
            aria-keyshortcuts="p"
            onClick={() => {
              pins.toggle({ id: hit.id, title });
            }}
          />
        )}
        {onInsert !== null && (
          <IconButton
            icon="plus"
            label={
              hit.kind === "faq" ? `Mettre dans la réponse : ${title}` : `Insérer dans la réponse : ${title}`
            }
            onClick={onInsert}
          />
        )}
      </span>
    </li>
  );
}

/** A record over the enquiry: looked at, put into the answer, or opened where all of it is. */
function Sheet({
  id,
  view,
  pins,
  onClose,
  onInsert,
  onOpen,
}: {
  id: string | null;
  view: EnquiryView;
  pins: EnquiryPins;
  onClose: () => void;
  onInsert: ((id: string) => void) | null;
  onOpen: (id: string) => void;
}): ReactNode {
  const near = homeOf(view);
  const { data, error } = useRead(
    "catalogue.get",
    { id: id ?? "", near: near === "" ? null : near, places: PLACES },
    { enabled: id !== null },
  );
  return (
    <Dialog title="Fiche du catalogue" open={id !== null} onClose={onClose} wide>
      <div className={styles.sheet}>
        {error !== null ? (
          <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>
        ) : data === undefined ? (
          <Loading lines={6} />
        ) : data === null ? (
          <EmptyState title="Cette fiche n’est plus dans le catalogue." />
        ) : (
          <RecordView
            record={data}
            home={view.name}
            onOpen={onOpen}
            actions={
              <>
                {pins.may && (
                  <Button
                    small
                    icon={pins.has(data.id) ? "check" : "pin"}
                    aria-pressed={pins.has(data.id)}
                    onClick={() => {
                      pins.toggle({ id: data.id, title: data.title });
                    }}
                  >
                    {pinWord(pins.target, pins.has(data.id))}
                  </Button>
                )}
                {onInsert !== null && (
                  <Button
                    small
                    tone="primary"
                    icon="chat"
                    onClick={() => {
                      onInsert(data.id);
                    }}
                  >
                    {data.kind === "faq" ? "Mettre la réponse" : "Insérer dans la réponse"}
                  </Button>
                )}
                <Button
                  small
                  icon="file"
                  onClick={() => {
                    onOpen(data.id);
                  }}
                >
                  Ouvrir la fiche
                </Button>
              </>
            }
          />
        )}
      </div>
    </Dialog>
  );
}
