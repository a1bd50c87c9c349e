import type { QuarantineItem } from "~/shared/backend";
import { inTheWayText, titled } from "~/shared/deeds/words";
import { civil, clock, dayName } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";

/** Those about which nothing was said yet. */
export function waitingOf(items: readonly QuarantineItem[]): readonly QuarantineItem[] {
  return items.filter((item) => item.refused === null);
}

/** `Aminata Diallo, mardi 24 novembre 14:30, Mme Dupont`: whom and when it is about. */
export function aboutText(item: QuarantineItem, zone: string): string {
  const place = item.zone ?? zone;
  const when =
    item.start === null ? null : `${dayName(civil(item.start, place).day)} ${clock(item.start, place)}`;
  const counsellor = item.counsellor === null ? null : titled(item.counsellor);
  return [item.about, when, counsellor].filter(Boolean).join(", ");
}

/** `par Mme Morel, sur « Accueil », lundi 23 novembre 9:12`: who did it, where and when. */
export function doneText(item: QuarantineItem, zone: string): string {
  const by = item.by === null ? "par quelqu’un que le CIO ne connaît plus" : `par ${titled(item.by)}`;
  const where = item.desk_name === "" ? "" : ` sur « ${item.desk_name} »,`;
  return french(`${by},${where} ${dayName(civil(item.at, zone).day)} ${clock(item.at, zone)}`);
}

/** `Refusé : le créneau est pris depuis.` */
export function refusedText(code: string): string {
  return french(`Refusé : ${inTheWayText(code)}.`);
}

/** What is said of them where there is no conflict: the count that called the director stands for what is beside. */
export function besideText(count: number): string {
  const left = `${plural(count, "saisie")} d’un poste retiré`;
  return french(`${left} ${count > 1 ? "attendent" : "attend"} votre choix, à côté.`);
}

/** What came of what was released: `3 saisies appliquées, 1 refusée`. */
export function appliedText(done: { accepted: number; refused: number; waiting: number }): string {
  const parts = [
    done.accepted > 0 || done.refused + done.waiting === 0
      ? `${plural(done.accepted, "saisie")} ${done.accepted > 1 ? "appliquées" : "appliquée"}`
      : "",
    done.refused > 0 ? `${String(done.refused)} refusée${done.refused > 1 ? "s" : ""}` : "",
    done.waiting > 0 ? `${String(done.waiting)} en attente d’un autre poste` : "",
  ];
  return french(parts.filter(Boolean).join(", "));
}
