import type { AppointmentView } from "~/shared/backend";
import type { StateName } from "~/shared/ui/states";
import { stateOf, titleOf } from "../dayModel";

export type SortKey = "time" | "person" | "counsellor" | "state";

export interface Sort {
  by: SortKey;
  down: boolean;
}

/** What the list is kept to; an empty part binds nothing. */
export interface Filter {
  state: StateName | "";
  counsellor: string;
  site: string;
}

export const EVERYTHING: Filter = { state: "", counsellor: "", site: "" };

/** What asks for somebody comes first when states are put in order. */
const RANK: StateName[] = [
  "to_replace",
  "conflict",
  "missing",
  "arrived",
  "held",
  "reserved",
  "guaranteed",
  "booked",
  "attended",
  "no_show",
  "excused",
  "cancelled",
  "declined",
  "expired",
];

export function kept(rows: readonly AppointmentView[], filter: Filter): AppointmentView[] {
  return rows.filter(
    (row) =>
      (filter.state === "" || stateOf(row) === filter.state) &&
      (filter.counsellor === "" ||
        row.counsellor.id === filter.counsellor ||
        row.second?.id === filter.counsellor) &&
      (filter.site === "" || row.site === filter.site),
  );
}

/** In order; what is equal stays in order of time, then of counsellor. */
export function sorted(rows: readonly AppointmentView[], { by, down }: Sort): AppointmentView[] {
  const words = (a: string, b: string): number => a.localeCompare(b, "fr", { sensitivity: "base" });
  const time = (a: AppointmentView, b: AppointmentView): number =>
    Date.parse(a.start) - Date.parse(b.start) || words(a.counsellor.name, b.counsellor.name);
  const name = (row: AppointmentView): string =>
    row.client === null ? titleOf(row) : `${row.client.family_name} ${row.client.given_name}`;
  const first: Record<SortKey, (a: AppointmentView, b: AppointmentView) => number> = {
    time,
    person: (a, b) => words(name(a), name(b)),
    counsellor: (a, b) => words(a.counsellor.name, b.counsellor.name),
    state: (a, b) => RANK.indexOf(stateOf(a)) - RANK.indexOf(stateOf(b)),
  };
  const turn = down ? -1 : 1;
  return [...rows].sort((a, b) => turn * first[by](a, b) || time(a, b));
}
