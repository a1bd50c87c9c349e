import { useCallback, useState } from "react";
import type { DayColumn } from "~/shared/backend";
import { useSession } from "~/shared/session/session";

/** In place of a person: everybody, as counts. */
export const EVERYBODY = "";

/** Whose week is shown: remembered; at first one's own, else that of the first column. */
export function useWeekPerson(people: readonly DayColumn[]): [string, (person: string) => void] {
  const { user } = useSession();
  const store = `passerelle.semaine.${user.id}`;
  const [chosen, setChosen] = useState(() => localStorage.getItem(store) ?? user.id);
  const choose = useCallback(
    (person: string) => {
      localStorage.setItem(store, person);
      setChosen(person);
    },
    [store],
  );
  const known = chosen === EVERYBODY || people.some((one) => one.id === chosen);
  return [known ? chosen : (people[0]?.id ?? EVERYBODY), choose];
}
