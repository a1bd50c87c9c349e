import type { IconName } from "./Icon";

/** How each state of an appointment, and each mark laid over one, reads: word, icon, edge (styles/states.css). */
export const STATES = {
  held: { word: "Proposé", icon: "hourglass", className: "st-held" },
  booked: { word: "Confirmé", icon: "calendar-check", className: "st-booked" },
  guaranteed: { word: "Garanti", icon: "lock", className: "st-guaranteed" },
  reserved: { word: "Sous réserve", icon: "help", className: "st-reserved" },
  arrived: { word: "Arrivé", icon: "person-in", className: "st-arrived" },
  attended: { word: "Honoré", icon: "checks", className: "st-attended" },
  no_show: { word: "Absent", icon: "person-x", className: "st-noshow" },
  excused: { word: "Excusé", icon: "message-minus", className: "st-excused" },
  cancelled: { word: "Annulé", icon: "slash", className: "st-cancelled" },
  declined: { word: "Refusé", icon: "slash", className: "st-cancelled" },
  expired: { word: "Expiré", icon: "hourglass", className: "st-cancelled" },
  to_replace: { word: "À replacer", icon: "alert", className: "st-conflict" },
  conflict: { word: "Conflit", icon: "alert", className: "st-conflict" },
  provisional: { word: "À envoyer", icon: "cloud-up", className: "st-provisional" },
  missing: { word: "Statut manquant", icon: "help", className: "st-missing" },
} as const satisfies Record<string, { word: string; icon: IconName; className: string }>;

export type StateName = keyof typeof STATES;
