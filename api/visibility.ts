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
import type { RegistryIndex } from '../store/registry-index.ts';
import { createMembership } from './membership.ts';

/** UCUM code of what is counted. */
const COUNT = '{count}';

/** A datastream with all it is asked for by; computed once per registry version. */
export interface Stream {
  readonly datastream: Datastream;
  readonly thing: Thing;
  readonly site?: Site;
  readonly municipality?: Municipality;
  readonly useCase: UseCase;
  /** Values younger than this are not seen. */
  readonly delayMs: number;
  /** Counts above zero and below this are withheld. */
  readonly smallestCount?: number;
  /** Those that this asker may know and that it belongs to. */
  readonly datasets: readonly Dataset[];
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
  const membershipOf = createMembership(registry);
  const own = typeof scope === 'object' ? ownOf(registry, scope.municipality) : undefined;
  const streams: Stream[] = [];
  for (const datastream of registry.list('datastream')) {
    const thing = registry.get('thing', datastream.thing);
    if (!thing) continue;
    const site = registry.siteOf(thing);
    const municipality = registry.municipalityOf(thing);
    const { all, published, delayMs, smallestCount } = membershipOf({ thing, datastream, municipality });
    const isOwn = scope === 'region' || own?.things.has(thing.id) === true;
    if (!isOwn && published.length === 0) continue;
    const isWithheld = !isOwn && smallestCount !== undefined && datastream.unit === COUNT;
    streams.push({
      datastream,
      thing,
      ...(site && { site }),
      ...(municipality && { municipality }),
      useCase: registry.useCaseOf(thing),
      datasets: isOwn ? all : published,
      delayMs: isOwn ? 0 : delayMs,
      ...(isWithheld && { smallestCount }),
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
  for (const { datastream, thing, site, municipality, datasets: of } of streams) {
    // Whoever decides how their own things are published must know what they are part of.
    if (own?.things.has(thing.id)) for (const { id } of of) datasets.add(id);
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
    // They are seen by way of the things and datastreams that stand for them.
    staEntity: nothing,
  };
  return (kind, id) => held[kind].has(id);
};

export const isPublished = ({ visibility, perMunicipality }: Dataset): boolean =>
  visibility !== 'private' || Object.values(perMunicipality).some((own) => own.visibility !== 'private');
