import type { CataloguePlace } from "~/shared/backend";

/** Side of the drawing; its middle is the home. */
export const SIDE = 150;
/** Radius of the outermost circle. */
export const EDGE = 70;
/** Kilometres of the outermost circle: the first that holds every place. */
const REACHES = [10, 50, 100, 250, 500, 1000];
/** A point a little within the outermost circle is wholly in the drawing. */
const MOST = EDGE + 2;

export interface Ring {
  km: number;
  radius: number;
}

export interface NearMap {
  rings: Ring[];
  /** In the order of the list beside it. */
  points: { id: string; x: number; y: number; far: boolean }[];
}

function rings(reach: number): number[] {
  if (reach === 10) return [5, 10];
  if (reach === 50) return [10, 25, 50];
  if (reach === 100) return [10, 50, 100];
  return [reach / 10, (reach * 2) / 5, reach];
}

/** Circles and points around a home. The scale is that of square roots: what is near has more room, and equal areas stay equal. */
export function nearMap(places: readonly CataloguePlace[]): NearMap | null {
  const known = places.flatMap((place) =>
    place.offset_km === null ? [] : [{ id: place.id, east: place.offset_km[0], north: place.offset_km[1] }],
  );
  if (known.length === 0) return null;
  const farthest = Math.max(...known.map(({ east, north }) => Math.hypot(east, north)));
  const reach = REACHES.find((km) => km >= farthest) ?? REACHES[REACHES.length - 1] ?? 1000;
  const scale = (km: number): number => EDGE * Math.sqrt(km / reach);
  return {
    rings: rings(reach).map((km) => ({ km, radius: scale(km) })),
    points: known.map(({ id, east, north }) => {
      const km = Math.hypot(east, north);
      const radius = Math.min(scale(km), MOST);
      const turn = km === 0 ? 0 : radius / km;
      return { id, x: SIDE / 2 + east * turn, y: SIDE / 2 - north * turn, far: km > reach };
    }),
  };
}
