import type { BoundingBox } from '../bbox.ts';
import type { PublicDataset } from '../catalogue/public-dataset.ts';
import { el, type Piece } from './element.ts';
import { round } from './line-chart.ts';
import type { Tongue } from './tongue.ts';

export const MAX_MARKS = 400;
/** Sites are labelled one by one up to here; beyond, their municipalities are. */
const MAX_NAMES = 8;
const PADDING = 34;
/** Width of a bold letter, rather too much than too little. */
const LETTER = 7.2;
const LINE = 15;

interface Place {
  readonly name: string;
  readonly longitude: number;
  readonly latitude: number;
}

interface Projection {
  readonly width: number;
  readonly height: number;
  readonly x: (longitude: number) => number;
  readonly y: (latitude: number) => number;
  readonly box: BoundingBox;
  /** Pixels of a kilometre. */
  readonly perKm: number;
}

const KM_PER_DEGREE = 111.2;

/** The sites as a picture with coordinates, names and scale: without a background, so that nobody else is asked for one. */
export const siteMap = (entry: PublicDataset, tongue: Tongue): Piece[] => {
  const { box, sites, municipalities } = entry;
  if (!box) return [];
  const { words, count } = tongue;
  const label = words.mapLabel(
    words.sites(count(sites.length)),
    municipalities
      .slice(0, 12)
      .map(({ name }) => name)
      .join(', '),
  );
  return (['wide', 'narrow'] as const).map((size) => {
    const projection = project(box, size === 'wide' ? [520, 360] : [350, 300]);
    const { width, height } = projection;
    return el(
      'svg',
      { class: `map ${size}`, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
      graticule(projection, tongue),
      sites.slice(0, MAX_MARKS).map(
        ({
          geometry: {
            coordinates: [longitude, latitude],
          },
        }) =>
          el('circle', {
            class: 'place',
            cx: round(projection.x(longitude)),
            cy: round(projection.y(latitude)),
            r: 4.5,
          }),
      ),
      labels(placesOf(entry), projection),
      scale(projection, tongue),
    );
  });
};

/** Equirectangular about the middle latitude: true enough for the size of a region. */
const project = (box: BoundingBox, [width, height]: readonly [number, number]): Projection => {
  const middle = (box.south + box.north) / 2;
  const shrink = Math.cos((middle * Math.PI) / 180);
  // A single place still has a surrounding of some two kilometres.
  const spanX = Math.max((box.east - box.west) * shrink, 0.02);
  const spanY = Math.max(box.north - box.south, 0.02);
  const perDegree = Math.min((width - 2 * PADDING) / spanX, (height - 2 * PADDING) / spanY);
  const centre = (box.west + box.east) / 2;
  const x = (longitude: number): number => width / 2 + (longitude - centre) * shrink * perDegree;
  const y = (latitude: number): number => height / 2 - (latitude - middle) * perDegree;
  const [halfWidth, halfHeight] = [width / 2 / (shrink * perDegree), height / 2 / perDegree];
  return {
    width,
    height,
    x,
    y,
    perKm: perDegree / KM_PER_DEGREE,
    box: { west: centre - halfWidth, east: centre + halfWidth, south: middle - halfHeight, north: middle + halfHeight },
  };
};

const steps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];

/** Round degrees between two borders, at most five. */
const degrees = (from: number, to: number): number[] => {
  const step = steps.find((size) => (to - from) / size <= 5) ?? 45;
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toFixed(3)));
};

const graticule = ({ width, height, x, y, box }: Projection, { decimal }: Tongue): Piece => {
  const text = (degree: number): string => `${decimal(degree)}°`;
  return el(
    'g',
    { class: 'graticule' },
    degrees(box.west, box.east).map((longitude) => [
      el('line', { x1: round(x(longitude)), x2: round(x(longitude)), y1: 0, y2: height }),
      x(longitude) > 24 && x(longitude) < width - 30
        ? el('text', { x: round(x(longitude) + 3), y: 12 }, text(longitude))
        : null,
    ]),
    degrees(box.south, box.north).map((latitude) => [
      el('line', { x1: 0, x2: width, y1: round(y(latitude)), y2: round(y(latitude)) }),
      y(latitude) > 28 && y(latitude) < height - 34
        ? el('text', { x: 4, y: round(y(latitude) - 4) }, text(latitude))
        : null,
    ]),
  );
};

/** Sites by name, or where there are many their municipalities, each in the middle of its sites. */
const placesOf = ({ sites, municipalities }: PublicDataset): Place[] => {
  if (sites.length <= MAX_NAMES) {
    return sites.map(({ name, geometry: { coordinates } }) => ({
      name: name.replace(/ \(simuliert\)$/, ''),
      longitude: coordinates[0],
      latitude: coordinates[1],
    }));
  }
  const names = new Map(municipalities.map(({ id, name }) => [id, name]));
  return [...Map.groupBy(sites, ({ municipality }) => municipality)]
    .map(([id, group]) => {
      const mean = (axis: 0 | 1): number =>
        group.reduce((sum, { geometry }) => sum + geometry.coordinates[axis], 0) / group.length;
      return { name: names.get(id) ?? id, longitude: mean(0), latitude: mean(1), weight: group.length };
    })
    .sort((a, b) => b.weight - a.weight);
};

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Each name beside its place where it covers no other and stays inside; otherwise it is left out. */
const labels = (places: readonly Place[], { x, y, width, height }: Projection): Piece[] => {
  const taken: Rectangle[] = [{ left: 0, top: height - 30, right: 130, bottom: height }];
  return places.flatMap(({ name, longitude, latitude }) => {
    const [px, py] = [x(longitude), y(latitude)];
    const length = name.length * LETTER;
    const corners: readonly (readonly [number, number])[] = [
      [px + 9, py - 7],
      [px - 9 - length, py - 7],
      [px - length / 2, py - 22],
      [px - length / 2, py + 8],
    ];
    const free = corners
      .map(([left, top]) => ({ left, top, right: left + length, bottom: top + LINE }))
      .find(
        (spot) =>
          spot.left > 2 &&
          spot.right < width - 2 &&
          spot.top > 14 &&
          spot.bottom < height - 2 &&
          !taken.some((other) => overlap(other, spot)),
      );
    if (!free) return [];
    taken.push(free);
    // Anchored where it touches its place, for the width of a text is only estimated.
    const [x0, anchor] =
      free.left >= px ? [free.left, 'start'] : free.right <= px ? [free.right, 'end'] : [px, 'middle'];
    return [el('text', { class: 'name', x: round(x0), y: round(free.top + 11), 'text-anchor': anchor }, name)];
  });
};

const lengths = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];

const scale = ({ perKm, height }: Projection, { decimal }: Tongue): Piece => {
  const km = lengths.findLast((length) => length * perKm <= 110) ?? 0.1;
  const end = 12 + km * perKm;
  const bottom = height - 12;
  const text = `${decimal(km)}\u202fkm`;
  return el(
    'g',
    { class: 'scale' },
    el('path', { d: `M12 ${bottom - 5}V${bottom}H${round(end)}V${bottom - 5}` }),
    el('text', { x: 16, y: bottom - 5 }, text),
  );
};
