import type { KindColour, KindDoc, SettingChange, SettingsView } from "~/shared/backend";
import { lengthWords } from "~/shared/format/lengths";
import { fold, french, plural } from "~/shared/format/text";
import { KIND_MARKS } from "~/shared/ui/KindMark";
import { settingOf } from "../documents/useDocument";

/** Place of the draft of a kind that does not exist yet. */
export const NEW_KIND = "kind:new";

export const COLOURS = Object.keys(KIND_MARKS) as KindColour[];

export const colourOf = (kind: KindDoc): KindColour => kind.colour ?? "green";

/** The short name that the command line knows: made of the words of the name, unlike any other. */
export function keyOf(name: string, taken: readonly string[]): string {
  const plain = fold(name)
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 36)
    .replace(/-+$/, "");
  const base = plain === "" ? "motif" : plain;
  let key = base;
  for (let n = 2; taken.includes(key); n += 1) key = `${base}-${String(n)}`;
  return key;
}

/** What a new kind begins with: an individual talk, told apart by a colour that nobody has yet. */
export function blankKind(settings: SettingsView, id: string): KindDoc {
  const used = settings.kinds.filter((kind) => kind.active).map(colourOf);
  return {
    id,
    key: "",
    name: "",
    duration_min: 45,
    buffer_after_min: 0,
    min_notice_min: 240,
    horizon_days: 60,
    capacity: 1,
    rank: Math.max(-1, ...settings.kinds.map((kind) => kind.rank)) + 1,
    active: true,
    colour: COLOURS.find((colour) => !used.includes(colour)) ?? "green",
  };
}

/** What the public sees of it. */
export function publicWords(kind: KindDoc): string {
  if (kind.horizon_days === 0) return "pas proposé aux familles";
  const from =
    kind.min_notice_min === 0 ? "jusqu’au dernier moment" : `${lengthWords(kind.min_notice_min)} avant`;
  const ahead =
    kind.horizon_days === undefined ? "sans limite" : `${plural(kind.horizon_days, "jour")} à l’avance`;
  return `familles : ${from}, ${ahead}`;
}

/** Where it takes place and for how many. */
export function placeWords(kind: KindDoc): string {
  const where = kind.online
    ? "en ligne ou par téléphone"
    : kind.room_kind === undefined
      ? ""
      : `salle « ${kind.room_kind} »`;
  const seats = kind.capacity > 1 ? plural(kind.capacity, "place") : "";
  return french([seats, where].filter(Boolean).join(", "));
}

/** What it takes of a day, in a sentence. */
export function kindSentence(kind: KindDoc): string {
  const buffer =
    kind.buffer_after_min === 0 ? "" : `, puis ${lengthWords(kind.buffer_after_min)} gardées libres`;
  const seen =
    kind.horizon_days === 0
      ? "Les familles ne le voient pas"
      : `Les familles le choisissent ${kind.horizon_days === undefined ? "aussi tôt qu'elles veulent" : `${plural(kind.horizon_days, "jour")} à l'avance au plus`}, ${kind.min_notice_min === 0 ? "jusqu'au dernier moment" : `jusqu'à ${lengthWords(kind.min_notice_min)} avant l'heure`}`;
  return french(`${lengthWords(kind.duration_min)}${buffer}. ${seen}.`);
}

/** A field of a kind by its French name and its value in words; none for what nobody typed. */
export function kindWords(field: string, value: unknown): { label: string; value: string } | null {
  const length = (label: string): { label: string; value: string } => ({
    label,
    value: typeof value === "number" ? lengthWords(value) : "",
  });
  const plain = (label: string): { label: string; value: string } => ({
    label,
    value: typeof value === "string" || typeof value === "number" ? String(value) : "",
  });
  switch (field) {
    case "name":
      return plain("Nom");
    case "duration_min":
      return length("Durée");
    case "buffer_after_min":
      return length("Temps gardé libre");
    case "min_notice_min":
      return length("Délai");
    case "horizon_days":
      return { label: "Visible à l’avance", value: typeof value === "number" ? plural(value, "jour") : "" };
    case "room_kind":
      return plain("Salle");
    case "capacity":
      return plain("Places");
    case "before":
      return plain("Avant le rendez-vous");
    case "after":
      return plain("Après le rendez-vous");
    case "online":
      return { label: "En ligne", value: value === true ? "oui" : "non" };
    case "active":
      return { label: "Proposé", value: value === true ? "oui" : "non" };
    case "colour":
      return { label: "Couleur", value: KIND_MARKS[(value as KindColour | undefined) ?? "green"].word };
    default:
      return null;
  }
}

/** The changes that put kinds in a new order: only those whose place changes are touched. */
export function reordered(kinds: readonly KindDoc[], order: readonly string[]): SettingChange[] {
  const changes: SettingChange[] = [];
  order.forEach((id, rank) => {
    const kind = kinds.find((one) => one.id === id);
    if (kind === undefined || kind.rank === rank) return;
    changes.push({ seen: settingOf("kind", kind), to: settingOf("kind", { ...kind, rank }) });
  });
  return changes;
}

/** A list with one of its own moved a step up or down. */
export function stepped(order: readonly string[], id: string, by: 1 | -1): string[] | null {
  const at = order.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= order.length) return null;
  const next = [...order];
  next.splice(at, 1);
  next.splice(to, 0, id);
  return next;
}
