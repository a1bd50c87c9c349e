import type { SettingChange, SettingDoc } from "~/shared/backend";
import { useSettingsDrafts } from "./drafts";
import { giveWay, merge, type FieldChange } from "./merge";

export type Entity = SettingDoc["entity"];
export type Doc<E extends Entity> = Extract<SettingDoc, { entity: E }>["doc"];

/** A document of the settings with what this person is making of it. */
export interface Editing<E extends Entity> {
  entity: E;
  /** What is shown: what the desk has, with what was typed on top. */
  doc: Doc<E>;
  /** As the desk has it; null for a new one. */
  current: Doc<E> | null;
  /** Something is typed and not saved. */
  dirty: boolean;
  /** What somebody else saved since the first key. */
  theirs: FieldChange[];
  /** What both changed: a choice is due before saving. */
  clashes: FieldChange[];
  change: (part: Partial<Doc<E>>) => void;
  discard: () => void;
  takeTheirs: () => void;
  keepMine: () => void;
  /** For `settings.preview` and `settings.save`. */
  toChange: () => SettingChange;
}

/** As it crosses: a field that was emptied is left out. */
export function settingOf<E extends Entity>(entity: E, doc: Doc<E>): SettingDoc {
  return { entity, doc } as SettingDoc;
}

/** Works on one document. `blank` is what a new one begins with; `slot` tells two parts of one document apart. */
export function useDocument<E extends Entity>(
  entity: E,
  slot: string,
  current: Doc<E> | null,
  blank?: Doc<E>,
): Editing<E> {
  const drafts = useSettingsDrafts();
  const kept = drafts.slots[slot];
  const known = current ?? blank;
  if (known === undefined) throw new Error(`nothing to edit in ${slot}`);
  const mine = kept === undefined ? known : (kept.doc as Doc<E>);
  const base = (kept?.seen as Doc<E> | undefined) ?? known;
  const merged = merge<Doc<E>>(base, known, mine);
  const put = (seen: Doc<E>, doc: Doc<E>): void => {
    const clean = current !== null && merge<Doc<E>>(seen, current, doc).clean;
    drafts.set(slot, clean ? null : { ...(current === null ? {} : { seen }), doc });
  };
  return {
    entity,
    doc: merged.doc,
    current,
    dirty: kept !== undefined && (current === null || !merged.clean),
    theirs: current === null ? [] : merged.theirs,
    clashes: current === null ? [] : merged.clashes,
    change: (part) => {
      put(base, without<Doc<E>>({ ...mine, ...part } as Doc<E>));
    },
    discard: () => {
      drafts.set(slot, null);
    },
    takeTheirs: () => {
      put(known, giveWay(merged));
    },
    keepMine: () => {
      put(known, merged.doc);
    },
    toChange: () => ({
      ...(current === null ? {} : { seen: settingOf(entity, current) }),
      to: settingOf(entity, merged.doc),
    }),
  };
}

/** A field set to `undefined` is a field left out. */
function without<D extends object>(doc: D): D {
  return Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== undefined)) as D;
}
