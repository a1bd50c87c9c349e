/** One field of a document that was changed elsewhere while somebody was changing the document here. */
export interface FieldChange {
  field: string;
  /** As both saw it. */
  base: unknown;
  theirs: unknown;
  mine: unknown;
}

type Fields = Record<string, unknown>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What comes of changes made side by side: a field that only one of the two changed is as that one wants it. */
export interface Merged<D> {
  /** What is shown, and saved: theirs with my changes on top. */
  doc: D;
  /** What they changed. */
  theirs: FieldChange[];
  /** What both changed, each otherwise: a person has to choose. */
  clashes: FieldChange[];
  /** Nothing of mine is left to save. */
  clean: boolean;
}

/** Puts what I made of `base` on top of what it has become meanwhile, field by field. */
export function merge<D extends object>(base: D, theirs: D, mine: D): Merged<D> {
  const [was, now, wanted] = [base as Fields, theirs as Fields, mine as Fields];
  const doc: Fields = { ...now };
  const changed: FieldChange[] = [];
  const clashes: FieldChange[] = [];
  for (const field of new Set([...Object.keys(was), ...Object.keys(now), ...Object.keys(wanted)])) {
    const change = { field, base: was[field], theirs: now[field], mine: wanted[field] };
    const byMe = !same(change.mine, change.base);
    const byThem = !same(change.theirs, change.base);
    if (byMe) {
      if (change.mine === undefined) Reflect.deleteProperty(doc, field);
      else doc[field] = change.mine;
    }
    if (byThem && !same(change.theirs, change.mine)) {
      changed.push(change);
      if (byMe) clashes.push(change);
    }
  }
  return { doc: doc as D, theirs: changed, clashes, clean: same(sorted(doc), sorted(now)) };
}

/** My changes where nobody else changed anything, theirs where both did. */
export function giveWay<D extends object>(merged: Merged<D>): D {
  const doc: Fields = { ...(merged.doc as Fields) };
  for (const { field, theirs } of merged.clashes) {
    if (theirs === undefined) Reflect.deleteProperty(doc, field);
    else doc[field] = theirs;
  }
  return doc as D;
}

function sorted(fields: Fields): [string, unknown][] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
