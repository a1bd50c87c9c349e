import { describe, expect, it } from "vitest";
import { secondsLeft } from "./Reading";

describe("the time that the first exchange still takes", () => {
  it("is reckoned from the pace so far", () => {
    expect(secondsLeft({ at: 0, got: 1000 }, { at: 10_000, got: 11_000 }, 41_000)).toBe(30);
  });
  it("is not told before there is a pace, nor at the end", () => {
    expect(secondsLeft({ at: 0, got: 0 }, { at: 500, got: 900 }, 9000)).toBeNull();
    expect(secondsLeft({ at: 0, got: 900 }, { at: 5000, got: 900 }, 9000)).toBeNull();
    expect(secondsLeft({ at: 0, got: 0 }, { at: 5000, got: 9000 }, 9000)).toBeNull();
  });
});
