import type {
  CatalogueHit,
  CatalogueOpenDay,
  CataloguePlace,
  CatalogueReason,
  CatalogueRecord,
  CatalogueSource,
  TextPiece,
} from "~/shared/backend";
import { dayName, hourOf, spanName } from "~/shared/format/dates";
import { kilometres } from "~/shared/format/numbers";
import { fold, french } from "~/shared/format/text";
import { kindName } from "./kinds";

/** What the short facts of a record are called. */
const FACTS: Record<string, string> = {
  type: "Type",
  level: "Niveau",
  duration: "Durée",
  certification: "Certification",
  rncp: "Fiche RNCP",
  domains: "Domaine",
  authority: "Tutelle",
  status: "Statut",
  address: "Adresse",
  department: "Département",
  academy: "Académie",
  annexes: "Annexe",
  statuses: "Statut",
  elements: "Précisions",
  phone: "Téléphone",
  mail: "Mél",
  website: "Site",
  boarding: "Hébergement",
  accessibility: "Accessibilité",
  languages: "Langues",
  pupils: "Élèves",
  uai: "Code UAI",
  field: "Filière",
  rome: "Code ROME",
  sectors: "Secteur",
  interests: "Pour qui aime",
  also: "Aussi appelé",
  attendance: "Modalité",
  cost: "Coût",
  welcome: "Accueil",
  subjects: "Matières",
  state: "État",
};

/** Facts that say more than a word each: one line of their own in a list. */
const SEVERAL: Record<string, string> = {
  domains: "Domaines",
  languages: "Langues",
  sectors: "Secteurs",
  attendance: "Modalités",
  rome: "Codes ROME",
  annexes: "Annexes",
  statuses: "Statuts",
};

export function factName(key: string, count = 1): string {
  return (count > 1 ? SEVERAL[key] : undefined) ?? FACTS[key] ?? key;
}

/** What the texts of a record are called. */
const TEXTS: Record<string, string> = {
  description: "En quoi cela consiste",
  access: "Comment y entrer",
  expectations: "Ce qui est attendu",
  further: "Et après",
  hook: "En bref",
  summary: "En bref",
  work: "Le travail",
  conditions: "Où et comment l’exercer",
  skills: "Ce qu’il faut savoir faire",
  career: "Carrière et salaire",
  answer: "Réponse",
};

export function textName(key: string): string {
  return TEXTS[key] ?? "À savoir";
}

/** The facts with one key joined, in the order in which they come. */
export function factsOf(record: Pick<CatalogueRecord, "facts">): { key: string; values: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { key, value } of record.facts) {
    const values = groups.get(key);
    if (values === undefined) groups.set(key, [value]);
    else values.push(value);
  }
  return [...groups].map(([key, values]) => ({ key, values }));
}

export function plainText(pieces: readonly TextPiece[]): string {
  return pieces.map((piece) => piece.text).join("");
}

/** What stands under a name, without the letter by which the trades of an occupation are filed. */
export function underName(subtitle: string): string {
  return subtitle.replace(/^GFE [A-Z]{1,2}\s?: /, "");
}

/** `Formation · BTS de niveau 5`, above the name of a record. */
export function eyebrow(record: Pick<CatalogueRecord, "kind" | "subtitle">): string {
  return [kindName(record.kind), underName(record.subtitle)].filter(Boolean).join(" · ");
}

/** How far a hit is, where that says something. */
export function distanceText(hit: Pick<CatalogueHit, "distance_km">): string {
  return hit.distance_km === null ? "" : kilometres(hit.distance_km);
}

/** A text as it is written among others, where those others have it: the index knows words without their accents. */
function asWritten(found: string, texts: readonly string[]): string {
  const wanted = fold(found);
  for (const text of texts) {
    const letters = Array.from(text);
    for (let start = 0; start < letters.length; start++) {
      let seen = "";
      for (let end = start; end < letters.length && seen.length < wanted.length; end++) {
        seen += fold(letters[end] ?? "");
        if (seen === wanted) return letters.slice(start, end + 1).join("");
      }
    }
  }
  return found;
}

type Explained = Pick<CatalogueHit, "title" | "subtitle" | "snippet" | "why">;

/** `garagiste → mécanicien automobile`; `« tp »` where the very word was found. */
export function reasonText(reason: CatalogueReason, hit: Explained): string {
  const asked = reason.asked.trim();
  if (reason.found === null || fold(reason.found) === fold(asked)) return french(`« ${asked} »`);
  const texts = [plainText(hit.title), plainText(hit.snippet), hit.subtitle];
  return `${asked} → ${asWritten(reason.found, texts).toLocaleLowerCase("fr")}`;
}

/** Which words led to a hit, each once, the ones that need to be explained first. */
export function whyText(hit: Explained, most = 4): string {
  const reasons = [...hit.why].sort((a, b) => Number(b.found !== null) - Number(a.found !== null));
  return [...new Set(reasons.map((reason) => reasonText(reason, hit)))].slice(0, most).join(", ");
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** `samedi 5 décembre, de 9 h 30 à 16 h 30`; what was published where no date can be read from it. */
export function openDayText(day: CatalogueOpenDay): string {
  if (day.from === null) return french(day.written);
  const date = day.to === null || day.to === day.from ? dayName(day.from) : spanName(day.from, day.to);
  const hours =
    day.opens === null
      ? ""
      : day.closes === null
        ? `à partir de ${hourOf(minuteOf(day.opens))}`
        : `de ${hourOf(minuteOf(day.opens))} à ${hourOf(minuteOf(day.closes))}`;
  return [date, hours, day.online ? "en ligne" : ""].filter(Boolean).join(", ");
}

/** `Onisep, Idéo : formations, du 2 novembre 2026, Licence Ouverte`. */
export function sourceText(source: CatalogueSource): string {
  const published =
    source.published === null ? "" : `du ${dayName(source.published, "year").split(" ").slice(1).join(" ")}`;
  return [[source.publisher, source.title].filter(Boolean).join(", "), published, source.licence]
    .filter(Boolean)
    .join(", ");
}

/** A release as it is said: its day where its name is one. */
export function releaseText(release: string): string {
  const [, year, month, date] = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(release) ?? [];
  if (year === undefined || month === undefined || date === undefined) return release;
  return dayName(`${year}-${month}-${date}`, "year").split(" ").slice(1).join(" ");
}

/** Type and commune, how it is followed; in brief the commune and the first of it. */
export function placeText(place: CataloguePlace, brief: boolean): string {
  if (!brief) return [place.place, ...place.attendance].filter(Boolean).join(" · ");
  // The desk writes type, commune and status in a row.
  const town = place.place.split(" · ")[1] ?? place.place;
  const how = place.attendance.map((one) => one.split(",")[0] ?? one);
  return [town, ...how].filter(Boolean).join(" · ");
}

/** How far a record stands from the place that was said: `À 41 km`, `Dans la même commune`, of a home `… de chez Jade`. */
export function awayText(km: number, home: string | null): string {
  const whose = home === null ? "" : ` ${km < 0.1 ? "que" : "de chez"} ${home}`;
  return km < 0.1 ? `Dans la même commune${whose}` : `À ${kilometres(km)}${whose}`;
}
