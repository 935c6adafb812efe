import type { DatastreamRegistrar } from '../ingest/datastream-registrar.ts';
import { HubError } from '../model/errors.ts';
import { observedProperties } from '../model/observed-properties.ts';
import type { NewStaEntity, SensorThings } from '../model/ports.ts';
import { datastreamId } from '../model/registry.ts';
import {
  derivedNumber,
  FIRST_DERIVED_NUMBER,
  type StaEntity,
  type StaSet,
  staEntityId,
  staEntitySchema,
  staThingId,
} from '../model/sensor-things.ts';
import { units } from '../model/units.ts';
import type { DetailStore } from '../store/details.ts';
import type { Sequences } from '../store/embedded/sequences.ts';
import type { ObservationStore } from '../store/observations.ts';
import type { RegistryChange, RegistryStore } from '../store/registry.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import type { RollupStore } from '../store/rollups.ts';

export interface SensorThingsDeps {
  readonly registry: RegistryIndex;
  readonly registryStore: RegistryStore;
  readonly observations: Pick<ObservationStore, 'replace'>;
  readonly rollups: Pick<RollupStore, 'replace'>;
  readonly details: DetailStore;
  readonly registrar: Pick<DatastreamRegistrar, 'nextKey' | 'passOver'>;
  /** Numbers that are never given twice. */
  readonly sequences: Pick<Sequences, 'take' | 'last'>;
  readonly together: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onRegistryChanged: (changes: readonly RegistryChange[]) => void;
}

/** Longest id of an observed property that a name is made into. */
const PROPERTY_LENGTH = 60;
const UNIT_LENGTH = 20;
/** Every instant that a store may hold. */
const ALWAYS = [-8.64e15, 8.64e15] as const;

/** The writing of entities as the writer thread does it. */
export const createSensorThings = (deps: SensorThingsDeps): Omit<SensorThings, 'observe'> => {
  const { registry, registryStore, registrar, sequences, together, onRegistryChanged } = deps;
  // Also those that are gone: the journal may still tell of them.
  registrar.passOver(sequences.last('Datastreams'));

  const apply = async (changes: readonly RegistryChange[], more?: () => Promise<void>): Promise<void> => {
    await together(async () => {
      await registryStore.apply(changes);
      await more?.();
    });
    registry.apply(changes);
    onRegistryChanged(changes);
  };

  /** Numbers are taken for good, also where the creation fails afterwards. */
  const numberOf = (set: StaSet): number => {
    if (set !== 'Datastreams') return sequences.take(set);
    // Keys of datastreams are given by the registrar as well.
    const number = sequences.take(set, registrar.nextKey);
    registrar.passOver(number);
    return number;
  };

  return {
    create: async (entities) => {
      const numbers = await together(async () => entities.map(({ set }) => numberOf(set)));
      const created = entities.map((entity, i) => entityOf(entity, { number: numbers[i] as number, numbers }));
      const datastreamOf = createDatastreams(registry, created);
      await apply(
        created.flatMap((put): RegistryChange[] => {
          const change: RegistryChange = { kind: 'staEntity', put };
          if (put.set === 'Things') return [thingOf(put), change];
          return put.set === 'Datastreams' ? [datastreamOf(put), change] : [change];
        }),
      );
      return numbers;
    },
    replace: async (entities) => {
      await apply(
        entities.flatMap(({ set, number, body, links }): RegistryChange[] => {
          const id = staEntityId(set, number);
          registry.require('staEntity', id);
          const put = staEntitySchema.parse({ id, set, number, body, links });
          const change: RegistryChange = { kind: 'staEntity', put };
          // What a datastream measures is fixed with its first value: only the name of a thing may change.
          return set === 'Things' ? [thingOf(put), change] : [change];
        }),
      );
    },
    remove: async (entities) => {
      for (const { set, number } of entities) registry.require('staEntity', staEntityId(set, number));
      const keys = entities.flatMap(({ set, number }) => (set === 'Datastreams' ? [number] : []));
      const [from, to] = ALWAYS;
      // Values first: a datastream that is gone could not be named any more.
      for (const key of keys) await deps.observations.replace(key, from, to, []);
      await deps.rollups.replace(keys.map((datastream) => ({ datastream, from, to, rows: [] })));
      await apply(
        entities.flatMap(({ set, number }): RegistryChange[] => [
          ...standInsGone(set, number, registry),
          { kind: 'staEntity', remove: staEntityId(set, number) },
        ]),
        () => deps.details.removeAll(keys),
      );
    },
  };
};

