import { useMemo } from "react";
import { useRead, type Pins } from "~/shared/backend";
import { usePinning, type Pinned } from "./usePinning";
import type { PinTarget } from "./words";

/** Where a screen pins, and how it asks for whom. */
export interface PinPlacing {
  /** Nowhere yet when null. */
  target: PinTarget | null;
  /** The place was chosen in the list, not given by where one comes from: another may be chosen. */
  chosen: boolean;
  onAsk: (record: Pinned) => void;
}

/** Where a record is pinned: where one pins, or at the enquiry that the meeting comes from. */
export type PinStanding = "here" | "enquiry";

export interface RecordPins {
  /** Where P pins; nowhere yet when null, and P asks. */
  target: PinTarget | null;
  pinned: boolean;
  /** It is pinned to the enquiry that the meeting comes from, and shown at the meeting with what is pinned there. */
  fromEnquiry: boolean;
  /** What is pinned there of all records, by their identifiers. */
  standing: ReadonlyMap<string, PinStanding>;
  /** The place was chosen in the list, not given by where one comes from: another may be chosen. */
  chosen: boolean;
  /** Pins, takes off, or asks for whom. */
  press: () => void;
  /** Asks for whom. */
  ask: () => void;
}

/** Whether the record that is looked at is pinned where one pins, and what P does about it. */
export function useRecordPins(record: Pinned | null, { target, chosen, onAsk }: PinPlacing): RecordPins {
  const { pin, unpin } = usePinning();
  const { data } = useRead(
    "catalogue.pins",
    { to: target?.to ?? { enquiry: "" } },
    { enabled: target !== null },
  );
  const standing = useMemo(() => standingOf(target === null ? undefined : data), [target, data]);
  const pinned = record !== null && standing.get(record.id) === "here";
  const ask = (): void => {
    if (record !== null) onAsk(record);
  };
  return {
    target,
    pinned,
    fromEnquiry: record !== null && standing.get(record.id) === "enquiry",
    standing,
    chosen,
    ask,
    press: () => {
      if (record === null) return;
      if (target === null) ask();
      else if (pinned) unpin(target, record);
      else pin(target, record);
    },
  };
}

function standingOf(pins: Pins | undefined): ReadonlyMap<string, PinStanding> {
  return new Map([
    ...(pins?.of_enquiry ?? []).map((pin) => [pin.record, "enquiry"] as const),
    ...(pins?.pins ?? []).map((pin) => [pin.record, "here"] as const),
  ]);
}
