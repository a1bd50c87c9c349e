import type { PinTarget } from "~/shared/pins/words";
import { NO_FILTERS, type Asked } from "./query";

/** A programme that is to be compared. */
export interface Marked {
  id: string;
  title: string;
}

/** The enquiry that the catalogue is looked through for. */
export interface For {
  id: string;
  name: string;
  near: string;
}

/** The meeting whose preparation the catalogue is looked through for. */
export interface ForMeeting {
  id: string;
  name: string;
  /** Its day, for the way back. */
  date: string;
}

/** What the screen shows above all. */
export type View =
  { type: "search" } | { type: "record"; id: string } | { type: "compare" } | { type: "import" };

export interface Kept {
  asked: Asked;
  /** The line of the list that one stands on. */
  at: number;
  marked: readonly Marked[];
  /** Whether the preview is wanted where it is a drawer; not said yet when null. */
  preview: boolean | null;
  views: readonly View[];
  forEnquiry: For | null;
  forMeeting: ForMeeting | null;
  /** Where a record was last pinned from the list of places: the next one goes there too. */
  lastPlace: PinTarget | null;
}

/** Where P pins: what the screen was opened for, else the place that was chosen last; nowhere yet when null. */
export function targetOf({
  forEnquiry,
  forMeeting,
  lastPlace,
}: Pick<Kept, "forEnquiry" | "forMeeting" | "lastPlace">): PinTarget | null {
  if (forEnquiry !== null) return { to: { enquiry: forEnquiry.id }, name: forEnquiry.name };
  if (forMeeting !== null) return { to: { appointment: forMeeting.id }, name: forMeeting.name };
  return lastPlace;
}

/** The screen as a person left it, while the program runs: coming back from an enquiry nothing is typed again. */
const kept = new Map<string, Kept>();

export function recall(person: string, near: string): Kept {
  return (
    kept.get(person) ?? {
      asked: { text: "", filters: NO_FILTERS, near, within: null, order: "relevance" },
      at: 0,
      marked: [],
      preview: null,
      views: [{ type: "search" }],
      forEnquiry: null,
      forMeeting: null,
      lastPlace: null,
    }
  );
}

export function remember(person: string, state: Kept): void {
  kept.set(person, state);
}

/** At most so many programmes side by side. */
export const MOST_COMPARED = 3;

/** Marks a programme, or takes its mark away; the oldest gives way to a fourth. */
export function markToggled(marked: readonly Marked[], one: Marked): Marked[] {
  if (marked.some(({ id }) => id === one.id)) return marked.filter(({ id }) => id !== one.id);
  return [...marked, one].slice(-MOST_COMPARED);
}
