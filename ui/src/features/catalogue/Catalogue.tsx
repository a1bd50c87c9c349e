import { useEffect, useState, type ReactNode } from "react";
import {
  asBackendError,
  useBackend,
  useRead,
  type CatalogueRecord,
  type CatalogueStatus,
} from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { plural } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { PinPicker } from "~/shared/pins/PinPicker";
import { usePinning, type Pinned } from "~/shared/pins/usePinning";
import { useRouter, type Routes } from "~/shared/router/router";
import { useSession } from "~/shared/session/session";
import { EmptyState, Loading } from "~/shared/ui/Panel";
import { CompareView } from "./CompareView";
import { ImportView } from "./ImportView";
import { markToggled, recall, remember, targetOf, type Kept, type Marked, type View } from "./memory";
import { NoCatalogue } from "./NoCatalogue";
import { NO_FILTERS, type Asked } from "./query";
import { RecordPage } from "./RecordPage";
import { SearchView } from "./SearchView";
import { useInsert } from "./useInsert";
import styles from "./Catalogue.module.css";

/** How often an import, or an index that is being read, is asked how far it is. */
const EVERY_MS = 500;
/** Nobody goes back further. */
const MOST_VIEWS = 30;

const SEARCH: View = { type: "search" };

/** Where going back from the last of these views leads, in words. */
function backWordOf(views: readonly View[]): string {
  const under = views.at(-2) ?? SEARCH;
  if (under.type === "record") return "Fiche précédente";
  if (under.type === "compare") return "Comparaison";
  return "Résultats";
}

