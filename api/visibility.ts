import {
  type Dataset,
  type Datastream,
  deviceThingId,
  type EntityKind,
  type Municipality,
  type Site,
  type Thing,
  type UseCase,
} from '../model/registry.ts';
import { MINUTE } from '../model/time.ts';
import type { RegistryIndex } from '../store/registry-index.ts';

/** A datastream with all it is asked for by; computed once per registry version. */
export interface Stream {
  readonly datastream: Datastream;
  readonly thing: Thing;
  readonly site?: Site;
  readonly municipality?: Municipality;
  readonly useCase: UseCase;
  /** Values younger than this are not seen. */
  readonly delayMs: number;
}

/** What a kind of principal may see of one version of the registry. */
export interface View {
  /** By datastream id. */
  readonly streams: readonly Stream[];
  readonly byKey: ReadonlyMap<number, Stream>;
  readonly byId: ReadonlyMap<string, Stream>;
  holds(kind: EntityKind, id: string): boolean;
}

/** The public, one municipality with the public's share, or everything. */
export type Scope = 'public' | 'region' | { readonly municipality: string };

export const createView = (registry: RegistryIndex, scope: Scope): View => {
  const delays = scope === 'region' ? undefined : publicDelays(registry);
  const own = typeof scope === 'object' ? ownOf(registry, scope.municipality) : undefined;
  const streams: Stream[] = [];
  for (const datastream of registry.list('datastream')) {
    const thing = registry.get('thing', datastream.thing);
    if (!thing) continue;
    const delayMs = !delays || own?.things.has(thing.id) ? 0 : delays.get(datastream.key);
    if (delayMs === undefined) continue;
    const site = registry.siteOf(thing);
    const municipality = registry.municipalityOf(thing);
    streams.push({
      datastream,
      thing,
      ...(site && { site }),
      ...(municipality && { municipality }),
      useCase: registry.useCaseOf(thing),
      delayMs,
    });
  }
  const holds = scope === 'region' ? () => true : limitedTo(registry, { streams, own });
  return {
    streams,
    byKey: new Map(streams.map((stream) => [stream.datastream.key, stream])),
    byId: new Map(streams.map((stream) => [stream.datastream.id, stream])),
    holds,
  };
};

/** Datastreams of open and delayed datasets with the shortest delay that any of them grants. */
const publicDelays = (registry: RegistryIndex): Map<number, number> => {
  const delays = new Map<number, number>();
  const published = [...registry.list('dataset')].filter(({ visibility }) => visibility !== 'private');
  if (published.length === 0) return delays;
  for (const datastream of registry.list('datastream')) {
    for (const dataset of published) {
      if (!registry.isMember(datastream, dataset)) continue;
      const delay = dataset.visibility === 'open' ? 0 : dataset.delayMinutes * MINUTE;
      delays.set(datastream.key, Math.min(delay, delays.get(datastream.key) ?? Number.POSITIVE_INFINITY));
    }
  }
  return delays;
};

interface Own {
  readonly municipality: string;
  readonly sites: ReadonlySet<string>;
  /** Things at its sites, and the things that stand for the devices that were ever deployed there. */
  readonly things: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
  readonly deployments: ReadonlySet<string>;
}

const ownOf = (registry: RegistryIndex, municipality: string): Own => {
  const sites = new Set<string>();
  for (const site of registry.list('site')) if (site.municipality === municipality) sites.add(site.id);
  const things = new Set<string>();
  for (const thing of registry.list('thing'))
    if (thing.site !== undefined && sites.has(thing.site)) things.add(thing.id);
  const devices = new Set<string>();
  const deployments = new Set<string>();
  for (const deployment of registry.list('deployment')) {
    if (!things.has(deployment.thing)) continue;
    deployments.add(deployment.id);
    devices.add(deployment.device);
  }
  for (const device of devices) things.add(deviceThingId(device));
  return { municipality, sites, things, devices, deployments };
};

/** What is seen because a visible datastream leads there, or because it is one's own. */
const limitedTo = (
  registry: RegistryIndex,
  { streams, own }: { streams: readonly Stream[]; own: Own | undefined },
): View['holds'] => {
  const datasets = new Set<string>();
  const municipalities = new Set<string>(own && [own.municipality]);
  for (const dataset of registry.list('dataset')) {
    if (!isPublished(dataset) && dataset.publisher !== own?.municipality) continue;
    datasets.add(dataset.id);
    municipalities.add(dataset.publisher);
  }
  const things = new Set(own?.things);
  const sites = new Set(own?.sites);
  const datastreams = new Set<string>();
  for (const { datastream, thing, site, municipality } of streams) {
    datastreams.add(datastream.id);
    things.add(thing.id);
    if (site) sites.add(site.id);
    if (municipality) municipalities.add(municipality.id);
  }
  for (const id of municipalities) {
    const parent = registry.get('municipality', id)?.parent;
    if (parent !== undefined) municipalities.add(parent);
  }
  const nothing: ReadonlySet<string> = new Set();
  const held: Record<EntityKind, ReadonlySet<string>> = {
    municipality: municipalities,
    site: sites,
    thing: things,
    device: own?.devices ?? nothing,
    deployment: own?.deployments ?? nothing,
    dataset: datasets,
    datastream: datastreams,
  };
  return (kind, id) => held[kind].has(id);
};

const isPublished = ({ visibility }: Dataset): boolean => visibility !== 'private';
