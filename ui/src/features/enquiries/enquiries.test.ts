import { describe, expect, it } from "vitest";
import type { EnquiryRow, EnquiryView } from "~/shared/backend";
import { subjectOf } from "./NewEnquiryDialog";
import { personOf } from "./person";
import { snoozeChoices } from "./SnoozeDialog";
import { kilometres } from "~/shared/format/numbers";
import { put } from "./useInsertion";
import { arrivalText, dueOf, groupsOf, isFree, ownerText, receivedText, whoTag } from "./words";

const ZONE = "Europe/Paris";
const NOW = Date.parse("2026-11-23T09:20:00Z");

function row(part: Partial<EnquiryRow>): EnquiryRow {
  return {
    id: "1",
    reference: "AAAA-BBB",
    channel: "chat",
    name: "Inès Benchekroun",
    relation: "self",
    subject: "Choix des vœux",
    class_level: "Tle G",
    category: null,
    status: "new",
    received_at: "2026-11-23T09:04:00Z",
    due_at: "2026-11-23T13:30:00Z",
    snoozed_until: null,
    owner: null,
    mine: false,
    pending: false,
    hidden: false,
    ...part,
  };
}

describe("what a line says", () => {
  it("says by word and icon how urgent the answer is", () => {
    const due = (due_at: string) => dueOf(row({ due_at }), NOW, ZONE);
    expect(due("2026-11-23T13:30:00Z")).toMatchObject({ tone: "calm", icon: "clock", text: "avant 14:30" });
    expect(due("2026-11-23T10:30:00Z")).toMatchObject({ tone: "soon", icon: "alert", text: "urgent, 11:30" });
    expect(due("2026-11-23T08:30:00Z")).toMatchObject({ tone: "late", text: "en retard, 9:30" });
    expect(due("2026-11-22T16:00:00Z")).toMatchObject({ tone: "late", text: "en retard, hier" });
    expect(due("2026-11-24T08:30:00Z").text).toBe("demain, 9:30");
  });

  it("says what it waits for instead, once it is not for the office to answer", () => {
    const said = (part: Partial<EnquiryRow>) => dueOf(row(part), NOW, ZONE).text;
    expect(said({ status: "waiting_client" })).toBe("attend la famille");
    expect(said({ status: "snoozed", snoozed_until: "2026-11-25T08:00:00Z" })).toBe(
      "revient mer.\u00a025, 9:00",
    );
    expect(said({ status: "converted" })).toBe("rendez-vous posé");
  });

  it("counts the days where the office is, not where the computer is", () => {
    // 23:30 UTC is half past midnight of the next day in Paris.
    expect(dueOf(row({ due_at: "2026-11-23T23:30:00Z" }), NOW, ZONE).text).toBe("demain, 0:30");
    expect(receivedText("2026-11-22T23:30:00Z", "2026-11-23", ZONE)).toBe("0:30");
    expect(receivedText("2026-11-20T10:00:00Z", "2026-11-23", ZONE)).toBe("ven.");
    expect(receivedText("2026-11-02T10:00:00Z", "2026-11-23", ZONE)).toBe("2 nov.");
  });

  it("says who asks, who answers, and how far it is", () => {
    expect(whoTag(row({ relation: "mother", class_level: "3e" }))).toBe("mère, 3e");
    expect(whoTag(row({ class_level: null, category: "adult" }))).toBe("adulte");
    expect(ownerText(row({ owner: { id: "7", name: "Mme Rivière" } }))).toBe("Mme R. s’en occupe");
    expect(ownerText(row({ owner: { id: "7", name: "Mme Rivière" }, mine: true }))).toBe("Prise par vous");
    expect([0, 1.84, 9.96, 41.2].map(kilometres)).toEqual([
      "même commune",
      "1,8\u00a0km",
      "10,0\u00a0km",
      "41\u00a0km",
    ]);
  });

  it("is free to be taken only while nobody has it and the reader may read it", () => {
    expect(isFree(row({}))).toBe(true);
    expect(isFree(row({ hidden: true }))).toBe(false);
    expect(isFree(row({ status: "waiting_client" }))).toBe(false);
    expect(isFree(row({ status: "claimed", owner: { id: "7", name: "M. Martin" } }))).toBe(false);
  });

  it("groups by due day and keeps the order of the desk inside", () => {
    const rows = [
      row({ id: "a", due_at: "2026-11-20T10:00:00Z" }),
      row({ id: "b", due_at: "2026-11-23T10:00:00Z" }),
      row({ id: "c", due_at: "2026-11-23T12:00:00Z" }),
      row({ id: "d", due_at: "2026-11-24T10:00:00Z" }),
      row({ id: "e", due_at: "2026-11-26T10:00:00Z" }),
    ];
    expect(
      groupsOf(rows, "todo", NOW, ZONE).map((group) => [group.title, group.rows.map((one) => one.id)]),
    ).toEqual([
      ["En retard, la plus ancienne d’abord", ["a"]],
      ["Aujourd’hui, la plus urgente d’abord", ["b", "c"]],
      ["Demain", ["d"]],
      ["Jeudi 26 novembre", ["e"]],
    ]);
  });

  it("groups what a search finds by what became of it", () => {
    const rows = [row({ id: "a", status: "closed" }), row({ id: "b" }), row({ id: "c", status: "snoozed" })];
    expect(groupsOf(rows, "all", NOW, ZONE).map((group) => group.title)).toEqual([
      "Closes",
      "À traiter",
      "En attente",
    ]);
  });

  it("announces one arrival by its name and several by their number", () => {
    expect(arrivalText([row({})], NOW, ZONE)).toBe("Nouvelle demande, tchat, Inès Benchekroun, avant 14:30");
    expect(arrivalText([row({}), row({ id: "2" })], NOW, ZONE)).toBe("2\u00a0nouvelles demandes");
  });
});

