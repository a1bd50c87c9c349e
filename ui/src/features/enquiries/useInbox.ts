import { useEffect, useRef, useState } from "react";
import type { EnquiryRow } from "~/shared/backend";

interface Inbox {
  /** The rows as they are shown. */
  rows: EnquiryRow[];
  /** How many came in meanwhile and wait above the list. */
  held: number;
  /** Puts them in. */
  let: () => void;
}

/**
 * The list stands still under the pointer: what is already there keeps its place and takes its new content, what is new
 * waits until the pointer leaves or somebody asks for it. `key` names the question; another question starts afresh.
 */
export function useInbox(rows: readonly EnquiryRow[], key: string, still: boolean): Inbox {
  const [shown, setShown] = useState<{ key: string; ids: string }>({ key, ids: "" });
  const [letIn, setLetIn] = useState(false);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const holds = still && !letIn && shown.key === key && shown.ids !== "";
  const kept = holds ? shown.ids.split(" ").filter((id) => byId.has(id)) : [...byId.keys()];
  const ids = kept.join(" ");
  if (shown.key !== key || shown.ids !== ids) {
    setShown({ key, ids });
    if (letIn) setLetIn(false);
  }
  return {
    rows: kept.flatMap((id) => byId.get(id) ?? []),
    held: rows.length - kept.length,
    let: () => {
      setLetIn(true);
    },
  };
}

/** Says which enquiries were not there a moment ago. The first answer is no news. */
export function useArrivals(
  rows: readonly EnquiryRow[] | undefined,
  tell: (arrived: EnquiryRow[]) => void,
): void {
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (rows === undefined) return;
    const before = known.current;
    known.current = new Set([...(before ?? []), ...rows.map((row) => row.id)]);
    if (before === null) return;
    const arrived = rows.filter((row) => !before.has(row.id) && row.status === "new");
    if (arrived.length > 0) tell(arrived);
  });
}
