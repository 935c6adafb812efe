import { HubError } from '../model/errors.ts';
import { type Bucket, isWithheld, type Observation } from '../model/observation.ts';
import { deviceThingId, type EntityKind, type RegistryEntities } from '../model/registry.ts';
import type { DetailOf } from '../model/sensor-things.ts';
import type { EpochMs } from '../model/time.ts';
import type { DerivedEvent, EventQuery } from '../store/events.ts';
import type { JournalReader } from '../store/journal.ts';
import type { AggregateQuery, ObservationReader, RangeQuery } from '../store/observations.ts';
import type { RegistryChange } from '../store/registry.ts';
import { allEntries, type PlacedDeployment } from '../store/registry-index.ts';
import { hasRole, isRegionOperator, type Principal } from './auth/principal.ts';
import type { ApiDeps } from './deps.ts';
import { graphsOf } from './sensorthings/graph.ts';
import type { Graph } from './sensorthings/node.ts';
import { type BlockAsk, blocksOf, type StreamBlock } from './series/stream-blocks.ts';
import type { Trace } from './trace-port.ts';
import { createView, type Scope, type Stream, type View } from './visibility.ts';

/** Events that are asked of the store at once. */
const EVENT_CHUNK = 500;
/** Delayed datastreams that are looked up in the store at the same time. */
const READ_AT_ONCE = 16;

/** An observation as an asker sees it. */
export interface SeenObservation extends Observation {
  /** It is a small count that is not shown: the value is null. */
  readonly withheld?: true;
}

type CountQuery = Parameters<ObservationReader['count']>[0];

/** An event with the datastream it was read from. */
export interface SeenEvent {
  readonly event: DerivedEvent;
  readonly stream: Stream;
}

type Kind<K extends EntityKind> = RegistryEntities[K];

/**
 * All that one principal may read. What it may not see does not exist for it: lists leave it out, look-ups answer
 * HUB_NOT_FOUND with the words they use for what is missing.
 */
export interface Reader {
  readonly principal: Principal;
  /** Changes with the registry, and so does what may be seen; counted anew with every start. */
  version(): number;
  /** The same object for all who see the same, until the registry changes: what is made of it may be kept by it. */
  view(): object;
  /** Entries by id from the first after `after`. */
  list<K extends EntityKind>(kind: K, after?: string): Generator<Kind<K>>;
  find<K extends EntityKind>(kind: K, id: string): Kind<K> | undefined;
  get<K extends EntityKind>(kind: K, id: string): Kind<K>;
  /** Datastreams by id from the first after `after`. */
  streams(after?: string): Iterable<Stream>;
  stream(id: string): Stream;
  streamByKey(key: number): Stream | undefined;
  streamsOfThing(thing: string): Stream[];
  /** By what this principal may know: a dataset that keeps a municipality's things private does not hold them. */
  /** Deployments of a device or at a thing that are seen. */
  deploymentsOf(owner: { device: string } | { thing: string }): PlacedDeployment[];
  range(stream: Stream, query: Omit<RangeQuery, 'datastreams'>): AsyncIterable<SeenObservation>;
  /** What is seen, as the entities of SensorThings. */
  graph(): Graph;
  /** The same of many datastreams, one after the other, as columns: for answers of millions. */
  blocks(streams: readonly Stream[], query: BlockAsk): AsyncGenerator<StreamBlock>;
  aggregate(stream: Stream, query: Omit<AggregateQuery, 'datastream'>): Promise<Bucket[]>;
  /** Events of the datastreams that pass, newest first: those whose every observation is seen. */
  events(passes: (stream: Stream) => boolean, query: EventAsk): AsyncIterable<SeenEvent>;
  /** The newest observation that is seen, by datastream key; datastreams without one are left out. */
  latest(streams: readonly Stream[]): Promise<Map<number, SeenObservation>>;
  /** Usual seconds between two reports of the device that measured it, as its profile says; undefined if not known. */
  reportingIntervalS(stream: Stream, observation: Observation): number | undefined;
  /** End of what is seen of a datastream, exclusive. */
  horizon(stream: Stream): EpochMs;
  /** The datastream of a live observation, where this principal may see it now. */
  sees(observation: Observation): Stream | undefined;
  /** The observation as it is shown: a small count that is withheld has no value. */
  shown(stream: Stream, observation: Observation): SeenObservation;
  /** How many observations are seen of each datastream in a span. */
  count(streams: readonly Stream[], query: Omit<CountQuery, 'datastreams'>): Promise<number[]>;
  /** What is kept beside the observations of a datastream that are seen in a span. */
  details(stream: Stream, span: { from: EpochMs; to: EpochMs }): Promise<DetailOf[]>;
  /** Uplinks and books; HUB_AUTH_FORBIDDEN for all but operators of the whole region. */
  journal(): JournalReader;
  trace(position: number): Promise<Trace>;
  /** Every entry; HUB_AUTH_FORBIDDEN for all but operators of the whole region. */
  allEntries(): RegistryChange[];
}

export type Access = (principal: Principal) => Reader;

