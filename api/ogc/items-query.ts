import { type EpochMs, parseRfc3339 } from '../../model/time.ts';
import { type BoundingBox, isWithin } from '../bbox.ts';
import { decodeCursor } from '../paging.ts';
import { badQuery } from '../problem.ts';
import type { Collection, Feature } from './collections.ts';
import { CRS84, type Crs, crsOf, toUtm32 } from './crs.ts';
import { type Field, itemsParameters } from './fields.ts';

/** Features on a page: as asked for, and at most so many, as OGC 17-069r4 /req/core/fc-limit-response-1 wants it. */
const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1_000;
/** Characters of a value to compare with. */
const MAX_TEXT = 500;

export interface ItemsQuery {
  readonly limit: number;
  readonly after: string | undefined;
  /** Of the answer. */
  readonly crs: Crs;
  passes(feature: Feature): boolean;
}

type Query = Readonly<Record<string, unknown>>;
type Test = (feature: Feature) => boolean;

/** Throws HUB_REQUEST_INVALID, also for parameters that there are not (/req/core/query-param-unknown). */
export const readItemsQuery = (query: Query, { id, fields, isTimeless }: Collection): ItemsQuery => {
  const texts = new Map(Object.entries(query).map(([name, value]) => [name, textOf(name, value)]));
  requireFormat(texts.get('f'));
  const tests: Test[] = [];
  const bbox = texts.get('bbox');
  const bboxCrs = crsOf('bbox-crs', texts.get('bbox-crs'));
  if (bbox !== undefined) tests.push(bboxTest(bbox, bboxCrs));
  const datetime = texts.get('datetime');
  const time = datetime === undefined ? undefined : timeTest(datetime);
  if (time && !isTimeless) tests.push(time);
  for (const [name, text] of texts) {
    if ((itemsParameters as readonly string[]).includes(name)) continue;
    const field = fields.find((one) => one.name === name);
    if (!field) throw badQuery(name, 'there is no such parameter', `write one of ${namesOf(fields).join(', ')}`);
    tests.push(fieldTest(field, text));
  }
  return {
    limit: limitOf(texts.get('limit')),
    after: decodeCursor(`ogc ${id}`, texts.get('cursor')),
    crs: crsOf('crs', texts.get('crs')),
    passes: (feature) => tests.every((test) => test(feature)),
  };
};

/** For resources without parameters of their own. */
export const requireNoQuery = (query: Query, further: readonly string[] = []): void => {
  for (const [name, value] of Object.entries(query)) {
    const text = textOf(name, value);
    if (name === 'f') requireFormat(text);
    else if (!further.includes(name))
      throw badQuery(name, 'there is no such parameter', `write ${['f', ...further].join(', ')}`);
  }
};

const requireFormat = (text: string | undefined): void => {
  if (text !== undefined && text !== 'json') throw badQuery('f', 'there is no such format', 'write json');
};

const namesOf = (fields: readonly Field[]): string[] => [...itemsParameters, ...fields.map(({ name }) => name)];

const textOf = (name: string, value: unknown): string => {
  if (typeof value !== 'string') throw badQuery(name.slice(0, 100), 'is there twice', 'write it once');
  if (value.length > 2 * MAX_TEXT)
    throw badQuery(name.slice(0, 100), 'is too long', `at most ${2 * MAX_TEXT} characters`);
  return value;
};

const limitOf = (text: string | undefined): number => {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!/^\d{1,9}$/.test(text) || limit < 1)
    throw badQuery('limit', 'is no number of features', `write 1 to ${MAX_LIMIT}`);
  return Math.min(limit, MAX_LIMIT);
};

const bboxTest = (text: string, crs: Crs): Test => {
  const hint = crs === CRS84 ? 'write west,south,east,north in degrees' : 'write west,south,east,north in metres';
  const numbers = text.split(',').map((part) => (/^ *[-+.\dEe]+ *$/.test(part) ? Number(part) : Number.NaN));
  if (![4, 6].includes(numbers.length) || !numbers.every(Number.isFinite)) throw badQuery('bbox', 'is no box', hint);
  // Six numbers hold heights as well, which points here do not have.
  const half = numbers.length / 2;
  const [west = 0, south = 0] = numbers;
  const [east = 0, north = 0] = numbers.slice(half);
  if (south > north) throw badQuery('bbox', 'its south lies north of its north', hint);
  if (crs !== CRS84) return metreTest({ west, south, east, north });
  if (Math.max(Math.abs(west), Math.abs(east)) > 180 || south < -90 || north > 90)
    throw badQuery('bbox', 'lies off the globe', hint);
  return ({ place }) => place !== null && isWithin(place, { west, south, east, north });
};

/** Points are looked at in metres: the edges of such a box are no meridians. */
const metreTest = ({ west, south, east, north }: BoundingBox): Test => {
  if (west > east) throw badQuery('bbox', 'its west lies east of its east', 'write west,south,east,north in metres');
  return ({ place }) => {
    if (place === null) return false;
    const [x, y] = toUtm32(place);
    return west <= x && x <= east && south <= y && y <= north;
  };
};

const timeTest = (text: string): Test => {
  const [from, to] = intervalOf(text);
  return ({ time }) => time !== undefined && time >= from && time <= to;
};

const intervalOf = (text: string): readonly [EpochMs, EpochMs] => {
  const hint = 'write 2026-03-02T00:00:00Z, or two of them with / between, .. for an open end';
  const [first = '', second, ...rest] = text.replace(/ (\d\d:\d\d)(?=\/|$)/g, '+$1').split('/');
  const instant = (part: string, open: EpochMs): EpochMs => {
    if (second !== undefined && (part === '' || part === '..')) return open;
    const time = parseRfc3339(part);
    if (time === undefined) throw badQuery('datetime', 'is no time', hint);
    return time;
  };
  const from = instant(first, -Infinity);
  const to = second === undefined ? from : instant(second, Infinity);
  const isOpen = from === -Infinity && to === Infinity;
  if (rest.length > 0 || from > to || isOpen) throw badQuery('datetime', 'is no interval', hint);
  return [from, to];
};

const fieldTest = ({ name, type }: Field, text: string): Test => {
  if (text.length > MAX_TEXT) throw badQuery(name, 'is too long', `at most ${MAX_TEXT} characters`);
  const wanted = wantedOf(name, { type, text });
  return ({ properties }) => properties[name] === wanted;
};

const wantedOf = (name: string, { type, text }: { type: Field['type']; text: string }): string | number | boolean => {
  if (type === 'string') return text;
  if (type === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw badQuery(name, 'is no truth value', 'write true or false');
  }
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw badQuery(name, 'is no number', 'write a number');
  return number;
};
