import type { EnquiryView, Relation } from "~/shared/backend";
import { newPersonFrom, type NewPerson } from "~/shared/booking/newPerson";

/** `Mme Corinne Delahaye` into its parts: a title is left out, the first word is the given name. */
function split(name: string): { given: string; family: string } {
  const [given = "", ...family] = name
    .replace(/^(M\.|Mme|Mlle)\s+/i, "")
    .trim()
    .split(/\s+/);
  return family.length === 0 ? { given: "", family: given } : { given, family: family.join(" ") };
}

/** What the enquiry already says of the young person, so that nothing is typed twice. */
export function personOf(view: EnquiryView): NewPerson {
  const { given, family } = split(view.name);
  const blank = newPersonFrom("");
  const level = view.class_level ?? "";
  if (view.relation === "self")
    return {
      ...blank,
      family_name: family,
      given_name: given,
      phone: view.phone ?? "",
      class_level: level,
    };
  const guardian = { relation: view.relation as Relation, family_name: family, phone: view.phone ?? "" };
  return { ...blank, family_name: family, given_name: view.about ?? "", class_level: level, guardian };
}

/** Who came along in the question probably comes along to the meeting. */
export function companionsOf(view: EnquiryView): Relation[] {
  return view.relation === "mother" || view.relation === "father" ? [view.relation] : [];
}
