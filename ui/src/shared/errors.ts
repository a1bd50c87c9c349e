import type { BackendFailure } from "~/shared/backend";
import { french } from "~/shared/format/text";

export interface ErrorText {
  severity: "warn" | "bad";
  /** What happened, in words; says nothing of the inside. */
  text: string;
  /** What the person can do next. */
  next: string;
}

const OPEN_AGAIN = "Fermez puis rouvrez l'application ; rien de ce qui est enregistré n'est perdu.";
const CHOOSE_ANOTHER = "Choisissez un autre créneau.";
const LOOK_AGAIN = "Regardez le nouvel état, puis recommencez si besoin.";

/** One line a code: severity, what happened, what to do next. */
const TEXTS: Record<string, [ErrorText["severity"], string, string]> = {
  // Refusals by a rule: nothing changed.
  slot_taken: ["warn", "Ce créneau est déjà pris.", CHOOSE_ANOTHER],
  slot_leased: [
    "warn",
    "Cette demi-journée est gardée par un autre poste, qui ne répond pas.",
    "Choisissez un créneau parmi ceux qui suivent, ou appelez l’accueil.",
  ],
  lease_revoked: [
    "warn",
    "Cette demi-journée a été reprise à ce poste, et le créneau a été donné à quelqu’un d’autre.",
    CHOOSE_ANOTHER,
  ],
  central_needed: [
    "warn",
    "Le service doit répondre pour cela, et il ne répond pas.",
    "Réessayez quand le poste est en ligne.",
  ],
  room_taken: ["warn", "La salle est déjà prise à cette heure.", CHOOSE_ANOTHER],
  client_busy: ["warn", "Cette personne a déjà un rendez-vous à cette heure.", CHOOSE_ANOTHER],
  capacity_full: ["warn", "La séance est complète.", "Choisissez une autre séance."],
  duplicate: ["warn", "Ce rendez-vous est déjà posé.", "Il n'y a rien à refaire."],
  skipped_time: [
    "warn",
    "Cette heure n'existe pas : les pendules avancent cette nuit-là.",
    "Choisissez une autre heure.",
  ],
  bad_duration: ["warn", "Cette durée n'est pas possible.", "Choisissez une autre durée."],
  resource_unavailable: [
    "warn",
    "Ce conseiller, ce lieu ou ce motif n'est plus proposé.",
    "Choisissez-en un autre.",
  ],
  not_found: ["warn", "Cela n'existe plus dans ce centre.", "Revenez à la liste."],
  stale_rev: ["warn", "Quelqu'un l'a changé entre-temps.", LOOK_AGAIN],
  dependency_refused: ["warn", "Ce dont cela dépend a été refusé.", "Réglez d'abord le conflit."],
  enquiry_already_converted: [
    "warn",
    "Cette demande a déjà son rendez-vous.",
    "Ouvrez le rendez-vous depuis la demande.",
  ],
  enquiry_claimed: ["warn", "Un collègue s'occupe de cette demande.", "Voyez avec lui, ou reprenez-la."],
  enquiry_not_open: ["warn", "Cette demande n'est plus ouverte.", "Rouvrez-la d'abord."],
  not_allowed: ["warn", "Votre rôle ne le permet pas.", "Demandez à un collègue qui le peut."],
  no_such_step: ["warn", "Son état ne le permet pas.", LOOK_AGAIN],
  too_early: ["warn", "Il est trop tôt pour le noter.", "Réessayez à l'heure du rendez-vous."],
  too_late: ["warn", "Il est trop tard pour le changer.", "Demandez à la direction."],
  reason_missing: ["warn", "Il faut dire pourquoi.", "Écrivez un motif."],
  invalid_fields: ["warn", "Un champ est à corriger.", "Corrigez ce qui est indiqué sous le champ."],
  id_in_use: ["bad", "Cela n'a pas pu être enregistré. Rien n'a changé.", "Recommencez."],
  client_merged: [
    "warn",
    "Cette fiche est réunie avec une autre.",
    "Ouvrez la fiche qui continue, ou séparez-les d'abord.",
  ],
  client_in_use: [
    "warn",
    "Un rendez-vous ou une demande porte sur cette fiche.",
    "Gardez-la, ou réunissez-la avec une autre.",
  ],
  merge_overlap: [
    "warn",
    "Les deux fiches ont un rendez-vous à la même heure.",
    "Déplacez ou annulez l'un des deux, puis réunissez les fiches.",
  ],
  answered_since: [
    "warn",
    "La famille a écrit depuis.",
    "Répondez-lui : ce qu'elle a pu lire ne se retire plus.",
  ],
  not_waiting: ["warn", "Cette personne n'est plus en attente.", LOOK_AGAIN],
  waits_already: [
    "warn",
    "Cette personne attend déjà un rendez-vous de ce motif.",
    "Modifiez son attente depuis la liste d'attente.",
  ],
  too_many_pins: [
    "warn",
    "Il y a déjà autant de fiches épinglées qu'il en tient.",
    "Retirez-en une d'abord.",
  ],
  record_unknown: [
    "warn",
    "Le catalogue de ce poste n'a pas cette fiche.",
    "Cherchez-la à nouveau : il a peut-être changé.",
  ],
  text_too_long: ["warn", "Ce texte est trop long.", "Raccourcissez-le."],
  confirm_warnings: [
    "warn",
    "Quelque chose est à vérifier avant de poser.",
    "Lisez l'avertissement, puis confirmez.",
  ],
  conflict_settled: ["warn", "Ce conflit est déjà réglé.", "Il n'y a rien à refaire."],
  nothing_to_undo: [
    "warn",
    "Il n'y a rien à annuler.",
    "Ce qui est déjà envoyé se défait depuis le rendez-vous.",
  ],
  too_long: ["warn", "Ce texte est trop long.", "Raccourcissez-le."],
  bad_date: ["warn", "Cette date n'est pas comprise.", "Écrivez jour/mois/année."],
  bad_time: ["warn", "Cette heure n'est pas comprise.", "Choisissez une autre heure."],
  meetings_hit: [
    "warn",
    "Des rendez-vous tombent sur ce changement. Rien n'a changé.",
    "Décidez de chacun d'eux, puis enregistrez.",
  ],
  decisions_missing: [
    "warn",
    "Un rendez-vous attend encore une décision. Rien n'a changé.",
    "Déplacez-le, annulez-le ou gardez-le.",
  ],
  cannot_change: [
    "warn",
    "Cette plage ne peut pas aller là.",
    "Choisissez un autre jour, ou changez toute la série.",
  ],
  bad_dates: ["warn", "Ces dates ne vont pas ensemble.", "La fin vient après le début."],
  // The desk itself.
  unreachable: ["bad", "Passerelle ne répond pas.", OPEN_AGAIN],
  no_profile: ["bad", "Ce poste n'est rattaché à aucun CIO.", "Demandez un code de rattachement."],
  not_ready: ["bad", "Ce poste n'est rattaché à aucun CIO.", "Demandez un code de rattachement."],
  nobody_signed_in: ["warn", "Personne n'est au poste.", "Choisissez qui travaille, en haut à droite."],
  folder: [
    "bad",
    "Le dossier des données n'est pas accessible.",
    "Vérifiez les droits du dossier, puis rouvrez l'application.",
  ],
  newer_profile: ["bad", "Ces données viennent d'une version plus récente.", "Mettez l'application à jour."],
  damaged_database: [
    "bad",
    "Les données de ce poste sont abîmées.",
    "N'effacez rien et prévenez l'assistance.",
  ],
  disk_full: [
    "bad",
    "Le disque est plein : rien n'a été enregistré.",
    "Libérez de la place, puis recommencez.",
  ],
  database_busy: [
    "warn",
    "Un autre programme tient les données. Rien n'a changé.",
    "Réessayez dans un instant.",
  ],
  database: ["bad", "Les données n'ont pas pu être lues ou écrites. Rien n'a changé.", OPEN_AGAIN],
  unreadable_document: ["bad", "Une donnée de ce poste n'est pas lisible.", "Prévenez l'assistance."],
  unreadable_settings: ["bad", "Les réglages du centre ne sont pas lisibles.", "Prévenez l'assistance."],
  // The catalogue.
  catalogue_none: [
    "warn",
    "Ce poste n'a pas encore de catalogue.",
    "Importez-en un depuis l'écran Catalogue.",
  ],
  catalogue_loading: ["warn", "Le catalogue s'ouvre.", "Réessayez dans quelques secondes."],
  catalogue_damaged: [
    "bad",
    "Le catalogue de ce poste est abîmé.",
    "Importez-le de nouveau depuis l'écran Catalogue ; rien d'autre n'est touché.",
  ],
  catalogue_busy: ["warn", "Un import est déjà en cours.", "Attendez sa fin, ou arrêtez-le."],
  stopped: ["warn", "L'import a été arrêté.", "Rien n'a changé : recommencez quand vous voulez."],
  catalogue_nothing: [
    "bad",
    "Rien de ce qui est choisi n'est un catalogue.",
    "Choisissez les fichiers de l'Onisep ou de l'Annuaire tels qu'ils sont publiés.",
  ],
  catalogue_fault: [
    "bad",
    "Un fichier ne se lit pas : rien n'a été importé.",
    "Vérifiez-le ou téléchargez-le de nouveau ; les autres s'importent aussi sans lui.",
  ],
  catalogue_write: [
    "bad",
    "Le nouveau catalogue n'a pas pu être écrit. Celui en service n'a pas changé.",
    "Vérifiez la place libre sur le disque et les droits du dossier, puis recommencez.",
  ],
  catalogue_signature: [
    "bad",
    "La mise à jour reçue n'est pas signée par le service : elle a été écartée.",
    "Prévenez l'académie ; le catalogue en service n'a pas changé.",
  ],
  catalogue_older: [
    "warn",
    "La mise à jour reçue est plus ancienne que le catalogue en service.",
    "Il n'y a rien à faire : le catalogue en service n'a pas changé.",
  ],
  catalogue_corrupt: [
    "bad",
    "La mise à jour reçue est abîmée : elle a été écartée.",
    "Elle sera redemandée ; le catalogue en service n'a pas changé.",
  ],
  central: [
    "warn",
    "Le service ne répond pas : la mise à jour n'a pas pu être demandée.",
    "Elle le sera de nouveau quand le réseau reviendra.",
  ],
  no_central: ["warn", "Ce poste n'est relié à aucun service.", "Importez plutôt des fichiers."],
  no_path: ["warn", "Rien n'est choisi.", "Choisissez un fichier, une archive ou un dossier."],
  // Printed pages.
  nobody_expected: [
    "warn",
    "Personne n'est attendu à ce rendez-vous : il n'y a pas de convocation.",
    "Rétablissez le rendez-vous, ou posez-en un autre.",
  ],
  no_session: ["warn", "Ce n'est pas une séance collective.", "Imprimez plutôt la convocation."],
  print: ["bad", "La page n'a pas pu être mise en forme.", "Prévenez l'assistance."],
  file: ["bad", "Le fichier n'a pas pu être écrit.", "Vérifiez la place et les droits du dossier."],
  file_exists: ["warn", "Un autre fichier porte déjà ce nom.", "Choisissez un autre nom."],
  file_read_only: ["warn", "Ce fichier est protégé contre les changements.", "Choisissez un autre nom."],
  feed_gap: ["warn", "Il manque une partie de l'échange.", "Le prochain échange la redemandera."],
};

