import { useEffect, useRef, type ReactNode } from "react";
import { hour } from "~/shared/format/dates";
import { french } from "~/shared/format/text";
import { useNotices } from "~/shared/notices/notices";
import { useSession, useStatus } from "~/shared/session/session";

/** The quiet word to a counsellor: who has come for them. It takes no focus, and says no more than the room hears. */
export function Arrivals(): ReactNode {
  const { user, zone } = useSession();
  const status = useStatus();
  const { notify } = useNotices();
  const said = useRef<{ user: string; seen: Set<string> }>({ user: user.id, seen: new Set() });
  const arrivals = status?.arrivals;
  useEffect(() => {
    if (arrivals === undefined) return;
    if (said.current.user !== user.id) said.current = { user: user.id, seen: new Set() };
    for (const one of arrivals) {
      // Somebody who was marked by mistake and has now come in truth is told again.
      const key = `${one.appointment} ${one.since}`;
      if (said.current.seen.has(key)) continue;
      said.current.seen.add(key);
      notify({
        text: french(`Votre rendez-vous est arrivé : ${one.name}, ${hour(one.start, zone)}`),
        tone: "good",
      });
    }
  }, [arrivals, user.id, zone, notify]);
  return null;
}