type EventAsk = Omit<EventQuery, 'datastreams' | 'limit'>;

type AccessDeps = Pick<
  ApiDeps,
  'registry' | 'observations' | 'details' | 'events' | 'journal' | 'trace' | 'catalogue' | 'clock'
>;

const scopeOf = ({ role, municipality }: Principal): Scope => {
  if (role === undefined) return 'public';
  return municipality === undefined ? 'region' : { municipality };
};

/** The one way from the stores to an answer. */
export const createAccess = (deps: AccessDeps): Access => {
  const views = viewsOf(deps);
  const graphs = graphsOf(deps);
  return (principal) => {
    const view = () => views(scopeOf(principal));
    return { ...readerOf(deps, principal, view), graph: () => graphs(view()) };
  };
};

/** Views are computed once per version of the registry and kind of principal. */
const viewsOf = ({ registry }: AccessDeps): ((scope: Scope) => View) => {
  let version = -1;
  const views = new Map<string, View>();
  return (scope) => {
    if (version !== registry.version) {
      views.clear();
      version = registry.version;
    }
    const key = typeof scope === 'string' ? scope : `municipality ${scope.municipality}`;
    const view = views.get(key) ?? createView(registry, scope);
    views.set(key, view);
    return view;
  };
};

const readerOf = (deps: AccessDeps, principal: Principal, view: () => View): Omit<Reader, 'graph'> => {
  const { registry, clock } = deps;
  const horizon = ({ delayMs }: Stream): EpochMs => (delayMs === 0 ? Number.POSITIVE_INFINITY : clock() - delayMs + 1);
  const find: Reader['find'] = (kind, id) => (view().holds(kind, id) ? registry.get(kind, id) : undefined);
  const missing = (kind: EntityKind, id: string) => new HubError('HUB_NOT_FOUND', `There is no ${kind} "${id}"`);
  const requireRegionOperator = (): void => {
    if (!isRegionOperator(principal)) {
      throw new HubError('HUB_AUTH_FORBIDDEN', 'Only operators of the whole region may read this');
    }
  };
  return {
    principal,
    version: () => registry.version,
    view,
    find,
    horizon,
    *list(kind, after) {
      const seen = view();
      for (const entry of registry.list(kind, after)) if (seen.holds(kind, entry.id)) yield entry;
    },
    get: (kind, id) => {
      const entry = find(kind, id);
      if (!entry) throw missing(kind, id);
      return entry;
    },
    streams: (after) => streamsAfter(view().streams, after),
    stream: (id) => {
      const stream = view().byId.get(id);
      if (!stream) throw missing('datastream', id);
      return stream;
    },
    streamByKey: (key) => view().byKey.get(key),
    streamsOfThing: (thing) => {
      const { byKey } = view();
      return [...registry.datastreamsOfThing(thing)].flatMap(({ key }) => byKey.get(key) ?? []);
    },
    deploymentsOf: (owner) => {
      const all =
        'device' in owner ? registry.deploymentsOfDevice(owner.device) : registry.deploymentsOfThing(owner.thing);
      const seen = view();
      return all.filter(({ id }) => seen.holds('deployment', id));
    },
    range: (stream, query) =>
      shownRange(
        stream,
        deps.observations.range({
          ...query,
          to: Math.min(query.to, horizon(stream)),
          datastreams: [stream.datastream.key],
        }),
      ),
    blocks: (streams, query) => blocksOf(deps.observations, { streams, horizon, query }),
    shown,
    count: async (streams, { from, to, without }) => {
      // Most have no delay: one question for all of the same end.
      const counts = new Map<Stream, number>();
      for (const [end, alike] of Map.groupBy(streams, (stream) => Math.min(to, horizon(stream)))) {
        const datastreams = alike.map(({ datastream }) => datastream.key);
        const found = await deps.observations.count({ datastreams, from, to: end, ...(without && { without }) });
        for (const [i, stream] of alike.entries()) counts.set(stream, found[i] ?? 0);
      }
      return streams.map((stream) => counts.get(stream) ?? 0);
    },
    details: async (stream, { from, to }) =>
      // Parameters, or a result written as text, could tell a count that is withheld.
      stream.smallestCount === undefined
        ? deps.details.list({ datastreams: [stream.datastream.key], from, to: Math.min(to, horizon(stream)) })
        : [],
    aggregate: async (stream, query) => {
      // Without the instant at which the horizon stands, which would have a bucket of its own.
      const to = Math.min(query.to, horizon(stream) - 1);
      if (to <= query.from) return [];
      return deps.observations.aggregate({
        ...query,
        to,
        datastream: stream.datastream.key,
        ...(stream.smallestCount !== undefined && { smallestCount: stream.smallestCount }),
      });
    },
    events: (passes, query) => eventsOf(deps, { streams: view().streams.filter(passes), query, horizon }),
    latest: (streams) => latestOf(deps, streams, horizon),
    reportingIntervalS: (stream, observation) => reportingIntervalOf(deps, stream, observation),
    sees: (observation) => {
      const stream = view().byKey.get(observation.datastream);
      return stream && observation.phenomenonTime < horizon(stream) ? stream : undefined;
    },
    journal: () => {
      requireRegionOperator();
      return deps.journal;
    },
    trace: (position) => traceFor(deps, { principal, view: view(), position }),
    allEntries: () => {
      requireRegionOperator();
      return allEntries(registry);
    },
  };
};

