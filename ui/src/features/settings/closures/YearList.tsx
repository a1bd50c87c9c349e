import type { ReactNode } from "react";
import type { SiteDoc } from "~/shared/backend";
import { dayName, type Day } from "~/shared/format/dates";
import { french, plural } from "~/shared/format/text";
import { Count } from "~/shared/ui/Chip";
import styles from "./Aside.module.css";
import { daysOf, rangeWords, stretchesOf, workdays, type Known, type Range } from "./year";

/** The same year in words: what the office closed, what the law closes, when the schools are away. */
export function YearList({
  year,
  today,
  sites,
  known,
  zone,
  knownUntil,
  onChoose,
}: {
  year: number;
  today: Day;
  sites: readonly SiteDoc[];
  known: Known;
  /** "zone B"; null when the academy has a calendar of its own. */
  zone: string | null;
  knownUntil: Day | null;
  onChoose: (range: Range) => void;
}): ReactNode {
  const closures = stretchesOf(sites, year);
  return (
    <div className={styles.list}>
      <section aria-label="Fermetures du centre">
        <h3>
          Fermetures du centre <Count>{closures.length}</Count>
        </h3>
        {closures.length === 0 ? (
          <p className={styles.empty}>
            Aucune fermeture cette année. Choisissez un jour dans le calendrier, ou plusieurs avec Maj ou en
            glissant.
          </p>
        ) : (
          <ul className={styles.rows}>
            {closures.map((one) => (
              <li key={`${one.first} ${one.sites.map((site) => site.id).join()}`}>
                <button
                  type="button"
                  data-past={one.last < today ? "" : undefined}
                  onClick={() => {
                    onChoose(one);
                  }}
                >
                  <b>{rangeWords(one)}</b>
                  <span>
                    {plural(workdays(daysOf(one), known).length, "jour ouvré", "jours ouvrés")} ·{" "}
                    {one.sites.length === sites.length
                      ? "tous les lieux"
                      : french(one.sites.map((site) => site.name).join(", "))}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-label="Jours fériés">
        <h3>Jours fériés</h3>
        <ul className={styles.dates}>
          {[...known.holidays].map(([day, name]) => (
            <li key={day} data-past={day < today ? "" : undefined}>
              <span className="num">{dayName(day, "short")}</span>
              <span>{french(name)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Vacances scolaires">
        <h3>Vacances scolaires{zone === null ? "" : `, ${zone}`}</h3>
        {known.school.length === 0 ? (
          <p className={styles.empty}>
            {zone === null
              ? "Le calendrier de l’académie n’est pas connu ici : fermez vous-même les jours qu’il faut."
              : `Le calendrier officiel n’est pas encore connu pour cette année${knownUntil === null ? "" : ` (il l’est jusqu’au ${dayName(knownUntil, "year")})`}.`}
          </p>
        ) : (
          <ul className={styles.dates}>
            {known.school.map((one) => (
              <li key={one.first} data-past={one.last < today ? "" : undefined}>
                <span className="num">
                  {dayName(one.first, "short").replace(/^\S+ /, "")} –{" "}
                  {dayName(one.last, "short").replace(/^\S+ /, "")}
                </span>
                <span>{one.name}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}
