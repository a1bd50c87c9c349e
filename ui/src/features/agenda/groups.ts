/** Columns that belong together under a name: those of the middle schools, those who are there in the morning. */
export interface Group {
  name: string;
  columns: string[];
}

/** Alt and a digit show a group: there are nine. */
export const MOST_GROUPS = 9;

/** A group of the same name is replaced where it stands; a tenth pushes nobody out and is not kept. */
export function withGroup(groups: readonly Group[], group: Group): Group[] {
  const name = group.name.trim();
  const made = { ...group, name };
  const same = groups.findIndex((one) => one.name.toLowerCase() === name.toLowerCase());
  if (same >= 0) return groups.map((one, index) => (index === same ? made : one));
  return [...groups, made].slice(0, MOST_GROUPS);
}

export function withoutGroup(groups: readonly Group[], name: string): Group[] {
  return groups.filter((one) => one.name !== name);
}

/** What a group hides. One whose people have all left hides nothing. */
export function hiddenBy(group: Group, columns: readonly string[]): ReadonlySet<string> {
  const there = columns.filter((id) => group.columns.includes(id));
  return new Set(there.length === 0 ? [] : columns.filter((id) => !group.columns.includes(id)));
}

/** The group whose columns, of those that there are, are exactly those shown. */
export function groupOf(
  groups: readonly Group[],
  columns: readonly string[],
  shown: readonly string[],
): Group | null {
  if (columns.length === shown.length) return null;
  return (
    groups.find((group) => {
      const there = columns.filter((id) => group.columns.includes(id));
      return there.length === shown.length && there.every((id) => shown.includes(id));
    }) ?? null
  );
}

export function readGroups(kept: string | null): Group[] {
  try {
    const groups: unknown = JSON.parse(kept ?? "[]");
    if (!Array.isArray(groups)) return [];
    return groups.filter(isGroup).slice(0, MOST_GROUPS);
  } catch {
    return [];
  }
}

function isGroup(one: unknown): one is Group {
  if (typeof one !== "object" || one === null) return false;
  const { name, columns } = one as Partial<Record<keyof Group, unknown>>;
  return (
    typeof name === "string" &&
    name !== "" &&
    Array.isArray(columns) &&
    columns.every((id) => typeof id === "string")
  );
}
