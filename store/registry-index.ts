import { HubError } from '../model/errors.ts';
import {
  type Dataset,
  type Datastream,
  type Deployment,
  type EntityKind,
  entityKinds,
  type Municipality,
  type RegistryEntities,
  type Site,
  type Thing,
  thingKinds,
  type UseCase,
} from '../model/registry.ts';
import type { EpochMs } from '../model/time.ts';
import type { RegistryChange } from './registry.ts';

/** A deployment with its span as epoch milliseconds. */
export interface PlacedDeployment extends Deployment {
  readonly fromMs: EpochMs;
  /** Exclusive; Infinity while it lasts. */
  readonly toMs: EpochMs;
}

type Collections = { [K in EntityKind]: Map<string, RegistryEntities[K]> };

/**
 * The registry in memory, with the look-ups that every uplink and every request needs. Holds no rules about who may
 * change what; `apply` refuses only what would break references.
 */
export class RegistryIndex {
  readonly #entries: Collections = {
    municipality: new Map(),
    site: new Map(),
    thing: new Map(),
    device: new Map(),
    deployment: new Map(),
    dataset: new Map(),
    datastream: new Map(),
    staEntity: new Map(),
  };
  readonly #sorted = new Map<EntityKind, string[]>();
  readonly #deploymentsOfDevice = new Map<string, PlacedDeployment[]>();
  readonly #deploymentsOfThing = new Map<string, PlacedDeployment[]>();
  /** Thing, then `<property>` or `<property>.<channel>`. */
  readonly #datastreamsOfThing = new Map<string, Map<string, Datastream>>();
  readonly #datastreamByKey = new Map<number, Datastream>();
  #version = 0;

  /** Grows with every change: what was computed from the registry at another version is stale. */
  get version(): number {
    return this.#version;
  }

  get<K extends EntityKind>(kind: K, id: string): RegistryEntities[K] | undefined {
    return this.#entries[kind].get(id);
  }

  /** As get, but throws HUB_NOT_FOUND. */
  require<K extends EntityKind>(kind: K, id: string): RegistryEntities[K] {
    const entry = this.get(kind, id);
    if (!entry) throw new HubError('HUB_NOT_FOUND', `There is no ${kind} "${id}"`);
    return entry;
  }

  count(kind: EntityKind): number {
    return this.#entries[kind].size;
  }

  /** Entries of a kind by id, from the first after `after`. */
  *list<K extends EntityKind>(kind: K, after = ''): Generator<RegistryEntities[K]> {
    const ids = this.#idsOf(kind);
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ids[middle] as string) <= after) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < ids.length; i++) {
      const entry = this.get(kind, ids[i] as string);
      if (entry) yield entry;
    }
  }

  deploymentsOfDevice(devEui: string): readonly PlacedDeployment[] {
    return this.#deploymentsOfDevice.get(devEui) ?? [];
  }

  deploymentsOfThing(thing: string): readonly PlacedDeployment[] {
    return this.#deploymentsOfThing.get(thing) ?? [];
  }

  /** The deployments of a device at an instant; more than one where a device serves several things. */
  deploymentsAt(devEui: string, time: EpochMs): PlacedDeployment[] {
    return this.deploymentsOfDevice(devEui).filter((placed) => placed.fromMs <= time && time < placed.toMs);
  }

  datastreamsOfThing(thing: string): Iterable<Datastream> {
    return this.#datastreamsOfThing.get(thing)?.values() ?? [];
  }

  datastreamOf(thing: string, property: string, channel?: string): Datastream | undefined {
    return this.#datastreamsOfThing.get(thing)?.get(withinThing(property, channel));
  }

  datastreamByKey(key: number): Datastream | undefined {
    return this.#datastreamByKey.get(key);
  }

  siteOf(thing: Thing): Site | undefined {
    return thing.site === undefined ? undefined : this.get('site', thing.site);
  }

  municipalityOf(thing: Thing): Municipality | undefined {
    const site = this.siteOf(thing);
    return site && this.get('municipality', site.municipality);
  }

  useCaseOf(thing: Thing): UseCase {
    return thingKinds[thing.kind];
  }

  /** Whether a datastream satisfies every criterion of a dataset. */
  isMember(datastream: Datastream, dataset: Dataset): boolean {
    const thing = this.get('thing', datastream.thing);
    if (!thing || thing.kind === 'device') return false;
    const { kinds, municipalities, things, properties } = dataset.members;
    const municipality = this.municipalityOf(thing)?.id;
    return (
      (!kinds || kinds.includes(thing.kind)) &&
      (!things || things.includes(thing.id)) &&
      (!properties || properties.includes(datastream.property)) &&
      (!municipalities || (municipality !== undefined && municipalities.includes(municipality)))
    );
  }

  /** Takes over changes that were already validated and stored. */
  apply(changes: readonly RegistryChange[]): void {
    for (const change of changes) {
      const id = 'put' in change ? change.put.id : change.remove;
      this.#unlink(change.kind, id);
      const collection = this.#entries[change.kind] as Map<string, unknown>;
      if ('put' in change) {
        if (!collection.has(id)) this.#sorted.delete(change.kind);
        collection.set(id, change.put);
        this.#link(change);
      } else if (collection.delete(id)) {
        this.#sorted.delete(change.kind);
      }
    }
    this.#version++;
  }

  #idsOf(kind: EntityKind): string[] {
    let ids = this.#sorted.get(kind);
    if (!ids) {
      ids = [...this.#entries[kind].keys()].sort();
      this.#sorted.set(kind, ids);
    }
    return ids;
  }

  #link(change: Extract<RegistryChange, { put: unknown }>): void {
    if (change.kind === 'deployment') {
      const placed: PlacedDeployment = {
        ...change.put,
        fromMs: Date.parse(change.put.from),
        toMs: change.put.to === null ? Number.POSITIVE_INFINITY : Date.parse(change.put.to),
      };
      add(this.#deploymentsOfDevice, placed.device, placed);
      add(this.#deploymentsOfThing, placed.thing, placed);
    } else if (change.kind === 'datastream') {
      const streams = this.#datastreamsOfThing.get(change.put.thing) ?? new Map<string, Datastream>();
      streams.set(withinThing(change.put.property, change.put.channel), change.put);
      this.#datastreamsOfThing.set(change.put.thing, streams);
      this.#datastreamByKey.set(change.put.key, change.put);
    }
  }

  #unlink(kind: EntityKind, id: string): void {
    if (kind === 'deployment') {
      const old = this.#entries.deployment.get(id);
      if (!old) return;
      drop(this.#deploymentsOfDevice, old.device, id);
      drop(this.#deploymentsOfThing, old.thing, id);
    } else if (kind === 'datastream') {
      const old = this.#entries.datastream.get(id);
      if (!old) return;
      this.#datastreamsOfThing.get(old.thing)?.delete(withinThing(old.property, old.channel));
      this.#datastreamByKey.delete(old.key);
    }
  }
}

const withinThing = (property: string, channel: string | undefined): string =>
  channel === undefined ? property : `${property}.${channel}`;

const add = (map: Map<string, PlacedDeployment[]>, key: string, placed: PlacedDeployment): void => {
  const list = map.get(key) ?? [];
  list.push(placed);
  list.sort((a, b) => a.fromMs - b.fromMs || (a.id < b.id ? -1 : 1));
  map.set(key, list);
};

const drop = (map: Map<string, PlacedDeployment[]>, key: string, id: string): void => {
  map.set(
    key,
    (map.get(key) ?? []).filter((placed) => placed.id !== id),
  );
};

/** Every entry as changes in the order in which they refer to each other. */
export const allEntries = (index: RegistryIndex): RegistryChange[] =>
  entityKinds.flatMap((kind) => [...index.list(kind)].map((put) => ({ kind, put }) as RegistryChange));
