import type { AppointmentView, ConflictSide, ConflictView, OutboxItem, SlotView } from "~/shared/backend";
import { addDays, civil, clock, dayAndHour, dayName, duration, hour, type Day } from "~/shared/format/dates";
import { deedText, titled } from "~/shared/deeds/words";
import { french, plural } from "~/shared/format/text";
import { companionsText } from "~/shared/people/companions";

/** What the conflict is about, in a line. */
export function titleText(conflict: ConflictView): string {
  const mine = conflict.mine?.appointment ?? null;
  const theirs = conflict.theirs?.appointment ?? null;
  if (mine !== null && theirs !== null) {
    const when = hour(theirs.start, theirs.zone);
    return conflict.code === "client_busy"
      ? `Deux rendez-vous à ${when}, ${mine.client?.name ?? "même personne"}`
      : `Deux rendez-vous à ${when}, ${theirs.counsellor.name}`;
  }
  const texts: Record<string, string> = {
    slot_taken: "Créneau pris entre-temps",
    slot_leased: "Demi-journée gardée par un autre poste",
    lease_revoked: "Demi-journée reprise à ce poste, créneau donné entre-temps",
    room_taken: "Salle prise entre-temps",
    client_busy: "Déjà un autre rendez-vous à cette heure",
    capacity_full: "Séance complète",
    enquiry_claimed: "Demande prise par un collègue",
    enquiry_already_converted: "Demande déjà transformée en rendez-vous",
    enquiry_not_open: "Demande close entre-temps",
    stale_rev: "Changé ailleurs entre-temps",
    no_such_step: "Changé ailleurs entre-temps",
    dependency_refused: "Dépend d’un conflit à régler",
    resource_unavailable: "Conseiller, lieu ou motif retiré entre-temps",
    not_found: "Retiré entre-temps",
    client_merged: "Fiche réunie avec une autre entre-temps",
    client_in_use: "Fiche utilisée entre-temps",
    merge_overlap: "Les deux fiches ont un rendez-vous à la même heure",
    answered_since: "La famille a écrit entre-temps",
    not_waiting: "N’attend plus : placé ou retiré entre-temps",
    waits_already: "Déjà en liste d’attente",
    too_many_pins: "Trop de fiches épinglées",
  };
  return french(texts[conflict.code] ?? `${deedText(conflict.kind)} : refusé par le service`);
}

/** `Aminata Diallo, auj. 13:30, Mme Dupont`. */
export function outboxText(item: OutboxItem, today: Day, zone: string): string {
  const when = item.start === null ? null : `${dayWord(item.start, today, zone)} ${clock(item.start, zone)}`;
  const counsellor = item.counsellor === null ? null : titled(item.counsellor);
  return [item.about, when, counsellor].filter(Boolean).join(", ");
}

function dayWord(instant: string, today: Day, zone: string): string {
  const { day } = civil(instant, zone);
  return day === today ? "auj." : dayName(day, day.slice(0, 7) === today.slice(0, 7) ? "bare" : "short");
}

/** `auj. 16:30`, `mar. 24, 9:45`. */
export function slotText(slot: SlotView, today: Day): string {
  const day = dayWord(slot.start, today, slot.zone);
  return `${day}${day === "auj." ? "" : ","} ${clock(slot.start, slot.zone)}`;
}

/** How far a free place is from the one that was wanted: `45 min après`, `même jour`. */
export function farText(slot: SlotView, wanted: AppointmentView | null): string {
  if (wanted === null) return "";
  const minutes = Math.round((Date.parse(slot.start) - Date.parse(wanted.start)) / 60_000);
  if (minutes === 0) return "même heure";
  if (Math.abs(minutes) < 120) return `${duration(Math.abs(minutes))} ${minutes > 0 ? "après" : "avant"}`;
  return civil(slot.start, slot.zone).day === wanted.date ? "même jour" : "";
}

/** `lundi 23 novembre, 15:45 – 16:30`. */
export function timeText(appointment: AppointmentView): string {
  return `${dayName(appointment.date)}, ${clock(appointment.start, appointment.zone)} – ${clock(appointment.end, appointment.zone)}`;
}

export function sideName(side: ConflictSide): string {
  return side.appointment?.client?.name ?? (side.appointment === null ? "" : "Usager à préciser");
}

/** `par Mme Rivière, ven. 20 à 16 h 02, sans réseau`. */
export function doneText(side: ConflictSide, today: Day, zone: string): string | null {
  const at = side.at === null ? null : `${dayWord(side.at, today, zone)} à ${hour(side.at, zone)}`;
  const by = side.by === null ? null : `par ${side.by}`;
  return [by, at, side.offline ? "sans réseau" : null].filter(Boolean).join(", ") || null;
}

/** `3e, avec son père`; `Tle T, seul`. */
export function whoText(appointment: AppointmentView): string | null {
  const along = companionsText(appointment.companions);
  return [appointment.client?.class_level, along].filter(Boolean).join(", ") || null;
}

/** How a settled one ended. */
export function settledText(conflict: ConflictView): string {
  const texts: Record<string, string> = {
    theirs: "Ce qui est au service est gardé",
    mine: "Les deux sont gardés, avec un motif",
    slot: "Déplacé sur un autre créneau",
    undone: "Annulé ici avant l’envoi : rien à régler",
  };
  return texts[conflict.settled ?? ""] ?? "Réglé";
}

/** `aujourd’hui, 10:11`; `jeudi 19 novembre, 10 h 11` before. */
export function exchangeText(instant: string, today: Day, zone: string): string {
  const { day } = civil(instant, zone);
  if (day === today) return `aujourd’hui, ${clock(instant, zone)}`;
  if (day === addDays(today, -1)) return `hier, ${clock(instant, zone)}`;
  return dayAndHour(instant, zone);
}

/** The clock of this computer against central's, when it is far off. Only seen: no clock decides anything. */
export function clockText(seconds: number | null): string | null {
  if (seconds === null) return null;
  const minutes = Math.round(Math.abs(seconds) / 60);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [
    days > 0 ? plural(days, "jour") : null,
    hours > 0 ? `${String(hours)}\u00a0h` : null,
    days === 0 && minutes % 60 > 0 ? `${String(minutes % 60)}\u00a0min` : null,
  ].filter((part) => part !== null);
  const way = seconds > 0 ? "avance" : "retarde";
  return french(
    `L'horloge de cet ordinateur ${way} de ${parts.join(" ")} sur celle du service : réglez-la. Rien n'en dépend, mais les heures affichées sont fausses.`,
  );
}
