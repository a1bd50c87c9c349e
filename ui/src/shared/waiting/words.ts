import type { CallView, FreedPlaceView, SlotView, WaitingEntryView } from "~/shared/backend";
import { civil, clock, dayName, duration, hourOf, type Day } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";

const DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/** The days of a week, Monday first, as they are named in a wish. */
export const WEEKDAYS: readonly string[] = DAYS;

/** Why somebody stands where they stand in a call list. */
const REASONS: Record<string, string> = {
  urgent: "urgent",
  wanted_counsellor: "demande ce conseiller",
  referent: "son référent",
  exact_kind: "ce motif",
  other_kind: "autre motif, plus court",
  called_recently: "appelé il y a peu, sans réponse",
  declined_this: "a refusé ce créneau",
  busy: "a déjà rendez-vous à cette heure",
};

export function reasonText(code: string): string {
  return french(REASONS[code] ?? "convient");
}

const OUTCOMES: Record<string, string> = {
  no_answer: "pas de réponse",
  declined: "créneau refusé",
  left_message: "message laissé",
};

/** `appelé à 10:12, pas de réponse`; the day is said when it is another one. */
export function callText(call: CallView, today: Day, zone: string): string {
  const { day } = civil(call.at, zone);
  const when = day === today ? `à ${clock(call.at, zone)}` : dayName(day, "bare");
  return french(`Appel ${when} : ${OUTCOMES[call.outcome] ?? "noté"}`);
}

export const CLOSE_REASONS: readonly { value: string; label: string }[] = [
  { value: "no_longer_wanted", label: "N’en a plus besoin" },
  { value: "elsewhere", label: "A été reçu ailleurs" },
  { value: "unreachable", label: "Injoignable" },
  { value: "mistake", label: "Saisie par erreur" },
];

/** `depuis le 12 nov., 11 jours`. */
export function sinceText(since: string, today: Day, zone: string): string {
  const { day } = civil(since, zone);
  const days = Math.round((Date.parse(`${today}T12:00:00Z`) - Date.parse(`${day}T12:00:00Z`)) / 86_400_000);
  if (days <= 0) return `depuis aujourd’hui, ${clock(since, zone)}`;
  if (days === 1) return "depuis hier";
  return `depuis ${dayName(day, "short").replace(/^\S+ /, "le ")}, ${plural(days, "jour")}`;
}

/** What somebody wishes, in a line: `mercredi, après 13 h 30, Mme Leroy`; empty when anything will do. */
export function wishText(entry: WaitingEntryView): string {
  const { weekdays, after_min: after, before_min: before, counsellor, site_name: site, until } = entry;
  return french(
    [
      weekdays.length === 0 ? null : weekdays.map((day) => DAYS[day] ?? "").join(", "),
      after === null ? null : `après ${hourOf(after)}`,
      before === null ? null : `avant ${hourOf(before)}`,
      counsellor === null ? null : `avec ${counsellor.name}`,
      site,
      until === null ? null : `jusqu'au ${dayName(until, "short")}`,
    ]
      .filter(Boolean)
      .join(", "),
  );
}

/** `lun. 23, 14:15, Mme Vasseur, 45 min`; without the minutes where there is little room. */
export function placeText(slot: SlotView, minutes?: number): string {
  const { day } = civil(slot.start, slot.zone);
  const who = slot.counsellor.name.replace(/^(M\.|Mme) /, "$1\u00a0");
  const place = `${dayName(day, "bare")}, ${clock(slot.start, slot.zone)}, ${who}`;
  return minutes === undefined ? place : `${place}, ${duration(minutes)}`;
}

/** `3 personnes attendent ce créneau`. */
export function countText(count: number): string {
  return count < 2 ? "1 personne attend ce créneau" : `${plural(count, "personne")} attendent ce créneau`;
}

/** What `waiting.calls` takes to look at a freed place again. */
export function placeOf(place: FreedPlaceView): {
  kind: string;
  counsellor: string;
  start: string;
  site: string;
  minutes: number;
} {
  const { slot, minutes, kind } = place;
  return { kind: kind.id, counsellor: slot.counsellor.id, start: slot.local, site: slot.site, minutes };
}
