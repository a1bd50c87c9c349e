import type { EnquiryRow, EnquiryView, RoutingReason } from "~/shared/backend";
import { addDays, civil, clock, dayName, dayNear, hour, type Day } from "~/shared/format/dates";
import { kilometres } from "~/shared/format/numbers";
import { french, plural } from "~/shared/format/text";
import { CATEGORIES, CHANNELS, RELATIONS } from "~/shared/words";
import type { IconName } from "~/shared/ui/Icon";

export const CHANNEL_ICONS: Record<EnquiryRow["channel"], IconName> = {
  chat: "chat",
  mail: "mail",
  phone: "phone",
  walk_in: "door",
};

const SOON_MS = 2 * 3_600_000;

/** States in which nobody has to do anything any more. */
const ENDED = new Set(["converted", "answered", "closed", "merged", "spam"]);

export function isEnded(row: Pick<EnquiryRow, "status">): boolean {
  return ENDED.has(row.status);
}

/** Opening it means that one takes it. */
export function isFree(row: Pick<EnquiryRow, "status" | "owner" | "hidden">): boolean {
  return !row.hidden && row.owner === null && (row.status === "new" || row.status === "claimed");
}

export interface Due {
  tone: "late" | "soon" | "calm";
  icon: IconName;
  text: string;
  /** Where somebody's name has to stand beside it. */
  short: string;
}

/** When it has to be answered, or what it waits for; said by word and icon, the colour comes last. */
export function dueOf(row: EnquiryRow, now: number, zone: string): Due {
  const today = civil(now, zone).day;
  const calm = (text: string, icon: IconName = "clock"): Due => ({
    tone: "calm",
    icon,
    text: french(text),
    short: french(text),
  });
  if (row.status === "converted") return calm("rendez-vous posé", "calendar-check");
  if (row.status === "merged") return calm("jointe à une autre", "merge");
  if (row.status === "spam") return calm("indésirable", "slash");
  if (isEnded(row)) return calm(row.status === "answered" ? "répondue" : "close", "check");
  if (row.status === "waiting_client") return { ...calm("attend la famille", "hourglass"), short: "attend" };
  if (row.snoozed_until !== null && row.status === "snoozed")
    return calm(`revient ${whenShort(row.snoozed_until, today, zone)}`);
  const left = Date.parse(row.due_at) - now;
  const { day } = civil(row.due_at, zone);
  const at = clock(row.due_at, zone);
  if (left < 0) {
    const since = day === today ? at : dayNear(day, today);
    return { tone: "late", icon: "alert", text: `en retard, ${since}`, short: "en retard" };
  }
  if (left < SOON_MS) return { tone: "soon", icon: "alert", text: `urgent, ${at}`, short: `urgent, ${at}` };
  return calm(day === today ? `avant ${at}` : `${dayNear(day, today)}, ${at}`);
}

function whenShort(instant: string, today: Day, zone: string): string {
  const { day } = civil(instant, zone);
  return day === today ? clock(instant, zone) : `${dayNear(day, today)}, ${clock(instant, zone)}`;
}

/** `10:04` today, `hier`, `ven.` in the week, `12 nov.` before. */
export function receivedText(instant: string, today: Day, zone: string): string {
  const { day } = civil(instant, zone);
  if (day === today) return clock(instant, zone);
  if (day === addDays(today, -1)) return "hier";
  const [weekday = "", ...rest] = dayName(day, "short").split(" ");
  return day > addDays(today, -7) ? weekday : rest.join(" ");
}

/** `mère, 3e`; `Tle G` for somebody who asks for themselves. */
export function whoTag(row: Pick<EnquiryRow, "relation" | "class_level" | "category">): string {
  const level = row.class_level ?? (row.category === null ? null : CATEGORIES[row.category]);
  const relation =
    row.relation === "self" ? null : row.relation === "other" ? "proche" : RELATIONS[row.relation].word;
  return [relation, level].filter(Boolean).join(", ");
}

/** `Mme R.`: enough for those who work side by side, short enough for a line. */
export function shortName(name: string): string {
  const [title = "", family = ""] = name.split(" ");
  return /^(M\.|Mme)$/.test(title) && family !== "" ? `${title} ${family.charAt(0)}.` : name;
}

