import { describe, expect, it } from "vitest";
import { offlineText } from "./words";

describe("why there is no network", () => {
  it("tells whoever can sign in, set the clock or call the assistance which of these to do", () => {
    expect(offlineText("unreachable")).toBeNull();
    expect(offlineText("token_expired")).toContain("code de rattachement");
    expect(offlineText("desk_unknown")).toContain("nouveau code de rattachement");
    expect(offlineText("captive_portal")).toContain("navigateur");
    expect(offlineText("certificate_date")).toContain("date");
    expect(offlineText("untrusted_certificate")).toContain("assistance");
  });

  it("tells a desk that is trusted no longer who has what it had not sent", () => {
    expect(offlineText("desk_revoked")).toContain("administrateur de l’académie");
    expect(offlineText("desk_revoked", 1)).toContain("1 saisie en attente a été remise à la direction");
    expect(offlineText("desk_revoked", 3)).toContain("3 saisies en attente ont été remises à la direction");
    expect(offlineText("busy", 3)).not.toContain("direction");
  });
});
