import { describe, expect, it } from "vitest";
import { offlineText } from "./words";

describe("why there is no network", () => {
  it("tells whoever can sign in, set the clock or call the assistance which of these to do", () => {
    expect(offlineText("unreachable")).toBeNull();
    expect(offlineText("token_expired")).toContain("code de rattachement");
    expect(offlineText("captive_portal")).toContain("navigateur");
    expect(offlineText("certificate_date")).toContain("date");
    expect(offlineText("untrusted_certificate")).toContain("assistance");
  });
});
