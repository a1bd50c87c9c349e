import type { ClientMatch, ClientView } from "~/shared/backend";

/** A record as a found person, for the fields that take one. */
export function matchOf(client: ClientView): ClientMatch {
  const guardian = client.guardians.find((one) => one.phone !== null);
  return {
    id: client.id,
    family_name: client.family_name,
    given_name: client.given_name,
    birth_date: client.birth_date,
    class_level: client.class_level,
    school: client.school,
    contact:
      client.phone !== null
        ? { relation: "self", phone: client.phone }
        : guardian?.phone
          ? { relation: guardian.relation, phone: guardian.phone }
          : null,
    matched: [],
    also: null,
    duplicate: [],
    next: null,
    referent: client.referent,
    postal_code: client.postal_code,
  };
}
