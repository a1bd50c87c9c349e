import type { AbsenceDoc, Recurrence, SettingsView } from "~/shared/backend";
import { addDays, type Day } from "~/shared/format/dates";

/** Minutes since midnight of a civil time. */
export function minuteOf(civil: string): number {
  return Number(civil.slice(11, 13)) * 60 + Number(civil.slice(14, 16));
}

/** What the form holds; one document for each person comes of it. */
export interface AbsenceTyped {
  people: string[];
  label: string;
  detail: string;
  first: Day;
  last: Day;
  /** The whole of each day, else the minutes. */
  whole: boolean;
  from: number;
  to: number;
  rule: Recurrence | null;
}

export function typedOf(absence: AbsenceDoc): AbsenceTyped {
  const from = minuteOf(absence.start);
  const to = minuteOf(absence.end);
  const end = absence.end.slice(0, 10);
  const midnight = to === 0;
  return {
    people: [absence.counsellor],
    label: absence.label,
    detail: absence.detail ?? "",
    first: absence.start.slice(0, 10),
    last: midnight ? addDays(end, -1) : end,
    whole: from === 0 && midnight,
    from,
    to: midnight ? 1440 : to,
    rule: absence.rule ?? null,
  };
}

function civil(day: Day, minute: number): string {
  const date = minute >= 1440 ? addDays(day, 1) : day;
  const rest = minute % 1440;
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${date}T${two(Math.floor(rest / 60))}:${two(rest % 60)}:00`;
}

/** The document of one person. The days taken out stay those of the document that was there. */
export function absenceOf(
  typed: AbsenceTyped,
  person: string,
  id: string,
  except: readonly string[],
): AbsenceDoc {
  const detail = typed.detail.trim();
  return {
    id,
    counsellor: person,
    start: civil(typed.first, typed.whole ? 0 : typed.from),
    end: civil(typed.last, typed.whole ? 1440 : typed.to),
    ...(typed.rule === null ? {} : { rule: typed.rule }),
    except: [...except],
    label: typed.label.trim(),
    ...(detail === "" ? {} : { detail }),
  };
}

/** The last day of it, as one says it: an end at midnight is the day before. */
export function lastDay(absence: AbsenceDoc): Day {
  const day = absence.end.slice(0, 10);
  return minuteOf(absence.end) === 0 && day > absence.start.slice(0, 10) ? addDays(day, -1) : day;
}

/** Those that are not over. */
export function comingAbsences(settings: SettingsView): AbsenceDoc[] {
  const last = (one: AbsenceDoc): Day => (one.rule === undefined ? lastDay(one) : (one.rule.until ?? "9999"));
  return settings.absences.filter((one) => last(one) >= settings.today);
}
