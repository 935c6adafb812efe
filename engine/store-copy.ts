import { createHash } from 'node:crypto';
import { HubError } from '../model/errors.ts';
import type { Observation } from '../model/observation.ts';
import type { Datastream } from '../model/registry.ts';
import { DAY, type EpochMs } from '../model/time.ts';
import type { DerivedEvent, EventKey, EventMirror, EventReader, EventReplacement } from '../store/events.ts';
import type { ObservationReader } from '../store/observations.ts';
import type { ObservationHome } from './observation-home.ts';

/** Observations that are written, and then compared, at once at most by a day's end. */
const BATCH = 20_000;

export interface CopyProgress {
  /** By datastream, the end of what has been copied and compared. */
  readonly done: Readonly<Record<string, EpochMs>>;
}

export interface CopyOptions {
  readonly from: ObservationHome;
  readonly to: ObservationHome;
  readonly datastreams: readonly Datastream[];
  readonly since: EpochMs;
  readonly until: EpochMs;
  readonly progress: CopyProgress;
  /** Keeps how far it came, for a run that goes on. */
  readonly save: (progress: CopyProgress) => void;
  readonly say?: (text: string) => void;
}

export interface CopyReport {
  readonly datastreams: number;
  readonly days: number;
  readonly observations: number;
  readonly hours: number;
  /** Derived events that were written for dashboards too. */
  readonly events?: number;
}

/** Count and checksum of one day of a datastream. */
interface DayDigest {
  readonly n: number;
  readonly sha256: string;
}

/**
 * Copies observations and hourly figures from one store into another, datastream by datastream, and compares counts and
 * checksums of every day before it calls it done. May be stopped anywhere and run again. Throws HUB_INTERNAL where a day
 * differs.
 */
export const copyObservations = async (options: CopyOptions): Promise<CopyReport> => {
  const { from, to, datastreams, since, until, save, say } = options;
  const done: Record<string, EpochMs> = { ...options.progress.done };
  const total = { datastreams: 0, days: 0, observations: 0, hours: 0 };
  for (const datastream of datastreams) {
    const begin = Math.max(since, done[datastream.id] ?? Number.NEGATIVE_INFINITY);
    for await (const batch of dayBatches(from.observations, { datastream, from: begin, to: until })) {
      total.days += await copyDays(batch, { datastream, from, to });
      total.observations += batch.length;
      done[datastream.id] = endOfDay(batch.at(-1)?.phenomenonTime ?? until);
      save({ done });
    }
    total.hours += await copyHours(datastream, options);
    total.datastreams++;
    done[datastream.id] = until;
    save({ done });
    say?.(`${total.datastreams}/${datastreams.length} ${datastream.id}: ${total.observations} observations so far`);
  }
  return total;
};

const dayOf = (time: EpochMs): number => Math.floor(time / DAY);
const endOfDay = (time: EpochMs): EpochMs => (dayOf(time) + 1) * DAY;

/** Whole days of a datastream, as many as fit. */
async function* dayBatches(
  reader: ObservationReader,
  { datastream, from, to }: { datastream: Datastream; from: EpochMs; to: EpochMs },
): AsyncGenerator<Observation[]> {
  let batch: Observation[] = [];
  for await (const observation of reader.range({ datastreams: [datastream.key], from, to })) {
    const last = batch.at(-1);
    if (last && batch.length >= BATCH && dayOf(last.phenomenonTime) !== dayOf(observation.phenomenonTime)) {
      yield batch;
      batch = [];
    }
    batch.push(observation);
  }
  if (batch.length > 0) yield batch;
}

type Route = Pick<CopyOptions, 'from' | 'to'> & { readonly datastream: Datastream };

/** Answers how many days it copied. */
const copyDays = async (batch: readonly Observation[], { datastream, to }: Route): Promise<number> => {
  await to.commit({
    elsewhere: async () => {
      const [refused] = (await to.observations.append(batch)).rejected;
      if (refused) throw new HubError('HUB_STORE_REJECTED', `${datastream.id}: ${refused.reason}`);
    },
    here: async () => undefined,
  });
  const first = batch[0]?.phenomenonTime ?? 0;
  const last = batch.at(-1)?.phenomenonTime ?? 0;
  const span = { datastreams: [datastream.key], from: first, to: last + 1 };
  const wanted = digestsOf(batch);
  const found = digestsOf(await Array.fromAsync(to.observations.range(span)));
  for (const [day, digest] of wanted) {
    const copy = found.get(day);
    if (copy?.n === digest.n && copy.sha256 === digest.sha256) continue;
    const date = new Date(day * DAY).toISOString().slice(0, 10);
    throw new HubError(
      'HUB_INTERNAL',
      `${datastream.id} differs on ${date}: ${digest.n} observations here, ${copy?.n ?? 0} there`,
    );
  }
  return wanted.size;
};

/** The hub's index of who stored what and when is shared by both homes, so that values and their places are what is compared. */
const digestsOf = (observations: readonly Observation[]): Map<number, DayDigest> => {
  const days = Map.groupBy(observations, ({ phenomenonTime }) => dayOf(phenomenonTime));
  return new Map(
    [...days].map(([day, list]) => {
      const hash = createHash('sha256');
      for (const { phenomenonTime, value, flag, tests, position, record } of list) {
        hash.update(`${phenomenonTime} ${value} ${flag} ${tests} ${position} ${record}\n`);
      }
      return [day, { n: list.length, sha256: hash.digest('hex') }];
    }),
  );
};

const copyHours = async (datastream: Datastream, { from, to, since, until }: CopyOptions): Promise<number> => {
  const span = { datastream: datastream.key, from: Math.max(since, 0), to: until };
  const rows = await from.rollups.range(span.datastream, span.from, span.to);
  if (rows.length > 0) await to.rollups.replace([{ ...span, rows }]);
  return rows.length;
};

const EVENTS_AT_ONCE = 1_000;

/** Writes all derived events where dashboards read them; answers how many. */
export const copyEvents = async (events: EventReader, mirror: EventMirror): Promise<number> => {
  let count = 0;
  let after: EventKey | undefined;
  for (;;) {
    const all = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: EVENTS_AT_ONCE };
    const page = await events.list({ ...all, ...(after && { after }) });
    count += page.length;
    await mirror.events(replacementsOf(page));
    after = page.at(-1);
    if (page.length < EVENTS_AT_ONCE) return count;
  }
};

/** Each span as narrow as its events, so that a page takes nothing of another one back. */
const replacementsOf = (events: readonly DerivedEvent[]): EventReplacement[] =>
  [...Map.groupBy(events, ({ derivation, datastream }) => `${derivation}|${datastream}`).values()].map((group) => {
    const [{ derivation, datastream }] = group as [DerivedEvent];
    const times = group.map(({ time }) => time);
    return { span: { derivation, datastream, from: Math.min(...times), to: Math.max(...times) + 1 }, events: group };
  });
