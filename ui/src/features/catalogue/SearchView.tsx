import {
  useCallback,
  useDeferredValue,
  useEffect,
  useEffectEvent,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import { flushSync } from "react-dom";
import { useRead, type CatalogueAnswer, type CatalogueStatus } from "~/shared/backend";
import { kindCount } from "~/shared/catalogue/kinds";
import { plainText } from "~/shared/catalogue/words";
import { errorText } from "~/shared/errors";
import { counted } from "~/shared/format/numbers";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRecordPins, type PinPlacing } from "~/shared/pins/useRecordPins";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Facets } from "./Facets";
import { ForWhom } from "./ForWhom";
import { KindList } from "./KindList";
import type { For, ForMeeting, Marked } from "./memory";
import { Notes } from "./Notes";
import { Nothing } from "./Nothing";
import { BackButton } from "./Page";
import { Preview } from "./Preview";
import { countOfFilters, isIdle, NO_FILTERS, toggled, widened, type Asked, type Property } from "./query";
import { recordKeys } from "./recordKeys";
import { Results } from "./Results";
import { SearchFoot } from "./SearchFoot";
import { SearchHead } from "./SearchHead";
import { usePreview } from "./usePreview";
import { useSearch } from "./useSearch";
import { Welcome } from "./Welcome";
import styles from "./Catalogue.module.css";

/** How long a count must stand before it is read aloud. */
const SAY_AFTER_MS = 700;
const PAGE_OF_LINES = 10;
const NO_FACETS: CatalogueAnswer["facets"] = [];
/** Kinds that are somewhere: the others are as near as any. */
const PLACED = new Set(["programme", "institution", "offering"]);

