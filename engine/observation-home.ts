import { PROJECTION } from '../ingest/projector.ts';
import type { Datastream } from '../model/registry.ts';
import { DAY, type EpochMs } from '../model/time.ts';
import type { Instant } from '../store/derivation.ts';
import { SqliteObservationIndex } from '../store/embedded/observation-index.ts';
import type { EmbeddedStores } from '../store/embedded/stores.ts';
import type { EventMirror } from '../store/events.ts';
import { InfluxConnection } from '../store/influxdb/connection.ts';
import type { Projected } from '../store/influxdb/doubts.ts';
import type { InfluxSettings } from '../store/influxdb/influx-settings.ts';
import { InfluxMirror } from '../store/influxdb/mirror.ts';
import { InfluxObservationStore } from '../store/influxdb/observations.ts';
import { InfluxRollupStore } from '../store/influxdb/rollups.ts';
import { checkInflux } from '../store/influxdb/setup.ts';
import type { ObservationStore } from '../store/observations.ts';
import type { RollupStore } from '../store/rollups.ts';
import type { Commit, DirtyMark } from '../store/work.ts';

/** Where observations live: in the hub's own database, or in a server elsewhere that may be slow or away. */
export interface ObservationHome {
  readonly name: 'embedded' | 'influxdb';
  readonly observations: ObservationStore;
  readonly rollups: RollupStore;
  readonly mirror?: EventMirror;
  /** Writes to it take as long as they take: nobody who waits for the journal may wait for them. */
  readonly isElsewhere: boolean;
  readonly commit: Commit;
  /** To be awaited once before anything is written; answers what is not in order. May throw and be called again. */
  prepare(): Promise<string[]>;
  /** To be awaited after a failure, before anything is written again. */
  recover(): Promise<void>;
  prune(before: EpochMs): Promise<unknown>;
  /** Work in advance for which nobody waits, a little at a time; answers whether there was some. */
  prepareAhead(now: EpochMs): boolean;
  /** Ends requests that are under way. */
  close(): void;
}

export interface HomeParts {
  readonly stores: EmbeddedStores;
  /** Runs writes of the hub's own database as one transaction. */
  readonly together: <T>(work: () => Promise<T>) => Promise<T>;
  readonly datastreamOf: (key: number) => Datastream | undefined;
  readonly datastreams: () => Iterable<Datastream>;
  readonly keepDays: number | null;
  /** Given where the journal is projected into it: the derived figures that observations make stale. */
  readonly marksOf?: (observations: readonly Instant[]) => DirtyMark[];
}

export const openHome = (influxdb: InfluxSettings | undefined, parts: HomeParts): ObservationHome =>
  influxdb ? influxHome(influxdb, parts) : embeddedHome(parts);

const embeddedHome = ({ stores: { observations, rollups }, together }: HomeParts): ObservationHome => ({
  name: 'embedded',
  observations,
  rollups,
  isElsewhere: false,
  commit: ({ elsewhere, here }) =>
    together(async () => {
      await elsewhere();
      return here();
    }),
  prepare: async () => [],
  recover: async () => undefined,
  prune: (before) => observations.prune(before),
  prepareAhead: (now) => observations.countAhead(now),
  close: () => undefined,
});

const influxHome = (settings: InfluxSettings, parts: HomeParts): ObservationHome => {
  const { stores, together, datastreamOf, datastreams, keepDays } = parts;
  const connection = new InfluxConnection(settings);
  const index = new SqliteObservationIndex(stores.database);
  const observations = new InfluxObservationStore({
    connection,
    index,
    datastreamOf,
    datastreams,
    keepDays,
    clock: Date.now,
    projected: projectedOf(parts),
  });
  return {
    name: 'influxdb',
    observations,
    rollups: new InfluxRollupStore({ connection, datastreamOf }),
    mirror: new InfluxMirror(connection),
    isElsewhere: true,
    commit: async ({ elsewhere, here }) => {
      const work = async () => {
        await elsewhere();
        return together(async () => {
          observations.save();
          return here();
        });
      };
      const done = await work().catch((thrown: unknown) => {
        observations.forget();
        throw thrown;
      });
      await observations.settle();
      return done;
    },
    prepare: async () => {
      const faults = await checkInflux(connection, keepDays);
      await observations.prepare();
      return faults;
    },
    recover: () => observations.recover(),
    // The bucket forgets by itself.
    prune: async (before) => index.prune(before),
    prepareAhead: () => false,
    close: () => connection.close(),
  };
};

const projectedOf = ({ stores: { journal, work }, marksOf }: HomeParts): Projected | undefined =>
  marksOf && {
    cursor: () => journal.cursor(PROJECTION),
    waiting: async () => {
      const after = await journal.cursor(PROJECTION);
      const [first] = await journal.read(after, 1);
      return first && { after, to: await journal.head(), since: first.arrivedAt };
    },
    changed: (places) => work.markDirty(marksOf(places)),
  };

/** Days that observations are kept, as the instant before which they may be gone. */
export const keptSince = (keepDays: number | null, now: EpochMs): EpochMs =>
  keepDays === null ? Number.NEGATIVE_INFINITY : now - keepDays * DAY;
