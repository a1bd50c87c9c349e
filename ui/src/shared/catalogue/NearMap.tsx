import { useMemo, type ReactNode } from "react";
import type { CataloguePlace } from "~/shared/backend";
import { figure } from "~/shared/format/numbers";
import { nearMap, SIDE } from "./nearMap";
import styles from "./Record.module.css";

const MIDDLE = SIDE / 2;

/** Where the places of the list stand around the home. The list says all of it in words: read aloud the drawing says nothing. */
export function NearMap({ places }: { places: readonly CataloguePlace[] }): ReactNode {
  const map = useMemo(() => nearMap(places), [places]);
  if (map === null) return null;
  return (
    <svg className={styles.map} viewBox={`0 0 ${String(SIDE)} ${String(SIDE + 4)}`} aria-hidden="true">
      {map.rings.map(({ km, radius }) => (
        <circle key={km} cx={MIDDLE} cy={MIDDLE} r={radius} className={styles.ring} />
      ))}
      {map.rings.map(({ km, radius }, index) => (
        <text key={km} x={MIDDLE} y={MIDDLE + radius + 4}>
          {figure(km)}
          {index === map.rings.length - 1 && "\u00a0km"}
        </text>
      ))}
      <path className={styles.home} d={`m${String(MIDDLE)} ${String(MIDDLE - 7)}-7 6v8h14v-8z`} />
      {map.points.map((point, index) => (
        <circle key={index} cx={point.x} cy={point.y} r={4.5} className={styles.point} />
      ))}
    </svg>
  );
}
