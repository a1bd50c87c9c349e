import { fieldErrorText } from "~/shared/errors";
import { french } from "~/shared/format/text";

const MONTHS = [
  "janvier",
  "février",
  "mars",
  "avril",
  "mai",
  "juin",
  "juillet",
  "août",
  "septembre",
  "octobre",
  "novembre",
  "décembre",
];

/** What is wrong with a birth date as typed, so that it is clear what to correct. */
export function birthErrorText(code: string, typed: string): string {
  if (code === "no_such_day") {
    const parts = typed.split(/\D+/).filter(Boolean).map(Number);
    const [first = 0, month = 0, last = 0] = parts;
    const year = first > 999 ? first : last;
    const name = MONTHS[month - 1];
    if (name !== undefined && year > 999) {
      const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
      return french(`Ce jour n'existe pas : ${name} s'arrête au ${String(days)} en ${String(year)}.`);
    }
  }
  if (code === "date") return french("Écrivez jour/mois/année, par exemple 17/05/2009.");
  return fieldErrorText(code);
}
