import { describe, expect, it } from "vitest";
import type { AppointmentView, ConflictView, OutboxItem, SlotView } from "~/shared/backend";
import { choicesOf } from "./choices";
import { clockText, farText, outboxText, slotText, titleText } from "./words";

const ZONE = "Europe/Paris";

function slot(start: string, counsellor: string): SlotView {
  return {
    start,
    end: start,
    zone: ZONE,
    local: start.slice(0, 16),
    counsellor: { id: counsellor, name: counsellor },
    site: "s",
    site_name: null,
    room: null,
    second: null,
    seats: null,
  };
}

function conflict(part: Partial<ConflictView>): ConflictView {
  return {
    id: "c",
    code: "slot_taken",
    state: "open",
    at: "2026-11-23T08:58:00Z",
    kind: "appointment.book",
    mine: null,
    theirs: null,
    same_person: [],
    colleagues: [],
    phone: null,
    settled: null,
    ...part,
  };
}

describe("choices", () => {
  it("gives the same key to the same thing, however many places are free", () => {
    const few = conflict({
      same_person: [slot("2026-11-23T15:30:00Z", "Mme Leroy")],
      colleagues: [slot("2026-11-23T14:15:00Z", "M. Martin"), slot("2026-11-24T08:00:00Z", "M. Haddad")],
    });
    expect(choicesOf(few).map(({ key, take }) => `${key} ${take}`)).toEqual([
      "1 mine",
      "2 theirs",
      "3 slot",
      "6 slot",
      "7 slot",
    ]);
    expect(choicesOf(few)[3]?.slot).toEqual({
      local: "2026-11-23T14:15",
      counsellor: "M. Martin",
      site: "s",
    });
  });

  it("never offers a ninth", () => {
    const many = Array.from({ length: 5 }, (_, index) =>
      slot(`2026-11-2${String(index + 3)}T09:00:00Z`, "x"),
    );
    expect(choicesOf(conflict({ same_person: many, colleagues: many })).map(({ key }) => key)).toEqual([
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
      "8",
    ]);
  });
});

describe("words", () => {
  const wanted = { start: "2026-11-23T14:45:00Z", date: "2026-11-23", zone: ZONE } as AppointmentView;

  it("says how far a free place is from the one that was wanted", () => {
    const far = (start: string) => farText(slot(start, "x"), wanted);
    expect(far("2026-11-23T15:30:00Z")).toBe("45\u00a0min après");
    expect(far("2026-11-23T14:15:00Z")).toBe("30\u00a0min avant");
    expect(far("2026-11-23T14:45:00Z")).toBe("même heure");
    expect(far("2026-11-23T08:00:00Z")).toBe("même jour");
    expect(far("2026-11-25T08:00:00Z")).toBe("");
  });

  it("names the day as one says it", () => {
    expect(slotText(slot("2026-11-23T15:30:00Z", "x"), "2026-11-23")).toBe("auj. 16:30");
    expect(slotText(slot("2026-11-24T08:45:00Z", "x"), "2026-11-23")).toBe("mar.\u00a024, 9:45");
  });

  it("says what waits to be sent", () => {
    const item: OutboxItem = {
      id: "1",
      kind: "appointment.book",
      at: "2026-11-23T09:13:00Z",
      by: null,
      about: "Aminata Diallo",
      start: "2026-11-23T12:30:00Z",
      counsellor: "Mme Dupont",
      status: null,
      standing: null,
    };
    expect(outboxText(item, "2026-11-23", ZONE)).toBe("Aminata Diallo, auj. 13:30, Mme\u00a0Dupont");
  });

  it("has words for what is no meeting, and for a code that it does not know", () => {
    expect(titleText(conflict({ code: "enquiry_claimed", kind: "enquiry.claim" }))).toBe(
      "Demande prise par un collègue",
    );
    expect(titleText(conflict({ code: "new_rule", kind: "enquiry.close" }))).toContain("Demande close");
  });
});

describe("the clock", () => {
  it("says how far it is off, and which way", () => {
    expect(clockText(null)).toBeNull();
    expect(clockText(86_400 + 3_700)).toContain("avance de 1\u00a0jour 1\u00a0h");
    expect(clockText(-5_400)).toContain("retarde de 1\u00a0h 30\u00a0min");
  });
});
