import { useCallback } from "react";
import { useBackend, type AppointmentView, type CallList } from "~/shared/backend";
import { useNotices } from "~/shared/notices/notices";
import { useRouter } from "~/shared/router/router";
import { countText } from "~/shared/waiting/words";
import type { CallPlace } from "./CallList";
import { localTime } from "./draft";

/** Says, when a meeting leaves its place and somebody waits for one, how many do, and offers to call them. */
export function useFreedOffer(): (left: AppointmentView) => void {
  const backend = useBackend();
  const { notify } = useNotices();
  const { go } = useRouter();
  return useCallback(
    (left) => {
      const place: CallPlace = {
        kind: left.kind.id,
        counsellor: left.counsellor.id,
        start: localTime(left.date, left.from_min),
        site: left.site,
        minutes: left.to_min - left.from_min,
      };
      // What was done is done and said; that nobody could be looked up for the place takes nothing from it.
      backend
        .call<CallList>("waiting.calls", place)
        .then(({ free, lines }) => {
          const count = lines.filter((line) => line.callable).length;
          if (!free || count === 0) return;
          notify({
            text: `${countText(count)}.`,
            tone: "good",
            action: {
              label: "Appeler",
              run: () => {
                go("agenda", { calls: place });
              },
            },
          });
        })
        .catch(() => undefined);
    },
    [backend, notify, go],
  );
}
