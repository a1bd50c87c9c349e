import type { ReactNode } from "react";
import type { CataloguePlace, CatalogueRecord } from "~/shared/backend";
import { counted, figure, kilometres } from "~/shared/format/numbers";
import { NearMap } from "./NearMap";
import { RecordLink } from "./Links";
import { placeText, releaseText } from "./words";
import styles from "./Record.module.css";

/** What the places of a record are called, and from where they are counted. */
function headOf(record: CatalogueRecord, home: string | null): [title: string, detail: string] {
  const total = record.places_total;
  const cut = record.places.length < total;
  if (record.kind === "institution")
    return [
      "Formations données ici",
      cut
        ? `les ${figure(record.places.length)} premières sur ${figure(total)}`
        : counted(total, "formation", "formations"),
    ];
  const count = cut
    ? `les ${figure(record.places.length)} premiers sur ${figure(total)}`
    : counted(total, "lieu", "lieux");
  if (record.near === null) return ["Où la suivre", count];
  return [home === null ? "Près d’ici" : `Près de chez ${home}`, `${record.near}, ${count}`];
}

/** Where a programme is given, with the little map; or what an institution gives. */
export function Places({
  record,
  home,
  most,
  brief,
  onOpen,
  onAll,
}: {
  record: CatalogueRecord;
  /** Whose home distances are from; of nobody in particular when null. */
  home: string | null;
  /** Shows no more than these. */
  most: number;
  /** Says of each place no more than fits beside a list. */
  brief: boolean;
  onOpen: ((id: string) => void) | undefined;
  /** Asks for all of them. */
  onAll?: (() => void) | undefined;
}): ReactNode {
  if (record.places_total === 0) return null;
  const places = record.places.slice(0, most);
  const ofInstitution = record.kind === "institution";
  const [title, detail] = headOf({ ...record, places }, home);
  const far = !ofInstitution && places.some((place) => place.distance_km !== null);
  return (
    <section className={styles.section} aria-label={title}>
      <h3>
        {title} <span className="sub num">{detail}</span>
      </h3>
      <div className={far ? styles.near : undefined}>
        {far && <NearMap places={places} />}
        <table className={styles.places}>
          <caption className="vh">{ofInstitution ? "Formations par nom" : "Lieux par distance"}</caption>
          <thead>
            <tr>
              <th scope="col">{ofInstitution ? "Formation" : "Lieu"}</th>
              {(far || ofInstitution) && <th scope="col">{far ? "Distance" : "Durée"}</th>}
            </tr>
          </thead>
          <tbody>
            {places.map((place, index) => (
              // Published identifiers are not always of one place alone.
              <tr key={index}>
                <th scope="row">
                  <RecordLink link={ofInstitution ? place.programme : place.institution} onOpen={onOpen} />
                  <span className="sub">
                    {ofInstitution ? place.attendance.join(" · ") : placeText(place, brief)}
                    <Gone place={place} />
                  </span>
                </th>
                {(far || ofInstitution) && (
                  <td className="num">
                    {far ? place.distance_km !== null && kilometres(place.distance_km) : place.duration}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {onAll !== undefined && places.length < record.places_total && (
        <button type="button" className={styles.more} onClick={onAll}>
          {ofInstitution
            ? `Afficher les ${counted(Math.min(record.places_total, 500), "formation", "formations")}`
            : `Afficher les ${counted(Math.min(record.places_total, 500), "lieu", "lieux")}`}
        </button>
      )}
    </section>
  );
}

function Gone({ place }: { place: CataloguePlace }): ReactNode {
  if (place.gone_since === null) return null;
  return <b> n’y est plus donnée depuis {releaseText(place.gone_since)}</b>;
}
