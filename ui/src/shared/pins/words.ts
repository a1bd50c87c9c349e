import type { BackendFailure, Pin, PinPlace, PinTo } from "~/shared/backend";
import { releaseText, underName } from "~/shared/catalogue/words";
import { errorText } from "~/shared/errors";
import { civil, dayName, dayNear, hour, type Day } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";

/** What records are pinned to, as it is named on the screen. */
export interface PinTarget {
  to: PinTo;
  /** Whose it is; empty for a meeting without anybody. */
  name: string;
}

/** The same place has the same key. */
export function placeKey(to: PinTo): string {
  return "enquiry" in to ? `enquiry:${to.enquiry}` : `appointment:${to.appointment}`;
}

/**
 * The person as one speaks of them at the desk: `Jade` of `Jade Martin`, `Mme Delahaye` and `DUPONT Zoé` as they are.
 * Where nobody is named, the place itself.
 */
export function shortName({ name, to }: PinTarget): string {
  const words = name.trim().split(/\s+/);
  const [first = ""] = words;
  if (first === "") return "enquiry" in to ? "cette demande" : "ce rendez-vous";
  const titled = /^(M\.|Mme|Mlle)$/.test(first);
  const surname = words.length > 1 && first.length > 1 && first === first.toLocaleUpperCase("fr");
  return titled || surname || /\d/.test(first) ? words.join("\u00a0") : first;
}

/** On the button: what pressing it does, or that it is done. */
export function pinWord(target: PinTarget, pinned: boolean): string {
  return `${pinned ? "Épinglée" : "Épingler"} pour ${shortName(target)}`;
}

/** What happened, in the notice that offers to take it back. */
export function pinnedText(target: PinTarget, title: string, pinned: boolean): string {
  return french(`Fiche ${pinned ? "épinglée" : "retirée"} pour ${shortName(target)}, ${title}`);
}

/** `Rendez-vous aujourd’hui, 14 h · Mme Haddad`, `Demande par tchat, lun. 23 nov.` */
export function placeDetail(place: PinPlace, today: Day, zone: string): string {
  if ("appointment" in place.to) {
    const there = place.zone ?? zone;
    const when =
      place.start === null
        ? ""
        : ` ${dayNear(civil(place.start, there).day, today)}, ${hour(place.start, there)}`;
    return [`Rendez-vous${when}`, place.counsellor?.replace(/^(M\.|Mme) /, "$1\u00a0")]
      .filter(Boolean)
      .join(" · ");
  }
  const day = place.received_at === null ? null : civil(place.received_at, zone).day;
  const near = day === null ? null : day === today ? "aujourd’hui" : dayName(day, "short");
  const by = place.channel === null ? "" : ` ${BY[place.channel]}`;
  return [`Demande${by}`, near].filter(Boolean).join(", ");
}

const BY: Record<NonNullable<PinPlace["channel"]>, string> = {
  chat: "par tchat",
  mail: "par mél",
  phone: "par téléphone",
  walk_in: "à l’accueil",
};

/** What stands under the title of a pin: what became of it where something did, else what it is. */
export function pinDetail(pin: Pin): string {
  if (pin.state === "absent") return "pas dans le catalogue de ce poste";
  if (pin.state === "gone")
    return pin.gone_since === null
      ? "n’est plus au catalogue"
      : `n’est plus au catalogue depuis le ${releaseText(pin.gone_since)}`;
  return underName(pin.subtitle);
}

/** `Mme Leroy · mar. 24 nov.`: by whom and when; the day alone for somebody who is no longer here. */
export function pinnedBy(pin: Pin, zone: string): string {
  const when = dayName(civil(pin.at, zone).day, "short").replaceAll(" ", "\u00a0");
  const by = pin.by === "—" ? "" : pin.by.replace(/^(M\.|Mme) /, "$1\u00a0");
  return [by, when].filter(Boolean).join(" · ");
}

/** The enquiry that a refused pin may go to, where the refusal names one. */
export function insteadOf(failure: Pick<BackendFailure, "params">, target: PinTarget): PinTarget | null {
  const instead = failure.params["instead"];
  if (typeof instead !== "object" || instead === null || !("enquiry" in instead)) return null;
  return typeof instead.enquiry === "string" ? { to: { enquiry: instead.enquiry }, name: target.name } : null;
}

/** Why a record was not pinned or not taken off, and what is possible instead. */
export function pinRefusal(failure: Pick<BackendFailure, "code" | "params">, target: PinTarget): string {
  const most = failure.params["most"];
  switch (failure.code) {
    case "too_many_pins":
      return french(
        `${typeof most === "number" ? `${plural(most, "fiche")} sont déjà épinglées` : "Trop de fiches sont déjà épinglées"} pour ${shortName(target)} : retirez-en une d’abord.`,
      );
    case "not_allowed":
      return french(
        "appointment" in target.to
          ? insteadOf(failure, target) === null
            ? "La préparation d’un rendez-vous est aux conseillers : demandez-leur d’épingler la fiche."
            : "La préparation d’un rendez-vous est aux conseillers. La fiche peut aller à la demande d’où il vient."
          : "Cette demande est aux conseillers : demandez-leur d’épingler la fiche.",
      );
    case "record_unknown":
      return french(
        "Cette fiche n’est pas dans le catalogue de ce poste : cherchez-la par son nom, elle a pu changer.",
      );
    case "text_too_long":
      return french(
        typeof most === "number"
          ? `Ce mot est trop long : ${plural(most, "caractère")} au plus.`
          : "Ce mot est trop long : raccourcissez-le.",
      );
    default: {
      const { text, next } = errorText(failure);
      return `${text} ${next}`;
    }
  }
}
