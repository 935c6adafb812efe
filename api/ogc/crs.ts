import { badQuery } from '../problem.ts';

/** WGS 84, longitude before latitude. */
export const CRS84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
/** ETRS89 / UTM zone 32N, in which the surveys of northern and western Germany keep their maps; metres. */
export const UTM32 = 'http://www.opengis.net/def/crs/EPSG/0/25832';

export const crsList = [CRS84, UTM32] as const;
export type Crs = (typeof crsList)[number];

export const crsOf = (parameter: string, text: string | undefined): Crs => {
  if (text === undefined) return CRS84;
  // Some write it in the brackets of the header Content-Crs.
  const found = crsList.find((crs) => crs === text.replace(/^<(.*)>$/, '$1').replace(/^https:/, 'http:'));
  if (found) return found;
  throw badQuery(parameter, 'is not offered', `write one of ${crsList.join(', ')}`);
};

/** GRS 80, the ellipsoid of ETRS89. */
const A = 6_378_137;
const F = 1 / 298.257222101;
const N = F / (2 - F);
const SCALE = 0.9996;
const FALSE_EASTING = 500_000;
const CENTRAL_MERIDIAN = 9;
const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const ECCENTRICITY = (2 * Math.sqrt(N)) / (1 + N);
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3,
  (61 / 240) * N ** 3,
];

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/**
 * Krüger's series to the third order in n: within a millimetre in the zone and some degrees beside it. ETRS89 is taken for
 * WGS 84, from which it differs by less than a metre.
 */
export const toUtm32 = ([longitude, latitude]: readonly [number, number]): [number, number] => {
  const sine = Math.sin(radians(latitude));
  const t = Math.sinh(Math.atanh(sine) - ECCENTRICITY * Math.atanh(ECCENTRICITY * sine));
  const apart = radians(longitude - CENTRAL_MERIDIAN);
  const xi = Math.atan2(t, Math.cos(apart));
  const eta = Math.atanh(Math.sin(apart) / Math.hypot(1, t));
  let [x, y] = [eta, xi];
  for (const [i, alpha] of ALPHA.entries()) {
    const k = 2 * (i + 1);
    x += alpha * Math.cos(k * xi) * Math.sinh(k * eta);
    y += alpha * Math.sin(k * xi) * Math.cosh(k * eta);
  }
  return [FALSE_EASTING + SCALE * RADIUS * x, SCALE * RADIUS * y];
};
