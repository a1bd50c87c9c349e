import { expect, test } from "vitest";
import { nameOfFile } from "./folders";

test("a file is named without its folders, on every computer", () => {
  expect(nameOfFile("/home/accueil/prints/feuille-du-jour-2026-11-24.pdf")).toBe(
    "feuille-du-jour-2026-11-24.pdf",
  );
  expect(nameOfFile(String.raw`C:\Users\accueil\prints\convocation.pdf`)).toBe("convocation.pdf");
  expect(nameOfFile("seul.pdf")).toBe("seul.pdf");
});
