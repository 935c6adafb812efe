import type { Dataset, Municipality, Site } from '../../model/registry.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import type { BoundingBox } from '../bbox.ts';
import { boxAround } from '../box-around.ts';
import { publicationOf } from '../membership.ts';
import { isPublished, type Stream } from '../visibility.ts';

/** How the values of one municipality's things are published. */
export interface Terms {
  readonly municipality?: Municipality;
  /** Age in minutes at which values are seen; 0 at once. */
  readonly delayMinutes: number;
}

/** What the public may know of a dataset: made of what it sees, so that nothing else can show. */
export interface PublicDataset {
  readonly dataset: Dataset;
  readonly publisher: Municipality;
  /** By id. */
  readonly streams: readonly Stream[];
  readonly sites: readonly Site[];
  readonly municipalities: readonly Municipality[];
  /** Of the sites; undefined without any. */
  readonly box: BoundingBox | undefined;
  readonly terms: readonly Terms[];
}

/** The published datasets by id, from a reader of the public. */
export const publicDatasets = (reader: Reader): PublicDataset[] => {
  const streams = new Map<string, Stream[]>();
  for (const stream of reader.streams()) {
    for (const { id } of stream.datasets) {
      const held = streams.get(id);
      if (held) held.push(stream);
      else streams.set(id, [stream]);
    }
  }
  const datasets = [...reader.list('dataset')].filter(isPublished);
  return datasets.flatMap((dataset) => {
    const publisher = reader.find('municipality', dataset.publisher);
    return publisher ? [describe(dataset, publisher, streams.get(dataset.id) ?? [])] : [];
  });
};

const byId = <T extends { readonly id: string }>(entries: Iterable<T>): T[] =>
  [...new Map([...entries].map((entry) => [entry.id, entry])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Computed when it is first asked for: of hundreds of datasets with thousands of datastreams not all at once. */
const lazy = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

const describe = (dataset: Dataset, publisher: Municipality, streams: readonly Stream[]): PublicDataset => {
  const sites = lazy(() => byId(streams.flatMap(({ site }) => site ?? [])));
  const municipalities = lazy(() => byId(streams.flatMap(({ municipality }) => municipality ?? [])));
  const box = lazy(() => boxAround(sites().map(({ geometry }) => geometry.coordinates)));
  const terms = lazy(() => termsOf(dataset, streams));
  return {
    dataset,
    publisher,
    streams,
    get sites() {
      return sites();
    },
    get municipalities() {
      return municipalities();
    },
    get box() {
      return box();
    },
    get terms() {
      return terms();
    },
  };
};

const termsOf = (dataset: Dataset, streams: readonly Stream[]): Terms[] =>
  [...Map.groupBy(streams, ({ municipality }) => municipality?.id ?? '')]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, [first]]) => {
      const municipality = first?.municipality;
      const { visibility, delayMinutes } = publicationOf(dataset, municipality?.id);
      return {
        ...(municipality && { municipality }),
        delayMinutes: visibility === 'open' ? 0 : delayMinutes,
      };
    });

/** From when on, and until when, there are values that the public sees. */
export interface Extent {
  readonly from: EpochMs;
  /** When the hub received the first of them. */
  readonly receivedAt: EpochMs;
  readonly newest: EpochMs;
}

/** Datastreams that are asked for their first value: the longest known, of which the hub's integers are the smallest. */
const ASKED_FOR_FIRST = 20;
const ASKED_FOR_NEWEST = 200;

/** Undefined as long as there is no value. */
export const extentOf = async (
  reader: Reader,
  streams: readonly Stream[],
  now: EpochMs,
): Promise<Extent | undefined> => {
  const oldest = streams.toSorted((a, b) => a.datastream.key - b.datastream.key);
  const begin = { from: 0, to: now, order: 'ascending', limit: 1 } as const;
  const [newest, ...firsts] = await Promise.all([
    reader.latest(oldest.slice(0, ASKED_FOR_NEWEST)),
    ...oldest.slice(0, ASKED_FOR_FIRST).map((stream) => Array.fromAsync(reader.range(stream, begin))),
  ]);
  const found = firsts.flat();
  if (newest.size === 0 || found.length === 0) return undefined;
  const least = (times: readonly EpochMs[]): EpochMs => times.reduce((a, b) => Math.min(a, b));
  return {
    from: least(found.map(({ phenomenonTime }) => phenomenonTime)),
    receivedAt: least(found.map(({ receivedAt }) => receivedAt)),
    newest: [...newest.values()].reduce((a, { phenomenonTime }) => Math.max(a, phenomenonTime), 0),
  };
};