export function ownerText(row: Pick<EnquiryRow, "owner" | "mine" | "status">): string | null {
  if (row.owner === null || isEnded(row)) return null;
  return row.mine ? "Prise par vous" : `${shortName(row.owner.name)} s’en occupe`;
}

export function subjectText(row: Pick<EnquiryRow, "subject" | "hidden" | "channel">): string {
  if (row.hidden) return "Question délicate, pour les conseillers";
  return row.subject === "" ? CHANNELS[row.channel] : french(row.subject);
}

export interface Group {
  title: string;
  rows: EnquiryRow[];
}

/** The list in stretches of days. The order inside is the desk's: oldest due first. */
export function groupsOf(rows: readonly EnquiryRow[], view: string, now: number, zone: string): Group[] {
  const today = civil(now, zone).day;
  const groups: Group[] = [];
  for (const row of rows) {
    const title = groupTitle(row, view, today, zone);
    const group = groups.find((one) => one.title === title);
    if (group === undefined) groups.push({ title, rows: [row] });
    else group.rows.push(row);
  }
  return groups;
}

function groupTitle(row: EnquiryRow, view: string, today: Day, zone: string): string {
  if (view === "waiting") return row.status === "snoozed" ? "Reportées" : "Attendent la famille";
  if (view === "closed") {
    const { day } = civil(row.received_at, zone);
    return day === today
      ? "Reçues aujourd’hui"
      : day > addDays(today, -7)
        ? "Cette semaine"
        : "Plus anciennes";
  }
  // Found by a word, whatever became of it.
  if (view === "all") {
    if (isEnded(row)) return "Closes";
    return row.status === "waiting_client" || row.status === "snoozed" ? "En attente" : "À traiter";
  }
  const { day } = civil(row.due_at, zone);
  if (day < today) return "En retard, la plus ancienne d’abord";
  if (day === today) return "Aujourd’hui, la plus urgente d’abord";
  if (day === addDays(today, 1)) return "Demain";
  const name = dayName(day);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `Tchat du 22 novembre, 18 h 42 – 19 h 06 · 80090 Amiens`. */
export function headText(view: EnquiryView, zone: string): string {
  const first = view.thread[0]?.at ?? view.received_at;
  const last = view.thread.findLast((message) => message.from !== "staff" && !message.internal)?.at ?? first;
  const start = civil(first, zone);
  const day = dayName(start.day).split(" ").slice(1).join(" ");
  const sameDay = civil(last, zone).day === start.day;
  const until = sameDay && hour(last, zone) !== hour(first, zone) ? ` – ${hour(last, zone)}` : "";
  const home = [view.postal_code, view.communes.length === 1 ? view.communes[0] : null]
    .filter(Boolean)
    .join(" ");
  return [`${CHANNELS[view.channel]} du ${day}, ${hour(first, zone)}${until}`, home, view.reference]
    .filter(Boolean)
    .join(" · ");
}

const ROUTED: Record<RoutingReason, string> = {
  catchment: "secteur du domicile",
  nearest: "centre le plus proche du domicile",
  fallback: "code postal non reconnu",
  chosen: "",
};

/** How it came here. */
export function routingText(view: EnquiryView, office: string): string {
  const place = office.startsWith("CIO") ? `au ${office}` : `à ${office}`;
  if (view.routing === "chosen")
    return `${view.channel === "phone" || view.channel === "walk_in" ? "Notée" : "Adressée"} ${place}`;
  const distance =
    view.distance_km === null || view.distance_km < 0.1 ? "" : `, ${kilometres(view.distance_km)}`;
  return `Transmise ${place}, ${ROUTED[view.routing]}${distance}`;
}

/** What the answer's button says. */
export function sendText(count: number): string {
  if (count === 0) return "Envoyer";
  return count === 1 ? "Envoyer le créneau" : `Envoyer les ${String(count)} créneaux`;
}

export function arrivalText(rows: readonly EnquiryRow[], now: number, zone: string): string {
  const [first] = rows;
  if (first === undefined) return "";
  if (rows.length > 1) return `${plural(rows.length, "nouvelle demande", "nouvelles demandes")}`;
  return `Nouvelle demande, ${CHANNELS[first.channel].toLowerCase()}, ${first.name}, ${dueOf(first, now, zone).text}`;
}
