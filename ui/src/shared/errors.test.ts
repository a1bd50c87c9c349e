import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { errorText, fieldErrorText, KNOWN_CODES } from "./errors";

const rust = (path: string): string =>
  readFileSync(resolve(import.meta.dirname, "../../../crates", path), "utf8");

/** The names given by `Self::Variant… => "name"`. */
function keys(source: string): string[] {
  return [...source.matchAll(/Self::\w+(?:\([^)]*\)|\s*\{[^}]*\})?(?:\s*\|[^=]*)?\s*=> "([a-z_]+)"/g)].map(
    (found) => found[1] ?? "",
  );
}

describe("the texts of errors", () => {
  it("cover every refusal of the domain", () => {
    const codes = keys(rust("domain/src/refusal.rs"));
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !KNOWN_CODES.includes(code))).toEqual([]);
  });

  it("cover every failure of the store", () => {
    // A profile that is there already is said by the command line alone.
    const codes = keys(rust("office/src/store/error.rs")).filter((code) => code !== "profile_exists");
    expect(codes.length).toBeGreaterThan(8);
    expect(codes.filter((code) => !KNOWN_CODES.includes(code))).toEqual([]);
  });

  it("cover every fault of a client form", () => {
    const source = rust("domain/src/client.rs") + rust("office/src/api/client_acts.rs");
    const codes = [...source.matchAll(/(?:add\([^,]+,|wrong\()\s*"([a-z_]+)"\)/g)].map(
      (found) => found[1] ?? "",
    );
    expect(codes).toContain("no_such_day");
    expect([...new Set(codes)].filter((code) => fieldErrorText(code) === fieldErrorText("?"))).toEqual([]);
  });

  it("say nothing of the inside when a code is new", () => {
    expect(errorText({ code: "brand_new" }).text).toBe("Cela n’a pas pu être fait. Rien n’a changé.");
  });

  it("write neither code nor English on the screen", () => {
    for (const code of KNOWN_CODES) {
      const { text, next } = errorText({ code });
      expect(text + next, code).not.toMatch(/_|\berror\b|\bfailed\b/);
      expect(text, code).toMatch(/\.$/);
    }
  });
});
