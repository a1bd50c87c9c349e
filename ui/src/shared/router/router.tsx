import { createContext, use, useCallback, useMemo, useState, type ReactNode } from "react";
import type { ClientMatch } from "~/shared/backend";

/** What can be shown, with what each screen may be asked to show first. Everything here survives only in memory. */
export interface Routes {
  agenda: {
    /** Civil date, `YYYY-MM-DD`; an empty one is today. */
    date?: string;
    /** Appointment whose details open. */
    appointment?: string;
    /** Opens the list of past meetings of which nobody said the end. */
    sweep?: boolean;
    /** Asks which day sheet to print. */
    print?: boolean;
    /** Opens the booking panel. */
    book?: BookingIntent;
    /** A place that became free: who is to be called for it. */
    calls?: { kind: string; counsellor: string; start: string; site: string | null; minutes: number };
  };
  enquiries: { enquiry?: string };
  clients: { client?: string; query?: string; create?: boolean };
  waiting: { entry?: string };
  catalogue: {
    /** Record whose page opens. */
    record?: string;
    /** What is looked for. */
    query?: string;
    /** The enquiry that it is looked for: distances are from its home, and a record can be put into its answer. */
    enquiry?: { id: string; name: string; near: string };
    /** The meeting whose preparation it is looked for: a record is pinned to it. */
    meeting?: { id: string; name: string; date: string };
    /** Opens the page on which a catalogue is imported. */
    import?: boolean;
  };
  conflicts: { conflict?: string };
  settings: {
    /** Page of the settings: "kinds", "places", "closures"… */
    page?: string;
  };
}

/** A booking begun elsewhere: from a free slot, a person's file or an enquiry. */
export interface BookingIntent {
  counsellor?: string;
  /** Instant, RFC 3339. */
  start?: string;
  kind?: string;
  client?: ClientMatch;
  enquiry?: string;
  /** The entry of the waiting list that it answers. */
  waiting?: string;
}

export type Screen = keyof Routes;

export interface Place<S extends Screen = Screen> {
  screen: S;
  params: Routes[S];
  /** Changes at each navigation, so that asking twice for the same thing is heard twice. */
  visit: number;
}

interface Router {
  place: Place;
  go: <S extends Screen>(screen: S, params?: Routes[S]) => void;
  back: () => void;
}

const RouterContext = createContext<Router | null>(null);
const KEPT = 30;

export function RouterProvider({ first, children }: { first: Screen; children: ReactNode }): ReactNode {
  const [trail, setTrail] = useState<Place[]>([{ screen: first, params: {}, visit: 0 }]);
  const go = useCallback(<S extends Screen>(screen: S, params?: Routes[S]) => {
    setTrail((before) => {
      const visit = (before.at(-1)?.visit ?? 0) + 1;
      return [...before, { screen, params: params ?? {}, visit }].slice(-KEPT);
    });
  }, []);
  const back = useCallback(() => {
    setTrail((before) => (before.length > 1 ? before.slice(0, -1) : before));
  }, []);
  const router = useMemo(() => {
    const place = trail.at(-1) ?? { screen: first, params: {}, visit: 0 };
    return { place, go, back };
  }, [trail, first, go, back]);
  return <RouterContext value={router}>{children}</RouterContext>;
}

export function useRouter(): Router {
  const router = use(RouterContext);
  if (router === null) throw new Error("RouterProvider is missing");
  return router;
}
