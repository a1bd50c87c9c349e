import type { ReactNode } from "react";
import { useRead, type EnquiryView } from "~/shared/backend";
import { errorText } from "~/shared/errors";
import { PinList } from "~/shared/pins/PinList";
import { usePinning } from "~/shared/pins/usePinning";
import { useRouter } from "~/shared/router/router";
import { Loading, Panel } from "~/shared/ui/Panel";
import { homeOf } from "./useInsertion";

/** What was pinned for whoever takes the enquiry up next, and for the meeting that comes of it. */
export function PinnedPanel({ view }: { view: EnquiryView }): ReactNode {
  const { go } = useRouter();
  const pinning = usePinning();
  const { data, error } = useRead("catalogue.pins", { to: { enquiry: view.id } }, { enabled: !view.hidden });
  // To whom it is not shown nothing is said of it.
  if (view.hidden || error?.code === "not_allowed") return null;
  const target = { to: { enquiry: view.id }, name: view.name };
  const pins = data?.pins ?? [];
  return (
    <Panel title="Épinglé" {...(pins.length > 0 ? { count: pins.length } : {})}>
      {error !== null ? (
        <p className="sub" role="alert">
          {errorText(error).text} {errorText(error).next}
        </p>
      ) : data === undefined ? (
        <Loading lines={2} />
      ) : pins.length === 0 ? (
        <p className="sub">
          {data.may_pin
            ? "Rien encore. Épinglez ci-dessous ce qui répond à la question, ou avec P dans le catalogue."
            : "Rien encore."}
        </p>
      ) : (
        <PinList
          label="Fiches épinglées à la demande"
          pins={pins}
          onOpen={(pin) => {
            go("catalogue", {
              record: pin.record,
              enquiry: { id: view.id, name: view.name, near: homeOf(view) },
            });
          }}
          {...(data.may_pin
            ? {
                onRemove: (pin) => {
                  pinning.unpin(target, { id: pin.record, title: pin.title });
                },
                onNote: (pin, note, done) => {
                  pinning.note(target, { id: pin.record, title: pin.title }, note, done);
                },
              }
            : {})}
        />
      )}
    </Panel>
  );
}
