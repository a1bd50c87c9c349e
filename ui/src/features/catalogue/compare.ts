import type { CatalogueRecord } from "~/shared/backend";
import { counted, kilometres } from "~/shared/format/numbers";
import { factName, textName } from "~/shared/catalogue/words";

/** One property of the programmes that are compared: what each says of it. */
export interface Row {
  key: string;
  name: string;
  /** For each programme its values; one that says nothing has none. */
  cells: { values: string[]; own: ReadonlySet<string> }[];
  /** They do not all say the same. */
  differs: boolean;
}

function facts(record: CatalogueRecord, key: string): string[] {
  return record.facts.filter((fact) => fact.key === key).map((fact) => fact.value);
}

function textOf(record: CatalogueRecord, key: string): string[] {
  const text = record.texts.find((one) => one.key === key);
  return (text?.blocks ?? []).flatMap((block) => (block.type === "list" ? block.items : [block.text]));
}

function nearest(record: CatalogueRecord): string[] {
  const [place] = record.places;
  if (place === undefined) return [];
  const away = place.distance_km === null ? "" : ` (${kilometres(place.distance_km)})`;
  return [`${place.institution.label}${away}`];
}

function attendance(record: CatalogueRecord): string[] {
  const own = facts(record, "attendance");
  return own.length > 0 ? own : [...new Set(record.places.flatMap((place) => place.attendance))];
}

/** The properties side by side, in the order in which a family asks for them. */
export function rowsOf(records: readonly CatalogueRecord[]): Row[] {
  const near = records.some((record) => record.near !== null);
  const asked: [key: string, name: string, of: (record: CatalogueRecord) => string[]][] = [
    ["type", factName("type"), (record) => facts(record, "type")],
    ["level", factName("level"), (record) => facts(record, "level")],
    ["duration", factName("duration"), (record) => facts(record, "duration")],
    ["certification", factName("certification"), (record) => facts(record, "certification")],
    ["access", textName("access"), (record) => textOf(record, "access")],
    ["expectations", textName("expectations"), (record) => textOf(record, "expectations")],
    ["attendance", "Modalités", attendance],
    ["cost", factName("cost"), (record) => facts(record, "cost")],
    ["status", factName("status"), (record) => facts(record, "status")],
    ["nearest", near ? "Le lieu le plus proche" : "Un lieu", nearest],
    ["places", "Lieux", (record) => [counted(record.places_total, "lieu", "lieux")]],
    ["occupations", "Mène à", (record) => record.occupations.map((link) => link.label)],
    ["further", textName("further"), (record) => textOf(record, "further")],
    ["domains", factName("domains", 2), (record) => facts(record, "domains")],
    ["authority", factName("authority"), (record) => facts(record, "authority")],
  ];
  return asked.flatMap(([key, name, of]) => {
    const said = records.map(of);
    if (said.every((values) => values.length === 0)) return [];
    const cells = said.map((values) => ({
      values,
      own: new Set(values.filter((value) => said.some((others) => !others.includes(value)))),
    }));
    return [{ key, name, cells, differs: cells.some((cell) => cell.own.size > 0) }];
  });
}