describe("putting off", () => {
  it("offers moments to come, in words, each once", () => {
    const labels = (today: string, minute: number) =>
      snoozeChoices(today, minute, ZONE).map((one) => one.label);
    expect(labels("2026-11-23", 10 * 60)).toEqual([
      "Dans une heure",
      "Cet après-midi",
      "Demain matin",
      "Lundi prochain",
      "Dans deux semaines",
    ]);
    // On a Friday evening tomorrow is no working day, and the next one is Monday.
    expect(labels("2026-11-27", 18 * 60)).toEqual(["Le prochain jour ouvré", "Dans deux semaines"]);
    expect(snoozeChoices("2026-11-23", 600, ZONE)[2]?.until).toBe("2026-11-24T08:00:00Z");
  });
});

describe("noting and identifying", () => {
  it("takes the first sentence as the subject, cut at a word", () => {
    expect(subjectOf("Affectation hors secteur ? Mon fils est en 3e.")).toBe("Affectation hors secteur ?");
    const long = subjectOf("mot ".repeat(60));
    expect(long.length).toBeLessThanOrEqual(91);
    expect(long.endsWith("mot…")).toBe(true);
  });

  it("fills in the record from what the enquiry says", () => {
    const view = { ...row({}), phone: "0639980000", about: null } as EnquiryView;
    expect(personOf(view)).toMatchObject({
      given_name: "Inès",
      family_name: "Benchekroun",
      phone: "0639980000",
    });
    const mother = { ...view, name: "Mme Corinne Delahaye", relation: "mother", about: "Tom" } as EnquiryView;
    expect(personOf(mother)).toMatchObject({
      given_name: "Tom",
      family_name: "Delahaye",
      phone: "",
      guardian: { relation: "mother", family_name: "Delahaye", phone: "0639980000" },
    });
  });
});

describe("a piece of the catalogue in an answer", () => {
  it("takes the place of the two letters that called it, and one writes on after it", () => {
    expect(put("Voyez ?? pour cela", "le CAP", { from: 6, to: 8 })).toEqual({
      text: "Voyez le CAP pour cela",
      caret: 12,
    });
  });
  it("stands under what is written when nothing called it", () => {
    expect(put("Bonjour,", "le CAP", null)).toEqual({ text: "Bonjour,\n\nle CAP\n", caret: 17 });
  });
});
