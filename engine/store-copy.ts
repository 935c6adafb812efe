import { createHash } from 'node:crypto';
import { createMarker } from '../derive/definition.ts';
import { rollupDerivation } from '../derive/rollup.ts';
import { HubError } from '../model/errors.ts';
import type { Observation } from '../model/observation.ts';
import type { Datastream } from '../model/registry.ts';
import { DAY, type EpochMs, HOUR, SECOND } from '../model/time.ts';
import type { DerivedEvent, EventKey, EventMirror, EventReader, EventReplacement } from '../store/events.ts';
import type { ObservationReader } from '../store/observations.ts';
import type { DirtyMark } from '../store/work.ts';
import type { ObservationHome } from './observation-home.ts';

/** Late values and clocks that run ahead are copied too. */
const END_OF_TIME: EpochMs = Number.MAX_SAFE_INTEGER;
/** Notes grow with the datastreams: they are not written more often. */
const SAVE_EVERY = SECOND;

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
  /** Older observations are left out, since the target would forget them at once; not so their hourly figures. */
  readonly keptSince: EpochMs;
  readonly progress: CopyProgress;
  /** Keeps how far it came, for a run that goes on. */
  readonly save: (progress: CopyProgress) => void;
  readonly markDirty: (marks: readonly DirtyMark[]) => Promise<void>;
  readonly clock: () => EpochMs;
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
  const { from, to, datastreams, since, keptSince, markDirty, say } = options;
  const notes = takeNotes(options);
  const total = { datastreams: 0, days: 0, observations: 0, hours: 0 };
  try {
    for (const datastream of datastreams) {
      const begin = Math.max(since, keptSince, notes.end(datastream));
      for await (const batch of dayBatches(from.observations, datastream, begin)) {
        total.days += await copyDays(batch, { datastream, to, markDirty });
        total.observations += batch.length;
        notes.take(datastream, endOfDay(batch.at(-1)?.phenomenonTime ?? begin));
      }
      total.hours += await copyHours(datastream, options);
      total.datastreams++;
      notes.take(datastream, END_OF_TIME);
      say?.(`${total.datastreams}/${datastreams.length} ${datastream.id}: ${total.observations} observations so far`);
    }
  } finally {
    notes.save();
  }
  return total;
};

/** How far each datastream came; written down now and then. */
const takeNotes = ({ progress, save, clock }: CopyOptions) => {
  const done: Record<string, EpochMs> = { ...progress.done };
  let savedAt = clock();
  let isSaved = true;
  const notes = {
    end: ({ id }: Datastream): EpochMs => done[id] ?? Number.NEGATIVE_INFINITY,
    take: ({ id }: Datastream, end: EpochMs): void => {
      done[id] = end;
      isSaved = false;
      if (clock() - savedAt >= SAVE_EVERY) notes.save();
    },
    save: (): void => {
      if (isSaved) return;
      save({ done: { ...done } });
      savedAt = clock();
      isSaved = true;
    },
  };
  return notes;
};

const dayOf = (time: EpochMs): number => Math.floor(time / DAY);
const endOfDay = (time: EpochMs): EpochMs => (dayOf(time) + 1) * DAY;

/** Whole days of a datastream, as many as fit. */
async function* dayBatches(
  reader: ObservationReader,
  { key }: Datastream,
  from: EpochMs,
): AsyncGenerator<Observation[]> {
  let batch: Observation[] = [];
  for await (const observation of reader.range({ datastreams: [key], from, to: END_OF_TIME })) {
    const last = batch.at(-1);
    if (last && batch.length >= BATCH && dayOf(last.phenomenonTime) !== dayOf(observation.phenomenonTime)) {
      yield batch;
      batch = [];
    }
    batch.push(observation);
  }
  if (batch.length > 0) yield batch;
}

type Route = Pick<CopyOptions, 'to' | 'markDirty'> & { readonly datastream: Datastream };

/** Answers how many days it copied. Their hours may hold values of both stores now, so they are to be worked out anew. */
const copyDays = async (batch: readonly Observation[], { datastream, to, markDirty }: Route): Promise<number> => {
  const marks = createMarker([rollupDerivation], () => datastream.property)(batch);
  await to.commit({
    elsewhere: async () => {
      const [refused] = (await to.observations.append(batch)).rejected;
      if (refused) throw new HubError('HUB_STORE_REJECTED', `${datastream.id}: ${refused.reason}`);
    },
    here: () => markDirty(marks),
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

const digestsOf = (observations: readonly Observation[]): Map<number, DayDigest> => {
  // A store elsewhere knows one provenance per uplink and datastream: that of the last value.
  const lastOf = new Map(observations.map((observation) => [observation.position, observation]));
  const days = Map.groupBy(observations, ({ phenomenonTime }) => dayOf(phenomenonTime));
  return new Map(
    [...days].map(([day, list]) => {
      const hash = createHash('sha256');
      for (const { phenomenonTime, value, flag, tests, position, record } of list) {
        const { receivedAt, storedAt, codec = '', deployment = '' } = lastOf.get(position) as Observation;
        const provenance = `${receivedAt} ${storedAt} ${codec} ${deployment}`;
        hash.update(`${phenomenonTime} ${value} ${flag} ${tests} ${position} ${record} ${provenance}\n`);
      }
      return [day, { n: list.length, sha256: hash.digest('hex') }];
    }),
  );
};

/** Hours that the target holds and the source does not stay, and so do those that rest on more values there. */
const copyHours = async ({ key }: Datastream, { from, to, since }: CopyOptions): Promise<number> => {
  const rows = await from.rollups.range(key, since, END_OF_TIME);
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return 0;
  const span = { datastream: key, from: first.hour, to: last.hour + HOUR };
  const hours = new Map((await to.rollups.range(key, span.from, span.to)).map((held) => [held.hour, held]));
  const taken = rows.filter(({ hour, n }) => n >= (hours.get(hour)?.n ?? 0));
  for (const row of taken) hours.set(row.hour, row);
  await to.rollups.replace([{ ...span, rows: [...hours.values()].toSorted((a, b) => a.hour - b.hour) }]);
  return taken.length;
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
