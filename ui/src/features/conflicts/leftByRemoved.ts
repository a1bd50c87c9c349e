import { useRead } from "~/shared/backend";
import { useSession } from "~/shared/session/session";
import { waitingOf } from "./removed";

/** The service is asked so often while another screen is shown: the director is to see it within the hour, not at once. */
const SELDOM_MS = 5 * 60_000;

/** How much of what removed desks had not sent waits for the director, who sees it on every screen; 0 for everybody else. */
export function useLeftByRemoved(): number {
  const { user } = useSession();
  const asked = user.role === "director";
  const { data } = useRead("quarantine.list", {}, { enabled: asked, every: SELDOM_MS });
  return asked && data !== undefined ? waitingOf(data.items).length : 0;
}
