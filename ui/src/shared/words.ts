import type { Channel, ClientCategory, Relation } from "~/shared/backend";

/** Words for what the desk names by a code. */
export const RELATIONS: Record<Relation, { word: string; own: string }> = {
  self: { word: "l’usager", own: "lui-même" },
  mother: { word: "mère", own: "sa mère" },
  father: { word: "père", own: "son père" },
  other: { word: "autre", own: "un proche" },
};

export const CATEGORIES: Record<ClientCategory, string> = {
  middle_school: "collégien",
  high_school: "lycéen",
  student: "étudiant",
  apprentice: "apprenti",
  adult: "adulte",
  out_of_school: "non scolarisé",
  dropout: "décrocheur",
  allophone: "allophone",
};

export const CHANNELS: Record<Channel, string> = {
  chat: "Tchat",
  mail: "Mél",
  phone: "Téléphone",
  walk_in: "Accueil",
};
