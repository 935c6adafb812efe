import { parentPort, workerData } from 'node:worker_threads';
import type { Observation } from '../model/observation.ts';
import type { DetailQuery } from '../store/details.ts';
import { Checkpointer } from '../store/embedded/checkpointer.ts';
import { openStores } from '../store/embedded/stores.ts';
import type { BlockQuery } from '../store/observation-block.ts';
import type { AggregateQuery, RangeQuery } from '../store/observations.ts';
import { createAggregate } from '../store/pruned-history.ts';
import { DatastreamList } from './datastream-list.ts';
import { createNewest } from './newest.ts';
import { keptSince, openHome } from './observation-home.ts';
import { type PackedRows, packBuckets, packRows } from './packing.ts';
import type { EngineSettings, ToEngine } from './protocol.ts';
import { answer, type Methods } from './rpc.ts';

/** How often it is looked whether the write-ahead log should be moved into the database. */
const CHECKPOINT_EVERY_MS = 500;

/**
 * Entry of the reader thread: queries run here on a connection that cannot write, so that none delays an acknowledgement.
 * So does the moving of pages from the write-ahead log into the database, for the same reason.
 */
const port = parentPort;
if (!port) throw new Error('engine/reader.ts runs as a worker thread');

const settings = workerData as EngineSettings;
const { file, timeZone, synchronous } = settings;
const stores = openStores({ file, timeZone, readOnly: true, cacheMib: 8 });
const { database, journal, events, registry } = stores;

const datastreams = new DatastreamList(registry);
const home = openHome(settings.influxdb, {
  stores,
  together: (work) => database.together(work),
  datastreamOf: (key) => datastreams.get(key),
  datastreams: () => datastreams.all(),
  keepDays: settings.observationsKeepDays,
});
const { observations } = home;

const checkpointer = new Checkpointer(file, synchronous);
const checkpoints = setInterval(() => checkpointer.step(), CHECKPOINT_EVERY_MS);

const collect = async (query: RangeQuery): Promise<PackedRows> => {
  const rows: Observation[] = [];
  for await (const observation of observations.range(query)) rows.push(observation);
  return packRows(rows);
};

const aggregate = createAggregate({
  ...home,
  keptSince: () => keptSince(settings.observationsKeepDays, Date.now()),
});
const newest = createNewest(home, database);

const methods: Methods = {
  range: collect,
  block: (query: BlockQuery) => observations.block(query),
  aggregate: async (query: AggregateQuery) => packBuckets(await aggregate(query)),
  latest: async (keys?: Float64Array) => packRows(await newest(keys && [...keys])),
  at: observations.at.bind(observations),
  count: observations.count.bind(observations),
  ofPositions: observations.ofPositions.bind(observations),
  details: (query: DetailQuery) => stores.details.list(query),
  events: events.list.bind(events),
  entry: journal.entry.bind(journal),
  read: journal.read.bind(journal),
  head: journal.head.bind(journal),
  books: journal.books.bind(journal),
  deadLetters: journal.deadLetters.bind(journal),
  unknownDevices: journal.unknownDevices.bind(journal),
  outcome: journal.outcome.bind(journal),
  receptions: journal.receptions.bind(journal),
};

/** What is handed over instead of copied. */
const buffersOf = (value: unknown): ArrayBuffer[] =>
  value !== null && typeof value === 'object'
    ? Object.values(value).flatMap((member: unknown) =>
        ArrayBuffer.isView(member) ? (member.buffer as ArrayBuffer) : [],
      )
    : [];

port.on('message', (message: ToEngine) => {
  if (message.type === 'stop') {
    clearInterval(checkpoints);
    checkpointer.close();
    home.close();
    database.close();
    port.close();
  } else if (message.type === 'call') {
    void answer(message, methods).then((result) => port.postMessage(result, buffersOf(result.value)));
  }
});
