import type { AppointmentView, DayColumn, KindView } from "~/shared/backend";
import { dayName, duration, hour, hourOf, type Day } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";
import { STATES, type StateName } from "~/shared/ui/states";
import { companionsText } from "~/shared/people/companions";
import type { GridColumn } from "./grid/column";
import { STEP, type Block, type Cell, type ColumnInput, type Ghost } from "./grid/layout";

export { companionsText };

/** What stands in a column. */
export type Item =
  | { type: "appointment"; appointment: AppointmentView }
  | { type: "session"; title: string; people: AppointmentView[] }
  | { type: "absence"; label: string; detail: string | null }
  | { type: "school"; site: string }
  | { type: "draft"; title: string };

export interface DraftTime {
  /** Key of the column that it stands in. */
  column: string;
  /** The column of the second counsellor, when two are to hold it. */
  second?: string | null;
  from: number;
  to: number;
}

/** The moment that parts what has passed from what is to come, at the office. */
export interface Moment {
  date: Day;
  minute: number;
}

/** The minute before which a free cell of a date has passed. */
export function pastUntil(date: Day, now: Moment): number {
  if (date !== now.date) return date < now.date ? 1440 : 0;
  return now.minute - (now.minute % STEP);
}

/** States that take time from the counsellor; the others gave it back. */
const BLOCKING = new Set<AppointmentView["status"]>(["held", "booked", "arrived", "attended", "no_show"]);

export function takesTime(appointment: AppointmentView): boolean {
  return BLOCKING.has(appointment.status);
}

/** The state as drawn: a conflict and a forgotten status come before the state itself; what only this desk has confirmed says
    so. */
export function stateOf(appointment: AppointmentView): StateName {
  if (appointment.standing === "to_replace") return "to_replace";
  if (appointment.conflict !== null || appointment.sync === "conflict") return "conflict";
  if (appointment.status_missing) return "missing";
  if (appointment.status === "booked" && appointment.standing !== "confirmed") return appointment.standing;
  return appointment.status;
}

/** What is laid over the state: that it is to be sent, and for a state that does not say so itself, how sure its place is. */
export function markOf(appointment: AppointmentView): StateName | null {
  if (!isProvisional(appointment)) return null;
  const { standing } = appointment;
  const says = appointment.status === "booked" || standing === "confirmed" || standing === "to_replace";
  return says ? "provisional" : standing;
}

function isProvisional(appointment: AppointmentView): boolean {
  return appointment.sync === "local" || appointment.sync === "sent";
}

/** The usual kind is drawn without a mark, so that the others are seen; where there is a mark its name is said too. */
export function isMarked(kind: KindView): boolean {
  return kind.colour !== "green";
}

export function titleOf(appointment: AppointmentView): string {
  return appointment.client?.name ?? french(appointment.kind.name);
}

/** The name for a narrow cell: a long family name first, the given name as an initial. */
export function narrowName(appointment: AppointmentView): string {
  const { client } = appointment;
  if (client === null) return titleOf(appointment);
  return client.name.length <= 15 ? client.name : withInitial(client, ", ");
}

/** The name where two stand side by side: what tells them apart comes first, and the initial may go on a line of its own. */
export function besideName(appointment: AppointmentView): string {
  const { client } = appointment;
  return client === null ? titleOf(appointment) : withInitial(client, " ");
}

function withInitial(client: { family_name: string; given_name: string }, between: string): string {
  const initial = client.given_name.charAt(0);
  return initial === "" ? client.family_name : `${client.family_name}${between}${initial}.`;
}

