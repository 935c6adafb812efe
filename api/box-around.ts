import type { BoundingBox } from './bbox.ts';

/** The least box around places (longitude, latitude); undefined around none. */
export const boxAround = (places: Iterable<readonly [number, number]>): BoundingBox | undefined => {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [longitude, latitude] of places) {
    west = Math.min(west, longitude);
    south = Math.min(south, latitude);
    east = Math.max(east, longitude);
    north = Math.max(north, latitude);
  }
  return west > east ? undefined : { west, south, east, north };
};
