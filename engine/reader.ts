import { parentPort, workerData } from 'node:worker_threads';
import type { Observation } from '../model/observation.ts';
import { Checkpointer } from '../store/embedded/checkpointer.ts';
import { openStores } from '../store/embedded/stores.ts';
import type { RangeQuery } from '../store/observations.ts';
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

const { file, timeZone, synchronous } = workerData as EngineSettings;
const { database, journal, observations } = openStores({ file, timeZone, readOnly: true, cacheMib: 8 });

const checkpointer = new Checkpointer(file, synchronous);
const checkpoints = setInterval(() => checkpointer.step(), CHECKPOINT_EVERY_MS);

const collect = async (query: RangeQuery): Promise<Observation[]> => {
  const rows: Observation[] = [];
  for await (const observation of observations.range(query)) rows.push(observation);
  return rows;
};

const methods: Methods = {
  range: collect,
  aggregate: observations.aggregate.bind(observations),
  latest: observations.latest.bind(observations),
  at: observations.at.bind(observations),
  ofPositions: observations.ofPositions.bind(observations),
  entry: journal.entry.bind(journal),
  read: journal.read.bind(journal),
  head: journal.head.bind(journal),
  books: journal.books.bind(journal),
  deadLetters: journal.deadLetters.bind(journal),
  unknownDevices: journal.unknownDevices.bind(journal),
  outcome: journal.outcome.bind(journal),
  receptions: journal.receptions.bind(journal),
};

port.on('message', (message: ToEngine) => {
  if (message.type === 'stop') {
    clearInterval(checkpoints);
    checkpointer.close();
    database.close();
    port.close();
  } else if (message.type === 'call') void answer(message, methods).then((result) => port.postMessage(result));
});
