import {
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import { useRead, type CatalogueAnswer, type CatalogueStatus } from "~/shared/backend";
import { kindCount } from "~/shared/catalogue/kinds";
import { plainText } from "~/shared/catalogue/words";
import { errorText } from "~/shared/errors";
import { counted } from "~/shared/format/numbers";
import { useShortcuts } from "~/shared/keyboard/keyboard";
import { useNotices } from "~/shared/notices/notices";
import { useRecordPins, type PinPlacing } from "~/shared/pins/useRecordPins";
import { Icon } from "~/shared/ui/Icon";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { Facets } from "./Facets";
import { ForWhom } from "./ForWhom";
import { KindList } from "./KindList";
import type { For, ForMeeting, Marked } from "./memory";
import { Notes } from "./Notes";
import { Nothing } from "./Nothing";
import { Preview } from "./Preview";
import { countOfFilters, isIdle, NO_FILTERS, toggled, widened, type Asked, type Property } from "./query";
import { Results } from "./Results";
import { SearchFoot } from "./SearchFoot";
import { SearchHead } from "./SearchHead";
import { useSearch } from "./useSearch";
import { Welcome } from "./Welcome";
import styles from "./Catalogue.module.css";

/** How long a count must stand before it is read aloud. */
const SAY_AFTER_MS = 700;
const PAGE_OF_LINES = 10;
const NO_FACETS: CatalogueAnswer["facets"] = [];
/** Kinds that are somewhere: the others are as near as any. */
const PLACED = new Set(["programme", "institution", "offering"]);
/** Below this width there is no preview beside the list: a line that is pressed opens. */
const NARROW = "(max-width: 1200px)";

/** The box, what narrows it, what answers, and the record that one stands on. */
export function SearchView({
  status,
  asked,
  at: wanted,
  home,
  returned,
  forEnquiry,
  forMeeting,
  placing,
  marked,
  onAsk,
  onAt,
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
  home: string | null;
  /** One comes back from the page of a record. */
  returned: boolean;
  forEnquiry: For | null;
  forMeeting: ForMeeting | null;
  placing: PinPlacing;
  marked: readonly Marked[];
  onAsk: (part: Partial<Asked>) => void;
  onAt: (at: number) => void;
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
    if (window.matchMedia(NARROW).matches) open(index);
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
      else onAt(next);
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(at);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (kind !== null) allKinds();
      else box.current?.focus();
    }
  };
  const typedKey = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" && found.count > 0 && !idle) {
      event.preventDefault();
      list.current?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!idle) open(at);
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
        const first = facets.current?.querySelector<HTMLElement>("input, button:not([hidden])");
        // Where the window is narrow the choices are behind their button.
        const shown = [...(facets.current?.querySelectorAll<HTMLElement>("button, input") ?? [])].find(
          (one) => one.offsetParent !== null,
        );
        (first?.offsetParent === null ? shown : first)?.focus();
      },
    },
    {
      keys: "c",
      label: "Mettre à comparer",
      run: () => {
        if (hit?.kind !== "programme") return false;
        onMark({ id: hit.id, title: plainText(hit.title) });
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
        if (hit === null) return false;
        pins.press();
        return true;
      },
    },
    {
      keys: "i",
      label: "Insérer dans la réponse",
      run: () => {
        if (hit === null || forEnquiry === null) return false;
        onInsert(hit.id);
        return true;
      },
    },
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
        list={found.count > 0 && !idle ? listId : null}
        near={home === null ? null : `chez ${home}`}
        understood={found.asked?.near === asked.near ? (answer?.near ?? null) : null}
        nearUnknown={!idle && asked.near !== "" && answer !== null && !found.waiting && answer.near === null}
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
        <div className={styles.columns}>
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
                    <button type="button" className={styles.back} onClick={allKinds}>
                      <Icon name="left" />
                      Toutes les fiches
                    </button>
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
          <Preview
            hit={hit}
            near={asked.near}
            home={home}
            forEnquiry={forEnquiry}
            pins={pins}
            marked={marked}
            onOpen={onOpen}
            onMark={onMark}
            onInsert={onInsert}
          />
        </div>
      )}
      <SearchFoot
        status={status}
        marked={marked}
        forEnquiry={forEnquiry}
        onCompare={onCompare}
        onClear={onClearMarks}
        onImport={onImport}
      />
    </div>
  );
}