const shown = ({ smallestCount }: Stream, observation: Observation): SeenObservation =>
  isWithheld(observation.value, smallestCount) ? { ...observation, value: null, withheld: true } : observation;

/** Streams without withheld counts pass untouched. */
const shownRange = (stream: Stream, range: AsyncIterable<Observation>): AsyncIterable<SeenObservation> =>
  stream.smallestCount === undefined ? range : mapped(range, (observation) => shown(stream, observation));

async function* mapped<T, U>(items: AsyncIterable<T>, map: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield map(item);
}

const streamsAfter = (streams: readonly Stream[], after = ''): Iterable<Stream> => {
  let low = 0;
  let high = streams.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((streams[middle]?.datastream.id ?? '') <= after) low = middle + 1;
    else high = middle;
  }
  return streams.values().drop(low);
};

interface EventsRequest {
  readonly streams: readonly Stream[];
  readonly query: EventAsk;
  readonly horizon: (stream: Stream) => EpochMs;
}

/** Page by page, for what is hidden is known only when it is read. */
async function* eventsOf(
  { events }: AccessDeps,
  { streams, query, horizon }: EventsRequest,
): AsyncGenerator<SeenEvent> {
  const byKey = new Map(streams.map((stream) => [stream.datastream.key, stream]));
  const datastreams = [...byKey.keys()];
  let { after } = query;
  for (;;) {
    const found = await events.list({ ...query, datastreams, ...(after && { after }), limit: EVENT_CHUNK });
    for (const event of found) {
      const stream = byKey.get(event.datastream);
      const newest = Math.max(event.time, event.until ?? event.time, event.evidenceTo);
      if (stream && newest < horizon(stream)) yield { event, stream };
    }
    after = found.at(-1);
    if (!after || found.length < EVENT_CHUNK) return;
  }
}

/** The newest stored value is often too young for delayed datastreams: then the newest before their horizon. */
const latestOf = async (
  { observations }: AccessDeps,
  streams: readonly Stream[],
  horizon: (stream: Stream) => EpochMs,
): Promise<Map<number, SeenObservation>> => {
  const newest = await observations.latest(streams.map(({ datastream }) => datastream.key));
  const byKey = new Map<number, SeenObservation>(newest.map((observation) => [observation.datastream, observation]));
  const tooYoung = streams.filter((stream) => {
    const found = byKey.get(stream.datastream.key);
    return found && found.phenomenonTime >= horizon(stream);
  });
  const left = tooYoung.values();
  const readRest = async (): Promise<void> => {
    for (const stream of left) {
      const { key } = stream.datastream;
      byKey.delete(key);
      const query = { datastreams: [key], from: 0, to: horizon(stream), order: 'descending', limit: 1 } as const;
      for await (const observation of observations.range(query)) byKey.set(key, observation);
    }
  };
  // Of ten thousand delayed datastreams not all at once: others ask the same store.
  await Promise.all(Array.from({ length: READ_AT_ONCE }, readRest));
  for (const stream of streams) {
    const found = stream.smallestCount === undefined ? undefined : byKey.get(stream.datastream.key);
    if (found) byKey.set(stream.datastream.key, shown(stream, found));
  }
  return byKey;
};

/** A device's own health is kept at the thing that stands for it; all else was placed by a deployment. */
const reportingIntervalOf = (
  { registry, catalogue }: AccessDeps,
  { thing }: Stream,
  { deployment }: Observation,
): number | undefined => {
  const devEui =
    thing.kind === 'device'
      ? thing.id.slice(deviceThingId('').length)
      : registry.get('deployment', deployment ?? '')?.device;
  const device = registry.get('device', devEui ?? '');
  return device && catalogue.get(device.profile)?.profile.reportingIntervalS;
};

/** Operators of a municipality follow the uplinks of its devices, and see of them what was measured at its things. */
const traceFor = async (
  { trace, registry }: AccessDeps,
  { principal, view, position }: { principal: Principal; view: View; position: number },
): Promise<Trace> => {
  const missing = new HubError('HUB_NOT_FOUND', `The journal holds no entry ${position}`);
  if (!hasRole(principal, 'operator')) throw missing;
  const found = await trace(position);
  if (!found) throw missing;
  if (principal.municipality === undefined) return found;
  const { devEui, receivedAt, arrivedAt } = found.entry;
  const isOwn =
    devEui !== undefined &&
    registry.deploymentsAt(devEui, receivedAt ?? arrivedAt).some(({ id }) => view.holds('deployment', id));
  if (!isOwn) throw missing;
  return { ...found, observations: found.observations.filter(({ datastream }) => view.byKey.has(datastream)) };
};
