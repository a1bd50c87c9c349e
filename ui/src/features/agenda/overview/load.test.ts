import { describe, expect, it } from "vitest";
import { levelOf, loadText, share, sum, type Load } from "./load";

const NBSP = "\u00a0";
const NOTHING: Load = { booked: 0, free: 0, missing: 0, open: 0, school: 0, absent: 0, taken: 0, site: null };
const morning = (over: Partial<Load>): Load => ({ ...NOTHING, open: 240, ...over });

describe("how full half a day is", () => {
  it("is closed, absent, idle, open, nearly full or full", () => {
    expect(levelOf(NOTHING, false)).toBe("closed");
    expect(levelOf({ ...NOTHING, absent: 240 }, false)).toBe("absent");
    expect(levelOf(morning({ free: 8 }), false)).toBe("idle");
    expect(levelOf(morning({ booked: 2, taken: 90, free: 5 }), false)).toBe("open");
    expect(levelOf(morning({ booked: 4, taken: 180, free: 2 }), false)).toBe("busy");
    expect(levelOf(morning({ booked: 5, taken: 225 }), false)).toBe("full");
    expect(levelOf({ ...NOTHING, school: 225, booked: 2 }, false)).toBe("school");
    // A morning whose room is eaten in crumbs is full although time is left.
    expect(levelOf(morning({ booked: 2, taken: 120 }), false)).toBe("full");
  });

  it("does not call a past morning full because nothing can be offered any more", () => {
    expect(levelOf(morning({ booked: 1, taken: 45 }), true)).toBe("open");
    expect(levelOf(morning({}), true)).toBe("idle");
  });

  it("never counts more than the whole as taken", () => {
    expect(share(morning({ taken: 300 }))).toBe(1);
    expect(share(NOTHING)).toBe(0);
  });

  it("is said in words", () => {
    expect(loadText(morning({ booked: 4, taken: 180, free: 2 }), false)).toBe(
      `4${NBSP}rendez-vous, 2${NBSP}libres`,
    );
    expect(loadText(morning({ booked: 5, taken: 225 }), false)).toBe(`5${NBSP}rendez-vous, complet`);
    expect(loadText({ ...NOTHING, absent: 240, booked: 1 }, false)).toBe(`absence, 1${NBSP}rendez-vous`);
    expect(loadText(morning({ booked: 3, missing: 1 }), true)).toBe(
      `3${NBSP}rendez-vous, 1${NBSP}statut manquant`,
    );
  });
});

describe("several together", () => {
  it("add up, and name a place only when all that is open is there", () => {
    const school: Load = { ...NOTHING, school: 240, booked: 2, site: "Lycée Robert-de-Luzarches" };
    const whole = sum([school, NOTHING]);
    expect([whole.booked, whole.school, whole.site]).toEqual([2, 240, "Lycée Robert-de-Luzarches"]);
    expect(sum([school, morning({ booked: 1 })]).site).toBeNull();
  });
});