/** Everything that can be studied, where, and what it leads to: one box, a preview, a page for each record. */
export function Catalogue(): ReactNode {
  const { office, user } = useSession();
  const { place, go } = useRouter();
  const { announce } = useNotices();
  const backend = useBackend();
  const home = [office.postal_code, office.town].filter(Boolean).join(" ");
  const [state, setState] = useState<Kept>(() => recall(user.id, home));
  const [visit, setVisit] = useState(-1);
  /** One comes back from a page: where one stood in the list, not to the box. */
  const [returned, setReturned] = useState(false);
  useEffect(() => {
    remember(user.id, state);
  }, [user.id, state]);
  const { asked, views, marked, forEnquiry, forMeeting } = state;
  const view = views.at(-1) ?? SEARCH;

  const change = (part: Partial<Kept>): void => {
    setState((before) => ({ ...before, ...part }));
  };
  const show = (next: View): void => {
    setReturned(false);
    setState((before) => ({ ...before, views: [...before.views, next].slice(-MOST_VIEWS) }));
  };
  const back = (): void => {
    setReturned(true);
    setState((before) => ({
      ...before,
      views: before.views.length > 1 ? before.views.slice(0, -1) : [SEARCH],
    }));
  };

  // What another screen or the palette asked to see.
  if (place.screen === "catalogue" && place.visit !== visit) {
    setVisit(place.visit);
    const params = place.params as Routes["catalogue"];
    const wanted: Partial<Kept> = {};
    if (params.enquiry !== undefined) {
      wanted.forEnquiry = params.enquiry;
      wanted.forMeeting = null;
    }
    if (params.meeting !== undefined) {
      wanted.forMeeting = params.meeting;
      wanted.forEnquiry = null;
    }
    if (params.query !== undefined || params.enquiry !== undefined)
      wanted.asked = {
        ...asked,
        ...(params.query === undefined ? {} : { text: params.query, filters: NO_FILTERS, within: null }),
        ...(params.enquiry === undefined ? {} : { near: params.enquiry.near || home }),
      };
    if (params.record !== undefined) wanted.views = [SEARCH, { type: "record", id: params.record }];
    else if (params.import === true) wanted.views = [SEARCH, { type: "import" }];
    else if (params.query !== undefined) wanted.views = [SEARCH];
    if (Object.keys(wanted).length > 0) change({ ...wanted, at: params.query === undefined ? state.at : 0 });
  }

  const [watching, setWatching] = useState(false);
  const status = useRead("catalogue.status", {}, watching ? { every: EVERY_MS } : {});
  const busy = status.data !== undefined && (status.data.import !== null || status.data.state === "loading");
  if (busy !== watching) setWatching(busy);

  const insert = useInsert(forEnquiry);
  /** Puts a record into the answer, with the places near the home: what is previewed may not have them yet. */
  const insertById = (id: string): void => {
    backend
      .call<CatalogueRecord | null>("catalogue.get", { id, near: asked.near || null, places: 1 })
      .then((record) => {
        if (record !== null) insert(record);
      })
      .catch((error: unknown) => {
        announce(errorText(asBackendError(error)).text);
      });
  };
  const { pin } = usePinning();
  /** The record that waits for somebody to say for whom. */
  const [placed, setPlaced] = useState<Pinned | null>(null);
  const target = targetOf(state);
  const placing = { target, chosen: target !== null && target === state.lastPlace, onAsk: setPlaced };
  const mark = (one: Marked): void => {
    const next = markToggled(marked, one);
    change({ marked: next });
    announce(
      next.some(({ id }) => id === one.id)
        ? `${one.title}, à comparer, ${plural(next.length, "formation")}`
        : `${one.title}, retirée de la comparaison`,
    );
  };
  const ask = (part: Partial<Asked>): void => {
    setState((before) => ({ ...before, asked: { ...before.asked, ...part }, at: 0 }));
  };
  const openImport = (): void => {
    show({ type: "import" });
  };
  const openRecord = (id: string): void => {
    show({ type: "record", id });
  };
  const compare = (): void => {
    show({ type: "compare" });
  };
  const whose = forEnquiry !== null && asked.near === forEnquiry.near ? forEnquiry.name : null;
  const backWord = backWordOf(views);

  const searching = (now: CatalogueStatus | null): ReactNode => {
    return (
      <SearchView
        status={now}
        asked={asked}
        at={state.at}
        preview={state.preview}
        home={whose}
        returned={returned}
        forEnquiry={forEnquiry}
        forMeeting={forMeeting}
        placing={placing}
        marked={marked}
        onAsk={ask}
        onAt={(at) => {
          change({ at });
        }}
        onPreview={(preview) => {
          change({ preview });
        }}
        onOpen={openRecord}
        onMark={mark}
        onCompare={compare}
        onClearMarks={() => {
          change({ marked: [] });
        }}
        onInsert={insertById}
        onImport={openImport}
        onBackToWhom={() => {
          if (forEnquiry !== null) go("enquiries", { enquiry: forEnquiry.id });
          else if (forMeeting !== null) go("agenda", { date: forMeeting.date, appointment: forMeeting.id });
        }}
        onLeaveWhom={() => {
          setState((before) => ({
            ...before,
            forEnquiry: null,
            forMeeting: null,
            asked: before.asked.near === forEnquiry?.near ? { ...before.asked, near: home } : before.asked,
          }));
        }}
      />
    );
  };
  const shown = (): ReactNode => {
    const { data, error } = status;
    if (error !== null) return <EmptyState title={errorText(error).text}>{errorText(error).next}</EmptyState>;
    if (data === undefined) return view.type === "search" ? searching(null) : <Loading lines={6} />;
    if (view.type === "import") return <ImportView status={data} backWord={backWord} onBack={back} />;
    if (data.state === "loading")
      return (
        <div className={styles.none} role="status">
          <h2>Le catalogue s’ouvre…</h2>
          <p>Quelques secondes, une fois par mise à jour.</p>
        </div>
      );
    if (data.state !== "ready")
      return <NoCatalogue damaged={data.state === "damaged"} onImport={openImport} />;
    if (view.type === "compare")
      return (
        <CompareView
          marked={marked}
          near={asked.near}
          backWord={backWord}
          onBack={back}
          onOpen={openRecord}
          onRemove={mark}
          onClear={() => {
            change({ marked: [] });
            back();
          }}
        />
      );
    if (view.type === "record")
      return (
        <RecordPage
          key={view.id}
          id={view.id}
          near={asked.near}
          home={whose}
          forEnquiry={forEnquiry}
          placing={placing}
          marked={marked}
          backWord={backWord}
          onBack={back}
          onOpen={openRecord}
          onMark={mark}
          onCompare={compare}
          onInsert={insert}
        />
      );
    return searching(data);
  };
  return (
    <div className={styles.screen}>
      <h1 className="vh">Catalogue</h1>
      {shown()}
      <PinPicker
        open={placed !== null}
        title={placed?.title ?? ""}
        onClose={() => {
          setPlaced(null);
        }}
        onChoose={(chosen) => {
          setPlaced(null);
          change({ lastPlace: chosen });
          if (placed !== null) pin(chosen, placed);
        }}
      />
    </div>
  );
}
