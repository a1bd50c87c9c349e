import type { ReactNode } from "react";
import { useRead } from "~/shared/backend";
import { useRouter } from "~/shared/router/router";
import { placeOf, placeText } from "~/shared/waiting/words";
import { Button } from "~/shared/ui/Button";
import { Panel } from "~/shared/ui/Panel";
import type { CallPlace } from "./CallList";
import styles from "./DeskColumn.module.css";

/** Places that became free and that somebody waits for; the way to the list itself. */
export function FreedPlaces({ onCall }: { onCall: (place: CallPlace) => void }): ReactNode {
  const { go } = useRouter();
  const { data } = useRead("waiting.freed", {}, { keep: true, every: 60_000 });
  if (data === undefined || data.waiting === 0) return null;
  return (
    <Panel title="Liste d’attente" count={data.waiting}>
      {data.places.length === 0 ? (
        <p className="sub">Aucun créneau libéré ne convient pour l’instant.</p>
      ) : (
        <ul className={styles.freed}>
          {data.places.slice(0, 2).map((place) => (
            <li key={`${place.slot.local} ${place.slot.counsellor.id}`}>
              <span>
                <b className="num">{placeText(place.slot)}</b>
                <span className="sub">
                  {place.count < 2 ? "1 personne à appeler" : `${String(place.count)} personnes à appeler`}
                </span>
              </span>
              <Button
                small
                icon="phone"
                aria-label={`Appeler pour ${placeText(place.slot, place.minutes)}`}
                onClick={() => {
                  onCall(placeOf(place));
                }}
              >
                Appeler
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button
          small
          tone="quiet"
          icon="list"
          onClick={() => {
            go("waiting");
          }}
        >
          Voir la liste
        </Button>
      </div>
    </Panel>
  );
}