/** The box, what narrows it, what answers, and the record that one stands on. */
export function SearchView({
  status,
  asked,
  at: wanted,
  preview: previewWanted,
  home,
  returned,
  forEnquiry,
  forMeeting,
  placing,
  marked,
  onAsk,
  onAt,
  onPreview,
  onOpen,
  onMark,
  onCompare,
  onClearMarks,
  onInsert,
  onImport,
  onBackToWhom,
  onLeaveWhom,
}: {
  /** Not known yet when null: one may type before. */
  status: CatalogueStatus | null;
  asked: Asked;
  at: number;
  preview: boolean | null;
  home: string | null;
  /** One comes back from the page of a record. */
  returned: boolean;
  forEnquiry: For | null;
  forMeeting: ForMeeting | null;
  placing: PinPlacing;
  marked: readonly Marked[];
  onAsk: (part: Partial<Asked>) => void;
  onAt: (at: number) => void;
  onPreview: (wanted: boolean) => void;
  onOpen: (id: string) => void;
  onMark: (one: Marked) => void;
  onCompare: () => void;
  onClearMarks: () => void;
  onInsert: (id: string) => void;
  onImport: () => void;
  onBackToWhom: () => void;
  onLeaveWhom: () => void;
}): ReactNode {
  const listId = useId();
  const previewId = useId();
  const preview = usePreview(previewWanted, onPreview);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const facets = useRef<HTMLElement>(null);
  const { announce } = useNotices();
  // The letters stand in the box before anything is made of them.
  const deferred = useDeferredValue(asked);
  const found = useSearch(deferred);
  const idle = isIdle(asked);
  const { answer, kind } = found;
  const filtered = countOfFilters(deferred.filters) > 0 || deferred.within !== null;
  const wide = useRead("catalogue.search", widened(deferred), { enabled: filtered && !idle, keep: true });
  const wideCounts = useMemo(
    () =>
      !filtered || wide.data === undefined
        ? null
        : new Map(wide.data.groups.map((group) => [group.kind, group.total])),
    [filtered, wide.data],
  );
  const markedIds = useMemo(() => new Set(marked.map((one) => one.id)), [marked]);
  const at = Math.min(wanted, found.count - 1);
  const entry = idle || at < 0 ? undefined : found.entryAt(at);
  const hit = entry?.type === "hit" ? entry.hit : null;
  const pins = useRecordPins(hit === null ? null : { id: hit.id, title: plainText(hit.title) }, placing);

  const arriving = useRef(true);
  useEffect(() => {
    if (!arriving.current) return;
    if (returned && !idle) {
      // The list is there with the answer, which is at hand but not in the first breath.
      const elsewhere = document.activeElement !== document.body;
      if (list.current === null && !elsewhere) return;
      if (!elsewhere) list.current?.focus();
    } else {
      box.current?.focus();
      box.current?.select();
    }
    arriving.current = false;
  });
  // A list of one kind is another list: who asked for it from the keyboard goes on walking there.
  const follow = useRef(false);
  useEffect(() => {
    if (follow.current) list.current?.focus();
    follow.current = false;
  }, [kind]);
  const total = idle || answer === null ? null : answer.total;
  useEffect(() => {
    if (total === null || found.waiting) return;
    const timer = setTimeout(() => {
      announce(total === 0 ? "Aucun résultat" : counted(total, "résultat", "résultats"));
    }, SAY_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [total, found.waiting, deferred, announce]);

  const showKind = (one: string): void => {
    follow.current = true;
    onAsk({ filters: { ...asked.filters, kinds: [one] } });
  };
  const open = (index: number): void => {
    const line = found.entryAt(index);
    if (line === undefined) return;
    if (line.type === "more") showKind(line.kind);
    else onOpen(line.id);
  };
  const stand = (index: number): void => {
    onAt(index);
    if (preview.place === "none") open(index);
    else preview.look(true);
  };
  const allKinds = (): void => {
    follow.current = true;
    onAsk({ filters: { ...asked.filters, kinds: [] } });
  };

  // What narrows stays as it is while one types: it is drawn again only when its counts change.
  const now = useRef({ asked, onAsk });
  useEffect(() => {
    now.current = { asked, onAsk };
  });
  const toggle = useCallback((property: Property, value: string): void => {
    now.current.onAsk({ filters: toggled(now.current.asked.filters, property, value) });
  }, []);
  const clear = useCallback((): void => {
    now.current.onAsk({ filters: NO_FILTERS, within: null });
    box.current?.focus();
  }, []);

  const walked = (event: KeyboardEvent): void => {
    const last = found.count - 1;
    const to: Record<string, number> = {
      ArrowDown: Math.min(at + 1, last),
      ArrowUp: at - 1,
      PageDown: Math.min(at + PAGE_OF_LINES, last),
      PageUp: Math.max(at - PAGE_OF_LINES, 0),
      Home: 0,
      End: last,
    };
    const next = to[event.key];
    if (next !== undefined) {
      event.preventDefault();
      if (next < 0) box.current?.focus();
      else {
        onAt(next);
        preview.look(false);
      }
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(at);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (preview.close()) return;
      if (kind !== null) allKinds();
      else box.current?.focus();
    }
  };
  // Enter opens what answers the letters that are typed: while they wait for their answer, it waits with them.
  const entered = useRef(false);
  const [enters, setEnters] = useState(0);
  const settled = deferred === asked && !found.waiting;
  const openEntered = useEffectEvent(() => {
    entered.current = false;
    open(at);
  });
  useEffect(() => {
    if (entered.current && settled) openEntered();
  }, [settled, enters]);
  const typedKey = (event: KeyboardEvent): void => {
    entered.current = false;
    if (event.key === "ArrowDown" && found.count > 0 && !idle) {
      event.preventDefault();
      list.current?.focus();
      preview.look(false);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (idle) return;
      entered.current = true;
      setEnters((count) => count + 1);
    } else if (event.key === "Escape" && asked.text !== "") {
      event.preventDefault();
      onAsk({ text: "" });
    }
  };

  useShortcuts("Catalogue", [
    {
      keys: "/",
      label: "Chercher",
      run: () => {
        box.current?.focus();
        box.current?.select();
      },
    },
    { keys: ["ArrowDown", "ArrowUp"], label: "Parcourir les résultats", run: () => false, local: true },
    { keys: "Enter", label: "Ouvrir la fiche", run: () => false, local: true },
    { keys: "Escape", label: "Revenir", run: () => false, local: true },
    {
      keys: "f",
      label: "Affiner",
      run: () => {
        // Beside an open drawer there may be no room for them.
        if (preview.shown && facets.current?.offsetParent === null) flushSync(() => preview.close());
        const first = facets.current?.querySelector<HTMLElement>("input, button:not([hidden])");
        // Where the window is narrow the choices are behind their button.
        const shown = [...(facets.current?.querySelectorAll<HTMLElement>("button, input") ?? [])].find(
          (one) => one.offsetParent !== null,
        );
        (first?.offsetParent === null ? shown : first)?.focus();
      },
    },
    {
      keys: "a",
      label: "Ouvrir ou fermer l’aperçu",
      run: () => {
        if (preview.place !== "drawer" || idle) return false;
        preview.toggle();
        return true;
      },
    },
    ...recordKeys(hit, {
      onPin: pins.press,
      onMark: () => {
        if (hit !== null) onMark({ id: hit.id, title: plainText(hit.title) });
      },
      onCompare: marked.length < 2 ? null : onCompare,
      onInsert:
        forEnquiry === null
          ? null
          : () => {
              if (hit !== null) onInsert(hit.id);
            },
    }),
  ]);

  const shared = {
    ref: list,
    id: listId,
    at,
    marked: markedIds,
    pinned: pins.standing,
    onStand: stand,
    onOpen: open,
    onKeyDown: walked,
  };
  const results = (answered: CatalogueAnswer): ReactNode =>
    answered.total === 0 ? (
      <Nothing
        asked={deferred}
        onClear={() => {
          onAsk({ filters: NO_FILTERS, within: null });
        }}
      />
    ) : kind !== null ? (
      <KindList
        {...shared}
        kind={kind}
        question={found.asked}
        count={found.count}
        entryAt={found.entryAt}
        onSee={found.see}
      />
    ) : (
      <Results {...shared} answer={answered} wide={wideCounts} />
    );

  return (
    <div className={styles.search} data-idle={idle}>
      <SearchHead
        ref={box}
        asked={asked}
        total={total}
        waiting={found.waiting}
        list={found.count > 0 && !idle && found.error === null ? listId : null}
        near={home === null ? null : `chez ${home}`}
        understood={found.asked?.near === asked.near ? (answer?.near ?? null) : null}
        nearUnknown={!idle && asked.near !== "" && answer !== null && !found.waiting && answer.near === null}
        preview={
          preview.place === "drawer" && !idle
            ? { id: previewId, open: preview.shown, onToggle: preview.toggle }
            : null
        }
        onAsked={onAsk}
        onKeyDown={typedKey}
      />
      <ForWhom enquiry={forEnquiry} meeting={forMeeting} onBack={onBackToWhom} onLeave={onLeaveWhom} />
      {idle && status === null ? (
        <div className={styles.columns}>
          <Loading lines={6} />
        </div>
      ) : idle && status !== null ? (
        <Welcome
          status={status}
          onAsk={(text) => {
            onAsk({ text });
            box.current?.focus();
          }}
          onKind={showKind}
          onImport={onImport}
        />
      ) : (
        <div className={styles.columns} data-drawer={preview.place === "drawer" && preview.shown}>
          <Facets
            ref={facets}
            facets={answer?.facets ?? NO_FACETS}
            filters={asked.filters}
            onToggle={toggle}
            onClear={clear}
          />
          <section className={styles.results} aria-label="Réponses">
            {found.error !== null ? (
              <EmptyState title={errorText(found.error).text}>{errorText(found.error).next}</EmptyState>
            ) : answer === null ? (
              <Loading lines={8} />
            ) : (
              <>
                <Notes answer={answer} />
                {kind !== null && answer.total > 0 && (
                  <div className={styles.kindBar}>
                    <BackButton onClick={allKinds}>Toutes les fiches</BackButton>
                    <b className="num">{kindCount(kind, found.count)}</b>
                    {asked.near !== "" && PLACED.has(kind) && (
                      <button
                        type="button"
                        className={styles.order}
                        aria-pressed={asked.order === "distance"}
                        onClick={() => {
                          onAsk({ order: asked.order === "distance" ? "relevance" : "distance" });
                        }}
                      >
                        Les plus proches d’abord
                      </button>
                    )}
                  </div>
                )}
                {results(answer)}
              </>
            )}
          </section>
          {preview.shown && (
            <Preview
              id={previewId}
              hit={hit}
              onLeave={() => {
                // Beside the list Escape is whatever it is around.
                const left = preview.close();
                if (left) list.current?.focus();
                return left;
              }}
              near={asked.near}
              home={home}
              forEnquiry={forEnquiry}
              pins={pins}
              marked={marked}
              onOpen={onOpen}
              onMark={onMark}
              onInsert={onInsert}
            />
          )}
        </div>
      )}
      <SearchFoot
        status={status}
        marked={marked}
        forEnquiry={forEnquiry}
        drawer={preview.place === "drawer" && !idle}
        onCompare={onCompare}
        onClear={onClearMarks}
        onImport={onImport}
      />
    </div>
  );
}