/** An entity with its number, and its links with those of the entities that come with it. */
const entityOf = (
  { set, body, links }: NewStaEntity,
  { number, numbers }: { number: number; numbers: readonly number[] },
): StaEntity =>
  staEntitySchema.parse({
    id: staEntityId(set, number),
    set,
    number,
    body,
    links: Object.fromEntries(
      Object.entries(links).map(([name, targets]) => [
        name,
        targets.map((target) => (target < 0 ? (numbers[-target - 1] ?? target) : target)),
      ]),
    ),
  });

/** The thing of the registry that stands for a Thing, so that datasets can publish it. */
const thingOf = ({ number, body }: StaEntity): RegistryChange => {
  const name = (textOf(body.name) || `Thing ${number}`).slice(0, 200);
  return { kind: 'thing', put: { id: staThingId(number), name, kind: 'other', simulated: false, properties: {} } };
};

/** The datastreams of the registry that stand for Datastreams, which may belong to what is created with them. */
const createDatastreams = (registry: RegistryIndex, created: readonly StaEntity[]) => {
  const names = new Map(created.map(({ id, body }) => [id, textOf(body.name)]));
  const nameOf = (number: number): string => {
    const id = staEntityId('ObservedProperties', number);
    return names.get(id) ?? textOf(registry.get('staEntity', id)?.body.name);
  };
  const derived = new Map<StaSet, ReadonlyMap<number, string>>();
  /** The registry's id behind a number that is a hash of it. */
  const derivedId = (set: StaSet, number: number, ids: () => Iterable<string>): string | undefined => {
    const known = derived.get(set) ?? new Map(Iterator.from(ids()).map((id) => [derivedNumber(set, id), id]));
    derived.set(set, known);
    return known.get(number);
  };
  const thingIdOf = (number: number): string => {
    if (number < FIRST_DERIVED_NUMBER) return staThingId(number);
    const id = derivedId('Things', number, () => Iterator.from(registry.list('thing')).map((thing) => thing.id));
    if (id === undefined) throw new HubError('HUB_NOT_FOUND', `There is no Thing ${number}`);
    return id;
  };
  return ({ number, body, links }: StaEntity): RegistryChange => {
    const thing = thingIdOf(links.Thing?.[0] ?? 0);
    const observed = links.ObservedProperty?.[0] ?? 0;
    const known = derivedId('ObservedProperties', observed, () => observedProperties.keys());
    const symbol = textOf((body.unitOfMeasurement as { symbol?: unknown } | null | undefined)?.symbol);
    const { property, unit } = measured(known ?? plain(nameOf(observed)), symbol);
    // Several datastreams of a thing may observe the same property: the channel tells them apart.
    const channel = staThingId(number);
    return {
      kind: 'datastream',
      put: { id: datastreamId(thing, property, channel), key: number, thing, property, channel, unit },
    };
  };
};

/**
 * What the hub calls a quantity in a unit. One of its own observed properties has one unit, by which it is judged and
 * summed up: the same quantity in another is another property.
 */
const measured = (name: string, symbol: string): { property: string; unit: string } => {
  const known = observedProperties.get(name);
  const isSame = known && (symbol === known.unit || symbol === units[known.unit].symbol);
  if (isSame) return { property: name, unit: known.unit };
  const property = known ? `${name}_in_${plain(symbol) || 'other'}` : name || 'property';
  return { property: property.slice(0, PROPERTY_LENGTH), unit: symbol.slice(0, UNIT_LENGTH) || '1' };
};

/** A name as an id of a property. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const standInsGone = (set: StaSet, number: number, registry: RegistryIndex): RegistryChange[] => {
  if (set === 'Things') return [{ kind: 'thing', remove: staThingId(number) }];
  const datastream = set === 'Datastreams' ? registry.datastreamByKey(number) : undefined;
  return datastream ? [{ kind: 'datastream', remove: datastream.id }] : [];
};
