import { badQuery } from '../problem.ts';
import { attributeNames, typeNames } from './context.ts';
import type { Entity } from './entity.ts';
import { parseGeo } from './geo-query.ts';
import { parseIdPattern } from './id-pattern.ts';
import { parseQ, type Test } from './q-query.ts';
import { type Format, formats } from './represent.ts';

/** Entities of one answer. */
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;
const MAX_OFFSET = 1_000_000;
const MAX_NAMES = 100;
const MAX_TEXT = 20_000;

const one = ['format', 'options', 'attrs'] as const;
const many = [
  ...one, 'type', 'id', 'idPattern', 'q', 'georel', 'geometry', 'coordinates', 'geoproperty', 'limit', 'offset',
  'count', 'local',
] as const; // biome-ignore format: names read better in rows
type Parameter = (typeof many)[number];

export interface Shape {
  readonly format: Format;
  readonly attrs: ReadonlySet<string> | undefined;
}

export interface EntitiesQuery extends Shape {
  /** Short names of the types; all where undefined. */
  readonly types: ReadonlySet<string> | undefined;
  readonly passes: Test;
  readonly limit: number;
  readonly offset: number;
  readonly count: boolean;
}

type Query = Readonly<Record<string, unknown>>;
type Texts = Readonly<Partial<Record<Parameter, string>>>;

/** Every text once and known by name. */
export const readTexts = (query: Query, known: readonly string[]): Texts => {
  for (const [name, value] of Object.entries(query)) {
    const short = name.slice(0, 100);
    if (!known.includes(name)) throw badQuery(short, 'there is no such parameter', `write one of ${known.join(', ')}`);
    if (typeof value !== 'string') throw badQuery(short, 'is there twice', 'write it once');
    if (value.length > MAX_TEXT) throw badQuery(short, 'is too long', `at most ${MAX_TEXT} characters`);
  }
  return query as Texts;
};

export const readEntityQuery = (query: Query): Shape => shapeOf(readTexts(query, one));

/** ETSI GS CIM 009 §6.4.3.2. Throws HUB_REQUEST_INVALID. */
export const readEntitiesQuery = (query: Query): EntitiesQuery => {
  const texts = readTexts(query, many);
  const { type, id, idPattern, q, georel, geometry, coordinates, geoproperty, local } = texts;
  const shape = shapeOf(texts);
  const asksGeo = georel !== undefined || geometry !== undefined || coordinates !== undefined;
  const asks = [type, id, idPattern, q, texts.attrs].some((text) => text !== undefined) || asksGeo;
  if (!asks && flag('local', local) !== true) {
    // §5.7.2.4 refuses to hand out everything by accident.
    throw badQuery('type', 'is missing', 'write type, attrs, q, georel or id, or local=true for all entities');
  }
  if (geoproperty !== undefined && geoproperty !== 'location') {
    throw badQuery('geoproperty', 'is not offered', 'write location');
  }
  const tests: Test[] = [];
  if (id !== undefined) tests.push(idTest(id));
  if (idPattern !== undefined) {
    const matches = parseIdPattern(idPattern);
    tests.push((entity) => matches(entity.id));
  }
  if (shape.attrs) tests.push(attrsTest(shape.attrs));
  if (q !== undefined) tests.push(parseQ(q));
  if (asksGeo) tests.push(parseGeo({ georel, geometry, coordinates }));
  return {
    ...shape,
    types: type === undefined ? undefined : typesOf(type),
    passes: (entity) => tests.every((test) => test(entity)),
    limit: Math.min(number('limit', texts.limit, [0, Number.MAX_SAFE_INTEGER]) ?? DEFAULT_LIMIT, MAX_LIMIT),
    offset: number('offset', texts.offset, [0, MAX_OFFSET]) ?? 0,
    count: flag('count', texts.count) ?? optionsOf(texts.options).includes('count'),
  };
};

const shapeOf = ({ format, options, attrs }: Texts): Shape => {
  const asked = [
    ...optionsOf(options).filter((option) => option !== 'count'),
    ...(format === undefined ? [] : [format]),
  ];
  const found = asked.map((name) => (name === 'keyValues' ? 'simplified' : name));
  const [first = 'normalized'] = found;
  const known = formats.find((name) => name === first);
  if (!known || found.some((name) => name !== first)) {
    const parameter = format === undefined ? 'options' : 'format';
    throw badQuery(parameter, 'is not understood', `write one of ${[...formats, 'keyValues'].join(', ')}`);
  }
  return {
    format: known,
    attrs: attrs === undefined ? undefined : new Set(namesIn('attrs', attrs).flatMap(attributeNames)),
  };
};

const optionsOf = (options: string | undefined): string[] => (options === undefined ? [] : options.split(','));

const namesIn = (parameter: string, text: string): string[] => {
  const names = text.split(',');
  if (names.length > MAX_NAMES) throw badQuery(parameter, 'holds too many names', `at most ${MAX_NAMES}`);
  if (names.some((name) => name === '')) throw badQuery(parameter, 'holds an empty name', 'part names by one comma');
  return names;
};

/** Names or IRIs, parted by comma or |; types that there are not are those of no entity. */
const typesOf = (text: string): Set<string> => {
  if (/[();]/.test(text))
    throw badQuery('type', 'is not understood', 'write types parted by commas; entities here have one type');
  return new Set(namesIn('type', text.replaceAll('|', ',')).map((name) => typeNames.get(name) ?? name));
};

const idTest = (text: string): Test => {
  const ids = new Set(namesIn('id', text));
  for (const id of ids) if (!/^[A-Za-z][\w+.-]*:/.test(id)) throw badQuery('id', 'is no URI', 'write urn:ngsi-ld:…');
  return (entity) => ids.has(entity.id);
};

/** §5.7.2.4: entities that have one of the attributes at least. */
const attrsTest =
  (attrs: ReadonlySet<string>): Test =>
  ({ attributes }: Entity) =>
    [...attrs].some((name) => attributes.has(name));

const number = (name: string, text: string | undefined, [min, max]: readonly [number, number]): number | undefined => {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text) || value < min || value > max) {
    throw badQuery(name, 'is no whole number in its range', `write a number from ${min} to ${max}`);
  }
  return value;
};

const flag = (name: string, text: string | undefined): boolean | undefined => {
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw badQuery(name, 'is no truth value', 'write true or false');
};