/** The columns of the grid, in minutes. `blocks` are the meetings of each date, `draft` is the slot being booked. */
export function columnsOf(
  columns: readonly Pick<GridColumn, "key" | "date" | "of">[],
  blocks: (date: Day) => readonly AppointmentView[],
  draft: DraftTime | null,
  now: Moment,
): ColumnInput<Item>[] {
  return columns.map(({ key, date, of: column }) => {
    const mine = blocks(date).filter((one) =>
      column.kind === "room"
        ? one.room === column.id && isGroup(one)
        : one.counsellor.id === column.id || one.second?.id === column.id,
    );
    const taking: Block<Item>[] = mine
      .filter((one) => takesTime(one) && !isGroup(one))
      .map((appointment) => ({
        id: appointment.id,
        from: appointment.from_min,
        to: appointment.to_min,
        data: { type: "appointment", appointment },
      }));
    taking.push(...sessionsOf(mine));
    if (draft !== null && (draft.column === key || draft.second === key))
      taking.push({
        id: "draft",
        from: draft.from,
        to: draft.to,
        data: { type: "draft", title: "Nouveau RDV" },
      });
    const absences = column.absences.flatMap((absence, index) =>
      around({ from: absence.from_min, to: absence.to_min }, taking).map((piece, part): Block<Item> => ({
        id: `absence-${String(index)}-${String(part)}`,
        ...piece,
        data: { type: "absence", label: absence.label, detail: absence.detail },
      })),
    );
    const schools = column.open
      .filter((stretch) => stretch.school || stretch.duty)
      .flatMap((stretch, index) =>
        around({ from: stretch.from_min, to: stretch.to_min }, [...taking, ...absences]).map(
          (piece, part): Block<Item> => ({
            id: `school-${String(index)}-${String(part)}`,
            ...piece,
            data: { type: "school", site: stretch.site_name ?? "" },
          }),
        ),
      );
    const ghosts: Ghost<Item>[] = mine
      .filter((one) => !takesTime(one) && !isGroup(one))
      .map((appointment) => ({
        id: appointment.id,
        from: appointment.from_min,
        to: appointment.to_min,
        data: { type: "appointment", appointment },
      }));
    return {
      id: key,
      pastUntil: pastUntil(date, now),
      open: column.open.map((stretch) => ({ from: stretch.from_min, to: stretch.to_min })),
      blocks: [...taking, ...absences, ...schools],
      ghosts,
    };
  });
}

function isGroup(appointment: AppointmentView): boolean {
  return appointment.session !== null;
}

/** Who holds it: `Mme Dupont`, or `Mme Dupont et M. Haddad`. */
export function heldBy({ counsellor, second }: Pick<AppointmentView, "counsellor" | "second">): string {
  return second === null ? counsellor.name : `${counsellor.name} et ${second.name}`;
}

/** In the column of one of two: who else holds it. */
export function otherOf(appointment: AppointmentView, column: string | undefined): string | null {
  const { counsellor, second } = appointment;
  if (second === null) return null;
  return column === second.id ? counsellor.name : second.name;
}

/** A group session is one meeting a participant, and one that is nobody's seat; the grid shows it once. */
function sessionsOf(appointments: readonly AppointmentView[]): Block<Item>[] {
  const sessions = new Map<string, AppointmentView[]>();
  for (const one of appointments) {
    if (!isGroup(one) || !takesTime(one)) continue;
    const key = one.session ?? one.id;
    sessions.set(key, [...(sessions.get(key) ?? []), one]);
  }
  return [...sessions.values()].flatMap((people) => {
    const first = people[0];
    if (first === undefined) return [];
    return {
      id: `session-${first.session ?? first.id}`,
      from: first.from_min,
      to: Math.max(...people.map((one) => one.to_min)),
      data: { type: "session", title: french(first.kind.name), people },
    };
  });
}

/** The state of a session as a whole: what asks for somebody first. */
export function sessionState(people: readonly AppointmentView[]): StateName {
  const seated = participants(people);
  const states = (seated.length === 0 ? people : seated).map(stateOf);
  for (const state of ["to_replace", "conflict", "missing", "arrived"] as const)
    if (states.includes(state)) return state;
  if (states.every((state) => state === "attended" || state === "no_show")) return "attended";
  if (states.every((state) => state === "held")) return "held";
  return (
    states.find((state) => state === "reserved") ?? states.find((state) => state === "guaranteed") ?? "booked"
  );
}

/** Who has a seat: without the meeting that is the planned session itself. */
export function participants(people: readonly AppointmentView[]): AppointmentView[] {
  return people.filter((one) => one.seat);
}

/** Seats that nobody has, of all. */
export function seatsOf(people: readonly AppointmentView[]): { left: number; of: number } {
  const taken = participants(people).filter(takesTime).length;
  const of = people[0]?.kind.capacity ?? taken;
  return { left: Math.max(0, of - taken), of };
}

/** `8 places sur 12`; `complet, 12 inscrits`; afterwards `11 présents sur 12`. */
export function sessionCount(people: readonly AppointmentView[]): string {
  const seated = participants(people);
  const came = seated.filter((one) => one.status === "attended").length;
  if (sessionState(people) === "attended") return `${plural(came, "présent")} sur ${String(seated.length)}`;
  const { left, of } = seatsOf(people);
  return left === 0
    ? `complet, ${plural(seated.length, "inscrit")}`
    : `${plural(left, "place")} sur ${String(of)}`;
}

interface Span {
  from: number;
  to: number;
}

