import { describe, expect, it } from "vitest";
import type { QuarantineItem } from "~/shared/backend";
import { aboutText, appliedText, besideText, doneText, refusedText, waitingOf } from "./removed";

const ITEM: QuarantineItem = {
  id: "a/b",
  desk_name: "Accueil",
  kind: "appointment.book",
  at: "2026-11-23T08:12:00Z",
  by: "Mme Morel",
  about: "Aminata Diallo",
  start: "2026-11-24T13:30:00Z",
  zone: "Europe/Paris",
  counsellor: "Mme Dupont",
  status: null,
  refused: null,
};
const plain = (text: string): string => text.replace(/\u00a0|\u202f/g, " ");

describe("what a desk that was removed had not sent", () => {
  it("says what it is about", () => {
    expect(plain(aboutText(ITEM, "Europe/Paris"))).toBe(
      "Aminata Diallo, mardi 24 novembre 14:30, Mme Dupont",
    );
    expect(aboutText({ ...ITEM, start: null, counsellor: null }, "Europe/Paris")).toBe("Aminata Diallo");
  });

  it("says who did it, where and when", () => {
    expect(plain(doneText(ITEM, "Europe/Paris"))).toBe(
      "par Mme Morel, sur « Accueil », lundi 23 novembre 9:12",
    );
    expect(plain(doneText({ ...ITEM, by: null, desk_name: "" }, "Europe/Paris"))).toBe(
      "par quelqu’un que le CIO ne connaît plus, lundi 23 novembre 9:12",
    );
  });

  it("waits until something was said of it", () => {
    const refused = { ...ITEM, id: "a/c", refused: "slot_taken" };
    expect(waitingOf([ITEM, refused])).toEqual([ITEM]);
  });

  it("says what came of it", () => {
    expect(plain(appliedText({ accepted: 1, refused: 0, waiting: 0 }))).toBe("1 saisie appliquée");
    expect(plain(appliedText({ accepted: 3, refused: 1, waiting: 0 }))).toBe(
      "3 saisies appliquées, 1 refusée",
    );
    expect(plain(appliedText({ accepted: 0, refused: 2, waiting: 1 }))).toBe(
      "2 refusées, 1 en attente d’un autre poste",
    );
    expect(plain(refusedText("slot_taken"))).toBe("Refusé : le créneau est pris depuis.");
  });

  it("says where what called the director is, when there is no conflict", () => {
    expect(plain(besideText(1))).toBe("1 saisie d’un poste retiré attend votre choix, à côté.");
    expect(plain(besideText(4))).toBe("4 saisies d’un poste retiré attendent votre choix, à côté.");
  });
});
