import type { RefusalView, WarningView } from "~/shared/backend";
import { hour } from "~/shared/format/dates";
import { french } from "~/shared/format/text";

/** A warning in words: something that a person may know better. */
export function warningText(warning: WarningView, zone: string): string {
  const about = warning.about ?? "";
  const until = warning.to === null ? "" : ` jusqu'à ${hour(warning.to, zone)}`;
  const texts: Record<string, string> = {
    absence: `absence notée (${about})${until}`,
    outside_opening: "hors des heures d'ouverture",
    duty: "une permanence est tenue à ce moment-là",
    other_site: `à ce moment-là, le conseiller est ailleurs : ${about}`,
    gap_too_short: "trop peu de temps pour aller d'un lieu à l'autre",
    same_kind_same_day: "un rendez-vous du même motif est déjà posé ce jour-là pour cette personne",
    holiday: `jour férié (${about})`,
    closure: about === "" ? "le centre est fermé ce jour-là" : `le centre est fermé (${about})`,
    external: `un événement de son autre agenda tombe au même moment${about === "" ? "" : ` (${about})`}`,
    past: "cette heure est passée",
    room_seats: `la salle est trop petite pour la séance (${about})`,
    travel: `il faut le temps de venir d'un autre lieu${about === "" ? "" : ` (${about})`}`,
    buffer: "le temps gardé libre après le rendez-vous voisin est entamé",
  };
  const text = texts[warning.code] ?? (about === "" ? "une règle du centre n'est pas respectée" : about);
  // The first counsellor is the one that the form is about; the second one is named.
  return french(warning.who === null ? text : `${warning.who} : ${text}`);
}

/** Why it can't be, in words; what can be instead stands in buttons beside. */
export function refusalText(refusal: RefusalView, names: { counsellor: string; zone: string }): string {
  const taken = refusal.with;
  const at = taken === null ? "" : ` de ${hour(taken.start, taken.zone)} à ${hour(taken.end, taken.zone)}`;
  const texts: Record<string, string> = {
    slot_taken: `${refusal.person?.name ?? taken?.counsellor.name ?? names.counsellor} reçoit déjà${at}.`,
    room_taken: "la salle est prise à cette heure.",
    client_busy: `${taken?.client?.name ?? "cette personne"} a déjà rendez-vous${taken === null ? "" : ` avec ${taken.counsellor.name}${at}`}.`,
    capacity_full: "la séance est complète.",
    duplicate:
      taken !== null && taken.client !== null && taken.session !== null
        ? `${taken.client.name} a déjà sa place dans cette séance.`
        : "ce rendez-vous est déjà posé.",
    skipped_time: "cette heure n'existe pas : les pendules avancent cette nuit-là.",
    bad_duration: "cette durée n'est pas possible.",
    resource_unavailable: "ce conseiller, ce lieu ou ce motif n'est plus proposé.",
    enquiry_already_converted: "cette demande a déjà son rendez-vous.",
    not_allowed: "votre rôle ne le permet pas.",
    too_early:
      refusal.limit === null
        ? "il est trop tôt."
        : `il est trop tôt : possible à partir de ${hour(refusal.limit, names.zone)}.`,
    too_late: "il est trop tard.",
    stale_rev: "quelqu'un l'a changé entre-temps ; l'agenda montre maintenant le nouvel état.",
    no_such_step: "son état ne le permet pas.",
  };
  return french(texts[refusal.code] ?? "ce créneau ne peut pas être pris.");
}

/** The refusal that an error carries, when it carries one. */
export function refusalOf(params: Record<string, unknown>, code: string): RefusalView {
  const nested = params["refusal"];
  const source =
    typeof nested === "object" && nested !== null
      ? (nested as Partial<RefusalView>)
      : (params as Partial<RefusalView>);
  return {
    code,
    with: source.with ?? null,
    person: source.person ?? null,
    limit: source.limit ?? null,
    fields: source.fields ?? [],
    alternatives: source.alternatives ?? [],
  };
}

/** The warnings that a `confirm_warnings` error carries. */
export function warningsOf(params: Record<string, unknown>): WarningView[] {
  const warnings = params["warnings"];
  return Array.isArray(warnings) ? (warnings as WarningView[]) : [];
}
