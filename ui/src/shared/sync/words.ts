import { french } from "~/shared/format/text";

/** Why there is no network, in words that do not need an engineer. */
export function offlineText(code: string | null, putAside = 0): string | null {
  if (code === "desk_revoked" && putAside > 0)
    return french(`Ce poste n'est plus autorisé. ${handedOver(putAside)}`);
  const texts: Record<string, string> = {
    not_central: "L'adresse du service répond autre chose que le service : prévenez l'assistance.",
    captive_portal:
      "Une page d'accueil du réseau répond à la place du service : ouvrez le navigateur et connectez-vous au réseau.",
    untrusted_certificate:
      "L'identité du service n'est pas reconnue : le réseau est filtré, ou son certificat est inconnu ici. Prévenez l'assistance.",
    certificate_date:
      "Le certificat du service n'est pas valable à la date de cet ordinateur : vérifiez sa date et son heure.",
    refused: "Le service a refusé ce poste : prévenez l'assistance.",
    desk_revoked: "Ce poste n'est plus autorisé : prévenez l'administrateur de l'académie.",
    desk_unknown:
      "Le service ne connaît plus ce poste : demandez à l'administrateur de l'académie un nouveau code de rattachement. Rien n'est perdu ici.",
    token_expired: "Le service ne reconnaît plus ce poste : demandez un nouveau code de rattachement.",
    busy: "Le service est très occupé : l'envoi reprendra de lui-même.",
    central_full: "Le disque du service est plein : l'assistance est nécessaire.",
    disk_full: "Le disque de ce poste est plein : libérez de la place.",
    cursor_expired:
      "Ce poste n'a pas échangé depuis longtemps : la reprise complète de ses données est en cours.",
    epoch_changed:
      "Le service a été remis dans un état plus ancien : rien n'est perdu ici, prévenez l'administrateur de l'académie.",
  };
  const text = code === null ? undefined : texts[code];
  return text === undefined ? null : french(text);
}

/** What waits here is in the hands of the office's director: this desk hears nothing of it any more. */
function handedOver(count: number): string {
  return count === 1
    ? "1 saisie en attente a été remise à la direction du CIO."
    : `${String(count)} saisies en attente ont été remises à la direction du CIO.`;
}
