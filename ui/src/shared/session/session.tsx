import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import {
  useRead,
  type OfficeView,
  type PersonView,
  type SessionView,
  type StatusView,
} from "~/shared/backend";
import { civil, type Day } from "~/shared/format/dates";

export interface Session {
  office: OfficeView;
  user: PersonView;
  people: PersonView[];
  demo: boolean;
  /** Zone of the office: everything shown is civil time in it, unless a meeting brings its own. */
  zone: string;
}

const SessionContext = createContext<Session | null>(null);
const ClockContext = createContext<() => number>(Date.now);

/** Who is at the desk. `otherwise` is shown until there is somebody, with what is known. */
export function SessionProvider({
  children,
  otherwise,
}: {
  children: ReactNode;
  otherwise: (view: SessionView | undefined, failed: boolean) => ReactNode;
}): ReactNode {
  const { data, dataUpdatedAt, isError } = useRead("session.get", {});
  const session = useMemo((): Session | null => {
    if (data?.state !== "ready" || data.office === null || data.user === null) return null;
    const { office, user, people, demo } = data;
    return { office, user, people, demo, zone: office.zone };
  }, [data]);
  // The desk's clock may be set by a test: what counts is its distance from this machine's.
  const clock = useMemo(() => {
    const shift = data === undefined ? 0 : Date.parse(data.now) - dataUpdatedAt;
    return () => Date.now() + shift;
  }, [data, dataUpdatedAt]);
  if (session === null) return otherwise(data, isError);
  return (
    <SessionContext value={session}>
      <ClockContext value={clock}>{children}</ClockContext>
    </SessionContext>
  );
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error("SessionProvider is missing");
  return session;
}

/** The desk's time, read again at each minute: its instant, its civil day and minute at the office. */
export function useNow(): { instant: number; today: Day; minute: number } {
  const clock = use(ClockContext);
  const { zone } = useSession();
  const [, tick] = useState(0);
  const instant = clock();
  useEffect(() => {
    const timer = setTimeout(
      () => {
        tick((count) => count + 1);
      },
      60_000 - (clock() % 60_000) + 50,
    );
    return () => {
      clearTimeout(timer);
    };
  });
  const { day, minute } = civil(instant, zone);
  return { instant, today: day, minute };
}

export function useStatus(): StatusView | undefined {
  return useRead("status.get", {}).data;
}