/** The parts of a span that others leave, so that a meeting kept during an absence is seen inside it. */
export function around(span: Span, others: readonly Span[]): Span[] {
  let pieces: Span[] = [{ from: span.from, to: span.to }];
  for (const other of others) {
    pieces = pieces.flatMap((piece) => {
      if (other.to <= piece.from || other.from >= piece.to) return [piece];
      const left: Span[] = [];
      if (other.from > piece.from) left.push({ from: piece.from, to: other.from });
      if (other.to < piece.to) left.push({ from: other.to, to: piece.to });
      return left;
    });
  }
  return pieces;
}

/** The line under a name: class, who comes, or what a proposal and an arrival have to say. */
export function secondLine(appointment: AppointmentView, column?: string): string {
  if (appointment.status === "held" && appointment.held_until !== null)
    return `expire à ${hour(appointment.held_until, appointment.zone)}`;
  const other = otherOf(appointment, column);
  if (other !== null) return `avec ${other}`;
  const along = companionsText(appointment.companions)?.replace(/^avec (ses parents|un proche)$/, "$1");
  return [appointment.client?.class_level, along].filter(Boolean).join(" · ");
}

export function stateWord(appointment: AppointmentView, now: number): string {
  const state = stateOf(appointment);
  if (state === "conflict") return "Conflit à régler";
  if (state === "arrived" && appointment.arrived_at !== null) {
    const waited = Math.floor((now - Date.parse(appointment.arrived_at)) / 60_000);
    if (waited > 0 && waited < 240) return `Arrivé · ${duration(waited)}`;
  }
  return STATES[state].word;
}

/** What the live region says of a cell: day, hour, person, what is there. */
export function cellText(
  cell: Cell<Item>,
  lane: number,
  column: DayColumn,
  date: string,
  minute: number,
): string {
  const block = cell.blocks[lane];
  const at = block === undefined ? (cell.kind === "closed" ? minute : cell.from) : block.from;
  const start = `${spokenDay(date)}, ${hourOf(Math.max(at, cell.from))}, ${column.name}`;
  return `${start}, ${contentText(cell, block?.data)}`;
}

/** What the cell itself says: its hour and its person are in the heads of its row and column. */
export function contentText(cell: Cell<Item>, item: Item | undefined): string {
  if (item !== undefined) return itemText(item);
  const gone = cell.ghosts.map((ghost) => itemText(ghost.data)).join(", ");
  const state =
    cell.kind === "free"
      ? "libre"
      : cell.kind === "past"
        ? "passé, libre"
        : `fermé jusqu’à ${hourOf(cell.to)}`;
  return gone === "" ? state : `${state}, ${gone}`;
}

export function itemText(item: Item): string {
  switch (item.type) {
    case "absence":
      return ["absence", item.label, item.detail].filter(Boolean).join(", ");
    case "school":
      return item.site === "" ? "permanence, sans rendez-vous" : `permanence, ${item.site}`;
    case "session":
      return [
        item.title,
        STATES[sessionState(item.people)].word.toLowerCase(),
        sessionCount(item.people),
      ].join(", ");
    case "draft":
      return "créneau choisi";
    case "appointment": {
      const { appointment } = item;
      const mark = markOf(appointment);
      return [
        titleOf(appointment),
        STATES[stateOf(appointment)].word.toLowerCase(),
        mark === null ? null : STATES[mark].word.toLowerCase(),
        isMarked(appointment.kind) ? french(appointment.kind.name) : null,
        appointment.second === null ? null : `avec ${heldBy(appointment)}`,
        appointment.override_reason === null
          ? null
          : `posé malgré une règle : ${appointment.override_reason}`,
        duration(appointment.to_min - appointment.from_min),
        appointment.client?.class_level,
        companionsText(appointment.companions),
      ]
        .filter(Boolean)
        .join(", ");
    }
  }
}

/** `mardi 24`: the month is on the screen's title. */
function spokenDay(date: string): string {
  return dayName(date).split(" ").slice(0, 2).join(" ");
}

/** The line under the name of a column. */
export function columnNote(column: DayColumn): string {
  if (column.kind === "room") return column.place ?? "";
  const first = column.open[0];
  const absent = column.absences.find((absence) => absence.to_min - absence.from_min >= 180);
  if (column.open.length === 0) return absent === undefined ? "Ne reçoit pas" : "Absence";
  if (absent !== undefined) return absent.to_min <= 13 * 60 + 30 ? "Absence le matin" : "Absence";
  if (column.open.every((stretch) => stretch.school)) return "Au lycée";
  if (first?.school) return "Au lycée, puis CIO";
  return [column.place, plural(column.free, "libre")].filter(Boolean).join(" · ");
}
