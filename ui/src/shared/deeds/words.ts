import type { Status, UndoItem } from "~/shared/backend";
import { civil, clock, dayName, hour } from "~/shared/format/dates";
import { french } from "~/shared/format/text";

/** What a command did, by its kind: read in the outbox, on a conflict, in the history and in the notice of what was taken back. */
const DEEDS: Record<string, string> = {
  "appointment.book": "Rendez-vous posé",
  "appointment.hold": "Créneau proposé",
  "appointment.move": "Rendez-vous déplacé",
  "appointment.set_status": "Statut noté",
  "appointment.set_companions": "Accompagnants notés",
  "session.move": "Séance déplacée",
  "session.cancel": "Séance annulée",
  "enquiry.open": "Demande notée",
  "enquiry.claim": "Demande prise en charge",
  "enquiry.release": "Demande laissée",
  "enquiry.answer": "Réponse écrite",
  "enquiry.note": "Note interne",
  "enquiry.close": "Demande close",
  "enquiry.reopen": "Demande rouverte",
  "enquiry.snooze": "Demande reportée",
  "enquiry.merge": "Demandes réunies",
  "enquiry.unmerge": "Demandes séparées",
  "enquiry.identify": "Demande rattachée",
  "enquiry.withdraw": "Message retiré",
  "enquiry.restore": "Demande remise comme avant",
  "client.create": "Fiche créée",
  "client.update": "Fiche modifiée",
  "client.merge": "Fiches réunies",
  "client.unmerge": "Fiches séparées",
  "client.remove": "Fiche retirée",
  "settings.save": "Réglages modifiés",
  "waiting.add": "Mise en liste d’attente",
  "waiting.update": "Attente modifiée",
  "waiting.call": "Appel noté",
  "waiting.uncall": "Appel retiré",
  "waiting.close": "Retrait de la liste d’attente",
  "waiting.reopen": "Remise en liste d’attente",
  "catalogue.pin": "Fiche épinglée",
  "catalogue.unpin": "Fiche retirée des épingles",
};

/** Where a kind has no line of its own: what it is about, by the part before its dot. */
const SUBJECTS: Record<string, string> = {
  appointment: "Rendez-vous modifié",
  enquiry: "Demande modifiée",
  client: "Fiche modifiée",
  session: "Séance modifiée",
  settings: "Réglages modifiés",
  opening: "Horaires modifiés",
  absence: "Absence modifiée",
  closure: "Fermeture modifiée",
  waiting: "Liste d’attente modifiée",
};

/** `appointment.set_status` says more by the state that was noted. */
const STATES: Record<Status, string> = {
  held: "Créneau proposé",
  booked: "Rendez-vous confirmé",
  arrived: "Arrivée notée",
  attended: "Rendez-vous honoré",
  no_show: "Absence notée",
  excused: "Excuse notée",
  cancelled: "Rendez-vous annulé",
  declined: "Proposition refusée",
  expired: "Proposition expirée",
};

/** What was done, in two or three words. */
export function deedText(kind: string, status: string | null = null): string {
  const noted = kind === "appointment.set_status" && status !== null ? STATES[status as Status] : undefined;
  return french(noted ?? DEEDS[kind] ?? SUBJECTS[kind.split(".")[0] ?? ""] ?? "Changement");
}

/** `M. Martin` without a break between the two. */
export function titled(name: string): string {
  return name.replace(/^(M\.|Mme) /, "$1\u00a0");
}

/** `Aminata Diallo · mar. 24 nov., 14 h 30 · Mme Dupont`. */
export function stepAbout(item: UndoItem, zone: string): string {
  const place = item.zone ?? zone;
  const when =
    item.start === null
      ? null
      : `${dayName(civil(item.start, place).day, "short")}, ${hour(item.start, place)}`;
  const who = item.other === null || item.about === null ? item.about : `${item.about} et ${item.other}`;
  return [who, when, item.counsellor === null ? null : titled(item.counsellor)].filter(Boolean).join(" · ");
}

/** `Rendez-vous posé · Aminata Diallo · mar. 24 nov., 14 h 30 · Mme Dupont`. */
export function stepText(item: UndoItem, zone: string): string {
  return [deedText(item.kind, item.status), stepAbout(item, zone)].filter(Boolean).join(" · ");
}

/** `Annulé : rendez-vous posé pour Aminata Diallo`. */
export function undoneText(item: UndoItem): string {
  const deed = deedText(item.kind, item.status);
  const who = item.about === null ? "" : ` pour ${item.about}`;
  return french(`Annulé : ${deed.charAt(0).toLowerCase()}${deed.slice(1)}${who}`);
}

const IN_THE_WAY: Record<string, string> = {
  stale_rev: "changé depuis",
  no_such_step: "changé depuis",
  enquiry_not_open: "la demande a changé depuis",
  enquiry_claimed: "un collègue s'en occupe",
  enquiry_already_converted: "la demande a son rendez-vous",
  slot_taken: "le créneau est pris depuis",
  slot_leased: "un autre poste garde cette demi-journée",
  lease_revoked: "la demi-journée a été reprise et le créneau donné",
  room_taken: "la salle est prise depuis",
  client_busy: "cette personne a un autre rendez-vous à cette heure",
  capacity_full: "la séance est complète",
  duplicate: "ce rendez-vous est posé de nouveau",
  resource_unavailable: "ce conseiller, ce lieu ou ce motif n'est plus proposé",
  not_found: "cela n'existe plus",
  not_allowed: "votre rôle ne le permet pas",
  too_early: "il est trop tôt",
  too_late: "le délai est passé",
  answered_since: "la famille a écrit depuis",
  client_in_use: "un rendez-vous ou une demande porte sur la fiche",
  client_merged: "la fiche est réunie avec une autre",
  merge_overlap: "les deux fiches ont un rendez-vous à la même heure",
};

/** Why a step can no longer be taken back, in words. */
export function inTheWayText(code: string | null): string {
  return french(IN_THE_WAY[code ?? ""] ?? "quelque chose a changé depuis");
}

/** Whether a refusal is about what came after the step. */
export function standsInTheWay(code: string): boolean {
  return code in IN_THE_WAY;
}

/** What became of a step; null while it can be taken back. */
export function stepStateText(item: UndoItem): string | null {
  if (item.state === "undone") return "annulé";
  if (item.state === "void") return "refusé par le service";
  if (item.state === "blocked") return french(`ne s'annule plus : ${inTheWayText(item.why)}`);
  return null;
}

/** `14:05`, of a step. */
export function stepHour(item: UndoItem, zone: string): string {
  return clock(item.at, zone);
}
