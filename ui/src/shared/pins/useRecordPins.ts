import { useRead } from "~/shared/backend";
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

export interface RecordPins {
  /** Where P pins; nowhere yet when null, and P asks. */
  target: PinTarget | null;
  pinned: boolean;
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
  const pinned =
    target !== null && record !== null && (data?.pins.some((one) => one.record === record.id) ?? false);
  const ask = (): void => {
    if (record !== null) onAsk(record);
  };
  return {
    target,
    pinned,
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
