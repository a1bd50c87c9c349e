import { useEffect, useMemo, useState } from "react";
import {
  useRead,
  useReads,
  type BackendError,
  type CatalogueAnswer,
  type CatalogueHit,
} from "~/shared/backend";
import { entriesOf, isIdle, onlyKind, PAGE, queryOf, type Asked, type Entry } from "./query";

/** What was answered, with what was asked: what is shown never mixes two questions. */
interface Answered {
  asked: Asked;
  answer: CatalogueAnswer;
}

export interface Found {
  /** The last answer; an earlier one while the next is on its way. */
  answer: CatalogueAnswer | null;
  /** The question that it answers. */
  asked: Asked | null;
  /** The only kind that is listed, when there is one. */
  kind: string | null;
  /** How many lines the arrows walk. */
  count: number;
  /** A line; none while its page is on its way. */
  entryAt: (index: number) => Entry | undefined;
  /** Asks for the lines that are in sight, first and last. */
  see: (first: number, last: number) => void;
  /** The question that is being asked is not answered yet. */
  waiting: boolean;
  error: BackendError | null;
}

/** Pages are asked for once the list has rested on them so long: what only flies past is not read. */
const REST_MS = 60;

function hitEntry(hit: CatalogueHit): Entry {
  return { type: "hit", id: hit.id, hit };
}

/** Asks at each key. An answer to an earlier question that comes late is not shown. */
export function useSearch(asked: Asked): Found {
  const idle = isIdle(asked);
  const query = useMemo(() => queryOf(asked), [asked]);
  const read = useRead("catalogue.search", query, { enabled: !idle });
  const [last, setLast] = useState<Answered | null>(null);
  if (read.data !== undefined && last?.answer !== read.data) setLast({ asked, answer: read.data });
  // What could not be answered has no lines either: those of the question before are not its own.
  if ((idle || read.error !== null) && last !== null && read.data === undefined) setLast(null);

  const kind = last === null ? null : onlyKind(last.asked.filters);
  const group = kind === null ? undefined : last?.answer.groups.find((one) => one.kind === kind);
  const entries = useMemo(() => (last === null || kind !== null ? [] : entriesOf(last.answer)), [last, kind]);

  const [seen, see] = useState({ first: 0, last: 0 });
  const [rested, setRested] = useState(seen);
  useEffect(() => {
    const timer = setTimeout(() => {
      setRested(seen);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [seen]);
  const total = group?.total ?? 0;
  const pages = useMemo(() => {
    // The first page came with the answer itself.
    if (kind === null || last === null || total <= PAGE) return [];
    const from = Math.floor(rested.first / PAGE);
    const to = Math.floor(Math.min(rested.last, total - 1) / PAGE);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((page) => page > 0);
  }, [kind, last, total, rested]);
  const more = useReads(
    "catalogue.search",
    last === null ? [] : pages.map((page) => ({ ...queryOf(last.asked), offset: page * PAGE })),
  );

  const entryAt = (index: number): Entry | undefined => {
    if (kind === null) return entries[index];
    const page = Math.floor(index / PAGE);
    const hits =
      page === 0
        ? group?.hits
        : more[pages.indexOf(page)]?.data?.groups.find((one) => one.kind === kind)?.hits;
    const hit = hits?.[index % PAGE];
    return hit === undefined ? undefined : hitEntry(hit);
  };
  return {
    answer: last?.answer ?? null,
    asked: last?.asked ?? null,
    kind,
    count: kind === null ? entries.length : total,
    entryAt,
    see: (first, end) => {
      see((before) => (before.first === first && before.last === end ? before : { first, last: end }));
    },
    waiting: !idle && read.data === undefined && read.error === null,
    error: read.error,
  };
}
