import { describe, expect, it } from "vitest";
import type { UndoItem } from "~/shared/backend";
import { deedText, stepStateText, stepText, undoneText } from "./words";

const ZONE = "Europe/Paris";

function step(part: Partial<UndoItem>): UndoItem {
  return {
    id: "1",
    kind: "appointment.book",
    at: "2026-11-23T09:22:00Z",
    by: "Mme Rivière",
    mine: true,
    about: "Aminata Diallo",
    other: null,
    start: "2026-11-24T13:30:00Z",
    zone: ZONE,
    counsellor: "Mme Dupont",
    status: null,
    state: "ready",
    why: null,
    ...part,
  };
}

describe("the label of a step", () => {
  it("says what, for whom, when and with whom", () => {
    expect(stepText(step({}), ZONE)).toBe(
      "Rendez-vous posé · Aminata Diallo · mar. 24 nov., 14\u00a0h\u00a030 · Mme\u00a0Dupont",
    );
    const merged = step({ kind: "client.merge", other: "A. Diallo", start: null, counsellor: null });
    expect(stepText(merged, ZONE)).toBe("Fiches réunies · Aminata Diallo et A. Diallo");
  });

  it("names a mark by the state that was noted", () => {
    expect(deedText("appointment.set_status", "arrived")).toBe("Arrivée notée");
    expect(deedText("appointment.set_status", "cancelled")).toBe("Rendez-vous annulé");
  });

  it("has words for a kind that it does not know", () => {
    expect(deedText("absence.save")).toBe("Absence modifiée");
    expect(deedText("waiting.call")).toBe("Appel noté");
    expect(deedText("waiting.other")).toBe("Liste d’attente modifiée");
    expect(deedText("tout.autre")).toBe("Changement");
  });

  it("says what was taken back, and why something is not any more", () => {
    expect(undoneText(step({}))).toBe("Annulé\u00a0: rendez-vous posé pour Aminata Diallo");
    expect(stepStateText(step({}))).toBeNull();
    expect(stepStateText(step({ state: "blocked", why: "slot_taken" }))).toBe(
      "ne s’annule plus\u00a0: le créneau est pris depuis",
    );
    expect(stepStateText(step({ state: "void" }))).toBe("refusé par le service");
  });
});
