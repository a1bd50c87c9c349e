import { expect, it } from "vitest";
import type { SettingsView } from "~/shared/backend";
import { leftDrafts } from "./left";

const settings = {
  kinds: [{ id: "k1" }],
  sites: [],
  rooms: [{ id: "r1" }],
  openings: [],
} as unknown as SettingsView;

it("names what was begun on a document that is used no more, and nothing else", () => {
  const doc = (id: string, name: string): object => ({ id, name });
  const left = leftDrafts(
    {
      "kind:k1": { seen: doc("k1", "Bilan"), doc: doc("k1", "Bilan long") },
      "kind:new": { doc: doc("k9", "Nouveau") },
      "room:r1": { seen: doc("r1", "Salle A"), doc: doc("r1", "Salle A2") },
      "room:gone": { seen: doc("gone", "Salle B"), doc: doc("gone", "Salle C") },
      "opening:gone": { seen: { id: "gone" }, doc: { id: "gone" } },
      "opening:new-duty": { doc: { id: "o9" } },
      "office#centre": { seen: { uai: "0" }, doc: { uai: "0" } },
    },
    settings,
  );
  expect(left.map((one) => one.slot)).toEqual(["room:gone", "opening:gone"]);
  expect(left[0]?.about).toMatch(/^la salle «\sSalle C\s»$/);
  expect(left[1]?.about).toBe("une permanence");
});
