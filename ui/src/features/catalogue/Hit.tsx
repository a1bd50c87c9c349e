import { memo, type ReactNode } from "react";
import type { CatalogueHit } from "~/shared/backend";
import { kindIcon } from "~/shared/catalogue/kinds";
import { Pieces } from "~/shared/catalogue/Pieces";
import { distanceText, underName } from "~/shared/catalogue/words";
import { counted } from "~/shared/format/numbers";
import type { PinStanding } from "~/shared/pins/useRecordPins";
import { Icon } from "~/shared/ui/Icon";
import styles from "./Results.module.css";

/** At how many places a programme is given; how many programmes an institution gives. */
function placesText(hit: CatalogueHit): string {
  if (hit.kind === "programme") return hit.places === 0 ? "" : counted(hit.places, "lieu", "lieux");
  if (hit.kind === "institution")
    return hit.places === 0 ? "" : counted(hit.places, "formation", "formations");
  return hit.kind === "occupation" ? "fiche" : "";
}

/** What stands in a line: its name with the words of the question marked, what it is, how many and how far. */
export const Hit = memo(function Hit({
  hit,
  marked,
  pinned,
}: {
  hit: CatalogueHit;
  marked: boolean;
  pinned: PinStanding | undefined;
}): ReactNode {
  const distance = distanceText(hit);
  const about = underName(hit.subtitle);
  // Where the name does not say why it is there, what it says does.
  const explained = !hit.title.some((piece) => piece.hit) && hit.snippet.some((piece) => piece.hit);
  return (
    <>
      <Icon name={kindIcon(hit.kind)} />
      <div className={styles.words}>
        <p className={styles.name}>
          <Pieces pieces={hit.title} />
          {pinned !== undefined && (
            <span className={styles.marked}>
              <Icon name="pin" small />
              {pinned === "here" ? "épinglée" : "épinglée à la demande"}
            </span>
          )}
          {marked && (
            <span className={styles.marked}>
              <Icon name="columns" small />à comparer
            </span>
          )}
        </p>
        <p className={styles.about}>
          {about}
          {explained && (
            <>
              {about !== "" && " · "}
              <Pieces pieces={hit.snippet} />
            </>
          )}
        </p>
      </div>
      <span className={styles.figures}>
        {placesText(hit)}
        {distance !== "" && <b>{distance}</b>}
      </span>
    </>
  );
});
