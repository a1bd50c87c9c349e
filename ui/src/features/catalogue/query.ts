import type { Args, CatalogueAnswer, CatalogueHit } from "~/shared/backend";

/** The properties by which a search is narrowed, in the order in which they are shown. */
export const PROPERTIES = [
  "kinds",
  "levels",
  "domains",
  "statuses",
  "departments",
  "academies",
  "categories",
] as const;
export type Property = (typeof PROPERTIES)[number];

/** What each property is called. */
export const PROPERTY_NAMES: Record<Property, string> = {
  kinds: "Nature",
  levels: "Niveau",
  domains: "Domaine",
  statuses: "Statut",
  departments: "Département",
  academies: "Académie",
  categories: "Type",
};

export type Filters = Record<Property, readonly string[]>;

export const NO_FILTERS: Filters = {
  kinds: [],
  levels: [],
  domains: [],
  statuses: [],
  departments: [],
  academies: [],
  categories: [],
};

/** What is looked for: all that the desk needs to know to answer. */
export interface Asked {
  text: string;
  filters: Filters;
  /** From where distances are said. */
  near: string;
  /** Only within so many kilometres; everything when null. */
  within: number | null;
  order: "relevance" | "distance";
}

/** How many hits of each kind stand in the list of all kinds. */
export const SHOWN = 5;
/** How many hits are asked for at a time where one kind is listed. */
export const PAGE = 100;

export function countOfFilters(filters: Filters): number {
  return PROPERTIES.reduce((count, property) => count + filters[property].length, 0);
}

/** Adds a value to a property, or takes it away. */
export function toggled(filters: Filters, property: Property, value: string): Filters {
  const values = filters[property];
  return {
    ...filters,
    [property]: values.includes(value) ? values.filter((one) => one !== value) : [...values, value],
  };
}

/** Whether there is anything to look for: an empty box with no filter shows what the catalogue holds. */
export function isIdle(asked: Asked): boolean {
  return asked.text.trim() === "" && countOfFilters(asked.filters) === 0 && asked.within === null;
}

/** The only kind that is listed, when there is one. */
export function onlyKind(filters: Filters): string | null {
  return filters.kinds.length === 1 ? (filters.kinds[0] ?? null) : null;
}

export function queryOf(asked: Asked): Args<"catalogue.search"> {
  const near = asked.near.trim();
  return {
    text: asked.text.trim(),
    kinds: [...asked.filters.kinds],
    levels: [...asked.filters.levels],
    domains: [...asked.filters.domains],
    statuses: [...asked.filters.statuses],
    departments: [...asked.filters.departments],
    academies: [...asked.filters.academies],
    categories: [...asked.filters.categories],
    near: near === "" ? null : near,
    within_km: near === "" ? null : asked.within,
    order: near === "" ? "relevance" : asked.order,
    limit: onlyKind(asked.filters) === null ? SHOWN : PAGE,
    offset: 0,
  };
}

/** The same question without what narrows it: how many there would be. */
export function widened(asked: Asked): Args<"catalogue.search"> {
  return { text: asked.text.trim(), limit: 1, offset: 0 };
}

/** A line of the list that the arrows walk. */
export type Entry =
  { type: "hit"; id: string; hit: CatalogueHit } | { type: "more"; id: string; kind: string; total: number };

/** Hits kind after kind, each kind with the line that shows all of it. */
export function entriesOf(answer: CatalogueAnswer): Entry[] {
  return answer.groups.flatMap((group): Entry[] => {
    const hits = group.hits.map((hit): Entry => ({ type: "hit", id: hit.id, hit }));
    if (group.total <= group.hits.length) return hits;
    return [...hits, { type: "more", id: `tous:${group.kind}`, kind: group.kind, total: group.total }];
  });
}

/** The line to stand on: the one that was chosen while it is still there, else the first. */
export function activeOf(ids: readonly string[], wanted: string | null): number {
  if (ids.length === 0) return -1;
  const at = wanted === null ? -1 : ids.indexOf(wanted);
  return at < 0 ? 0 : at;
}
