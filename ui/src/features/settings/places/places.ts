import type { OfficeDoc, RoomDoc, SettingChange, SettingsView, SiteDoc } from "~/shared/backend";
import type { IconName } from "~/shared/ui/Icon";
import { settingOf } from "../documents/useDocument";

export const NEW_SITE = "site:new";
export const NEW_ROOM = "room:new";
/** The travel times are a part of the office's own document, with a draft of their own. */
export const TRAVEL = "office#travel";

export const SITE_KINDS: Record<SiteDoc["kind"], { word: string; icon: IconName }> = {
  main: { word: "Siège", icon: "home" },
  annexe: { word: "Antenne", icon: "door" },
  school: { word: "Établissement", icon: "school" },
};

/** Zones in which the offices of the Republic live, named by what one says. */
export const ZONES: readonly { value: string; label: string }[] = [
  { value: "Europe/Paris", label: "Métropole" },
  { value: "America/Guadeloupe", label: "Guadeloupe" },
  { value: "America/Martinique", label: "Martinique" },
  { value: "America/Cayenne", label: "Guyane" },
  { value: "America/Miquelon", label: "Saint-Pierre-et-Miquelon" },
  { value: "Indian/Reunion", label: "La Réunion" },
  { value: "Indian/Mayotte", label: "Mayotte" },
  { value: "Pacific/Noumea", label: "Nouvelle-Calédonie" },
  { value: "Pacific/Tahiti", label: "Polynésie" },
  { value: "Pacific/Wallis", label: "Wallis-et-Futuna" },
];

/** Names of zones that are in no list stand as they are. */
export function zoneWord(zone: string): string {
  return ZONES.find((one) => one.value === zone)?.label ?? zone.split("/").at(-1)?.replace(/_/g, " ") ?? zone;
}

export function blankSite(settings: SettingsView, id: string): SiteDoc {
  return {
    id,
    name: "",
    kind: "school",
    address: "",
    zone: settings.office.zone,
    holidays: settings.sites[0]?.holidays ?? "metropole",
    closures: [],
  };
}

export function blankRoom(settings: SettingsView, site: string, id: string): RoomDoc {
  const here = settings.rooms.filter((room) => room.site === site);
  return {
    id,
    site,
    name: "",
    kind: here[0]?.kind ?? settings.rooms[0]?.kind ?? "collectif",
    rank: Math.max(-1, ...here.map((room) => room.rank)) + 1,
    seats: 12,
  };
}

/** A field of a site in words. Closures have a page of their own, where they are never a draft. */
export function siteWords(field: string, value: unknown): { label: string; value: string } | null {
  const text = typeof value === "string" ? value : "";
  switch (field) {
    case "name":
      return { label: "Nom", value: text };
    case "address":
      return { label: "Adresse", value: text };
    case "kind":
      return { label: "Sorte", value: SITE_KINDS[value as SiteDoc["kind"]].word };
    case "zone":
      return { label: "Heure", value: zoneWord(text) };
    case "holidays":
      return { label: "Jours fériés", value: value === "alsace-moselle" ? "Alsace-Moselle" : "communs" };
    default:
      return null;
  }
}

export function roomWords(
  sites: readonly SiteDoc[],
): (field: string, value: unknown) => { label: string; value: string } | null {
  return (field, value) => {
    const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
    switch (field) {
      case "name":
        return { label: "Nom", value: text };
      case "site":
        return { label: "Lieu", value: sites.find((one) => one.id === value)?.name ?? "" };
      case "kind":
        return { label: "Sorte", value: text };
      case "seats":
        return { label: "Places", value: text };
      case "rank":
        return { label: "Rang", value: text };
      default:
        return null;
    }
  };
}

type Travel = NonNullable<OfficeDoc["travel"]>;

/** Minutes that were written between two sites, whichever way; none when the usual time holds. */
export function travelBetween(travel: Travel | undefined, a: string, b: string): number | null {
  const found = travel?.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a));
  return found?.minutes ?? null;
}

/** The list with another time between two sites; `null` goes back to the usual one. */
export function withTravel(
  travel: Travel | undefined,
  a: string,
  b: string,
  minutes: number | null,
): Travel | undefined {
  const others = (travel ?? []).filter(
    (one) => !((one.a === a && one.b === b) || (one.a === b && one.b === a)),
  );
  const next = minutes === null ? others : [...others, { a, b, minutes }];
  return next.length === 0 ? undefined : next;
}

/** The changes that put the rooms of a site in a new order. */
export function reorderedRooms(rooms: readonly RoomDoc[], order: readonly string[]): SettingChange[] {
  return order.flatMap((id, rank) => {
    const room = rooms.find((one) => one.id === id);
    if (room === undefined || room.rank === rank) return [];
    return [{ seen: settingOf("room", room), to: settingOf("room", { ...room, rank }) }];
  });
}