const LAST_RESORT: [ErrorText["severity"], string, string] = [
  "bad",
  "Cela n'a pas pu être fait. Rien n'a changé.",
  "Réessayez ; si cela se répète, prévenez l'assistance.",
];

export function errorText(failure: Pick<BackendFailure, "code">): ErrorText {
  const [severity, text, next] = TEXTS[failure.code] ?? LAST_RESORT;
  return { severity, text: french(text), next: french(next) };
}

/** Codes that have a text of their own. */
export const KNOWN_CODES: readonly string[] = Object.keys(TEXTS);

const FIELD_TEXTS: Record<string, string> = {
  required: "À remplir.",
  in_the_future: "Cette date est à venir.",
  in_the_past: "Cette date est passée.",
  too_old: "Cette date est trop ancienne.",
  too_long: "C'est trop long.",
  phone: "Ce numéro n'est pas complet.",
  mail: "Cette adresse n'est pas complète.",
  postal_code: "Un code postal a cinq chiffres.",
  no_such_day: "Ce jour n'existe pas.",
  date: "Écrivez jour/mois/année.",
  unknown: "Ce choix n'existe plus.",
  out_of_range: "Cette valeur n'est pas possible.",
  order: "La fin vient après le début, et deux plages ne se recouvrent pas.",
  no_date: "Cette répétition ne tombe sur aucun jour.",
  fixed: "Cela ne se change pas : faites-en un nouveau.",
  online: "Un entretien à distance ne prend pas de salle.",
  too_many: "Il y en a trop.",
  same_person: "C'est la même personne.",
  in_use: "Encore attendu à un rendez-vous : changez d'abord le rendez-vous.",
  // The same code means something else for these fields, named without their place in a list.
  "name.in_use": "Ce nom est déjà pris.",
  "name.required": "Donnez-lui un nom.",
  "key.in_use": "Un autre motif porte déjà ce nom.",
  "duration_min.out_of_range": "De 5 min à 8 h.",
  "buffer_after_min.out_of_range": "4 h au plus.",
  "min_notice_min.out_of_range": "60 jours au plus.",
  "horizon_days.out_of_range": "730 jours au plus.",
  "capacity.out_of_range": "De 1 à 200 places.",
  "capacity.fixed": "Un motif individuel ne devient pas un atelier : créez un autre motif.",
  "seats.out_of_range": "De 1 à 500 places.",
  "removed.in_use": "Des salles ou des ouvertures s'y trouvent encore : déplacez-les d'abord.",
  "sites.required": "Il faut un siège : choisissez-en un autre d'abord.",
  "kinds.required": "Il faut au moins un motif proposé.",
  "hold_min.out_of_range": "De 15 min à 14 jours.",
  "travel_min.out_of_range": "De 0 à 4 h.",
  "minutes.out_of_range": "De 0 à 8 h.",
  "until.order": "La fin vient avant le premier jour.",
  "from.order": "Deux plages se recouvrent.",
  "to.order": "La fin vient avant le début.",
  "blocks.required": "Il faut au moins une plage.",
  "interval.out_of_range": "De 1 à 53 semaines.",
  "first_day.out_of_range": "De 1990 à 2100.",
};

/** What is wrong with a field, to stand under it. `field` may carry its place: `hours.2.to`. */
export function fieldErrorText(code: string, field?: string): string {
  const name = field?.split(".").at(-1);
  const own = name === undefined ? undefined : FIELD_TEXTS[`${name}.${code}`];
  return french(own ?? FIELD_TEXTS[code] ?? "À corriger.");
}
