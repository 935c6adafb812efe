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
import type { DetailStore } from '../store/details.ts';
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
  readonly registrar: Pick<DatastreamRegistrar, 'takeKey'>;
  /** Numbers that are never given twice. */
  readonly take: (sequence: string, atLeast?: number) => number;
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
  const { registry, registryStore, take, together, onRegistryChanged } = deps;

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
    if (set !== 'Datastreams') return take(set);
    // Keys of datastreams are given by the registrar as well: the sequence remembers those that are gone.
    const number = take(set, deps.registrar.takeKey(1));
    deps.registrar.takeKey(number + 1);
    return number;
  };

  return {
    create: async (entities) => {
      const numbers = await together(async () => entities.map(({ set }) => numberOf(set)));
      const created = entities.map((entity, i) => entityOf(entity, { number: numbers[i] as number, numbers }));
      const lookUp = (set: StaSet, number: number) =>
        created.find((entity) => entity.set === set && entity.number === number) ??
        registry.get('staEntity', staEntityId(set, number));
      await apply([
        ...created.flatMap((put): RegistryChange[] => standInsOf(put, { registry, lookUp })),
        ...created.map((put): RegistryChange => ({ kind: 'staEntity', put })),
      ]);
      return numbers;
    },
    replace: async (entities) => {
      const puts = entities.map(({ set, number, body, links }) => {
        const id = staEntityId(set, number);
        registry.require('staEntity', id);
        return staEntitySchema.parse({ id, set, number, body, links });
      });
      const lookUp = (set: StaSet, number: number) =>
        puts.find((entity) => entity.set === set && entity.number === number) ??
        registry.get('staEntity', staEntityId(set, number));
      await apply([
        // What a datastream measures is fixed with its first value: only the name of a thing may change.
        ...puts.flatMap((put) => (put.set === 'Things' ? standInsOf(put, { registry, lookUp }) : [])),
        ...puts.map((put): RegistryChange => ({ kind: 'staEntity', put })),
      ]);
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

interface StandInContext {
  readonly registry: RegistryIndex;
  readonly lookUp: (set: StaSet, number: number) => StaEntity | undefined;
}

/** The thing or datastream of the registry that stands for an entity, so that datasets can publish it. */
const standInsOf = (entity: StaEntity, context: StandInContext): RegistryChange[] => {
  if (entity.set === 'Things') {
    const { number, body } = entity;
    const name = textOf(body.name) || `Thing ${number}`;
    const put = {
      id: staThingId(number),
      name: name.slice(0, 200),
      kind: 'other',
      simulated: false,
      properties: {},
    } as const;
    return [{ kind: 'thing', put }];
  }
  return entity.set === 'Datastreams' ? [datastreamOf(entity, context)] : [];
};

const datastreamOf = ({ number, body, links }: StaEntity, { registry, lookUp }: StandInContext): RegistryChange => {
  const thing = thingOf(links.Thing?.[0] ?? 0, registry);
  const property = propertyOf(links.ObservedProperty?.[0] ?? 0, lookUp);
  const unit = textOf((body.unitOfMeasurement as { symbol?: unknown } | null | undefined)?.symbol).slice(
    0,
    UNIT_LENGTH,
  );
  // Several datastreams of a thing may observe the same property: the channel tells them apart.
  const channel = staThingId(number);
  return {
    kind: 'datastream',
    put: { id: datastreamId(thing, property, channel), key: number, thing, property, channel, unit: unit || '1' },
  };
};

/** Derived Things are named by the caller through the link's number only where it is one of ours. */
const thingOf = (number: number, registry: RegistryIndex): string => {
  if (number < FIRST_DERIVED_NUMBER) return staThingId(number);
  for (const { id } of registry.list('thing')) if (derivedNumber('Things', id) === number) return id;
  throw new HubError('HUB_NOT_FOUND', `There is no Thing ${number}`);
};

const propertyOf = (number: number, lookUp: StandInContext['lookUp']): string => {
  if (number >= FIRST_DERIVED_NUMBER) {
    for (const id of observedProperties.keys()) if (derivedNumber('ObservedProperties', id) === number) return id;
  }
  const name = textOf(lookUp('ObservedProperties', number)?.body.name);
  const plain = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, PROPERTY_LENGTH);
  return plain || `property_${number}`;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

const standInsGone = (set: StaSet, number: number, registry: RegistryIndex): RegistryChange[] => {
  if (set === 'Things') return [{ kind: 'thing', remove: staThingId(number) }];
  const datastream = set === 'Datastreams' ? registry.datastreamByKey(number) : undefined;
  return datastream ? [{ kind: 'datastream', remove: datastream.id }] : [];
};
