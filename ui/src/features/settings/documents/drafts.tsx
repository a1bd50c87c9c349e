import { createContext, use, useCallback, useMemo, type ReactNode } from "react";
import { useDraft } from "~/shared/drafts/useDraft";
import { useSession } from "~/shared/session/session";

/** A document being changed: as it was when the first key was pressed, and as it is wanted. */
export interface Edited {
  /** Absent for a new one. */
  seen?: object;
  doc: object;
}

type Slots = Readonly<Record<string, Edited>>;

interface Drafts {
  /** What is being changed, by place: `kind:<id>`, `office#centre`. */
  slots: Slots;
  set: (slot: string, edited: Edited | null) => void;
  /** They were read: what is shown is what was left. */
  ready: boolean;
  /** The last try to keep them failed. */
  failed: boolean;
}

const DraftsContext = createContext<Drafts | null>(null);
const NONE: Slots = {};

/** What somebody began to change in the settings and has not saved. The desk keeps it at every key, for this person. */
export function SettingsDrafts({ children }: { children: ReactNode }): ReactNode {
  const { user } = useSession();
  const { text, set: keep, ready, failed } = useDraft(`settings:${user.id}`);
  const slots = useMemo(() => read(text), [text]);
  const set = useCallback(
    (slot: string, edited: Edited | null) => {
      const others = Object.entries(slots).filter(([name]) => name !== slot);
      const next = Object.fromEntries(edited === null ? others : [...others, [slot, edited]]);
      keep(Object.keys(next).length === 0 ? "" : JSON.stringify(next));
    },
    [slots, keep],
  );
  const value = useMemo(() => ({ slots, set, ready, failed }), [slots, set, ready, failed]);
  return <DraftsContext value={value}>{children}</DraftsContext>;
}

export function useSettingsDrafts(): Drafts {
  const drafts = use(DraftsContext);
  if (drafts === null) throw new Error("SettingsDrafts is missing");
  return drafts;
}

function isEdited(value: unknown): value is Edited {
  if (typeof value !== "object" || value === null) return false;
  const { seen, doc } = value as Partial<Record<keyof Edited, unknown>>;
  const whole = (one: unknown): boolean => typeof one === "object" && one !== null;
  return whole(doc) && (seen === undefined || whole(seen));
}

/** A draft that an earlier form of the screen left is not worth stopping for. */
function read(text: string): Slots {
  if (text === "") return NONE;
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null) return NONE;
    return Object.fromEntries(Object.entries(found).filter(([, value]) => isEdited(value))) as Slots;
  } catch {
    return NONE;
  }
}
