import { observedProperties } from '../../model/observed-properties.ts';
import { staThingId } from '../../model/sensor-things.ts';
import type { Stream } from '../visibility.ts';
import { type Field, itemsParameters, thingFields } from './fields.ts';

/** Every feature has every column: without a bound a thousand things of their own kind would make a million fields. */
export const MAX_COLUMNS = 60;
/** Datastreams of a thing that would have the same name. */
const MAX_ALIKE = 20;

/** Names that mean something else: what is said of every thing, and parameters of a list. */
const RESERVED: ReadonlySet<string> = new Set([...thingFields.map(({ name }) => name), ...itemsParameters]);

/** The columns of a collection's newest values. */
export interface Columns {
  /** Three for each: newest value, when that was measured, and how good it is. */
  readonly fields: readonly Field[];
  /** By key of the datastream; those that found no place are left out. */
  readonly names: ReadonlyMap<number, string>;
}

/** One column holds one unit, and of each thing one datastream. */
export const columnsOf = (streams: readonly Stream[]): Columns => {
  const columns = new Map<string, Stream>();
  const names = new Map<number, string>();
  const taken = new Map<string, Set<string>>();
  for (const stream of streams) {
    const { key, unit } = stream.datastream;
    const ofThing = taken.get(stream.thing.id) ?? new Set();
    taken.set(stream.thing.id, ofThing);
    const isFree = (name: string): boolean => {
      const held = columns.get(name);
      return !ofThing.has(name) && (held ? held.datastream.unit === unit : columns.size < MAX_COLUMNS);
    };
    const name = namesFor(stream).find(isFree);
    if (name === undefined) continue;
    ofThing.add(name);
    names.set(key, name);
    if (!columns.has(name)) columns.set(name, stream);
  }
  const sorted = [...columns].sort(([a], [b]) => (a < b ? -1 : 1));
  return { names, fields: sorted.flatMap(([column, stream]) => fieldsOf(column, stream)) };
};

/** Channels of what came by way of SensorThings only tell datastreams apart. */
const channelOf = ({ datastream: { key, channel } }: Stream): string | undefined =>
  channel === staThingId(key) ? undefined : channel;

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '_');

/** `fill_level`, or with a channel `energy_import`; where that is taken with its unit, or with a number. */
function* namesFor(stream: Stream): Generator<string> {
  const { property, unit } = stream.datastream;
  const channel = channelOf(stream);
  const base = channel === undefined ? property : `${property}_${plain(channel)}`;
  const name = RESERVED.has(base) ? `value_${base}` : base;
  yield name;
  const suffix = plain(unit).replace(/^_|_$/g, '');
  if (suffix !== '') yield `${name}_${suffix}`;
  for (let i = 2; i <= MAX_ALIKE; i++) yield `${name}_${i}`;
}

const fieldsOf = (column: string, stream: Stream): Field[] => {
  const { property, unit } = stream.datastream;
  const channel = channelOf(stream);
  const known = observedProperties.get(property)?.name;
  const title = [known ? `${known.de} / ${known.en}` : property, ...(channel === undefined ? [] : [channel])].join(
    ', ',
  );
  return [
    { name: column, type: 'number', title, unit },
    { name: `${column}_time`, type: 'string', format: 'date-time', title: `${title}: Zeit / time` },
    { name: `${column}_quality`, type: 'string', title: `${title}: Qualität / quality` },
  ];
};
