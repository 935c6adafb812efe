import type { QualityFlag } from '../../model/quality.ts';
import { DAY, type EpochMs } from '../../model/time.ts';
import type { Every } from '../../store/observations.ts';
import type { Reader } from '../access.ts';
import {
  bucketColumns,
  bucketTable,
  type Column,
  type Figure,
  firstRows,
  type TableBlock,
  valueColumns,
  valueTable,
} from '../formats/table.ts';
import { refuse } from '../problem.ts';
import type { Stream } from '../visibility.ts';
import { endOfBuckets } from './every-query.ts';

/** Buckets of a datastream that are asked for at once. */
const BUCKETS_AT_ONCE = 1_000;
/** Days of datastreams that one request may look into. */
const MAX_DAYS = 5_000_000;
/** Days of datastreams that are counted at once: some milliseconds of the reader thread. */
const COUNT_DAYS = 1_500;

/** What is asked of some datastreams: their observations, or buckets of them. */
export interface SeriesAsk {
  /** By id. */
  readonly streams: readonly Stream[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly without: readonly QualityFlag[];
  readonly buckets?: { readonly every: Every; readonly figures: readonly Figure[] };
}

/** Where a page begins: in which datastream, and at which instant of it. */
export interface Place {
  readonly id: string;
  readonly from: EpochMs;
}

export const columnsOf = ({ buckets }: SeriesAsk): readonly Column[] =>
  buckets ? bucketColumns(buckets.figures) : valueColumns;

/** All rows by datastream and time, from a place on. */
export async function* rowsOf(reader: Reader, ask: SeriesAsk, place?: Place): AsyncGenerator<TableBlock> {
  const { streams, from } = ask;
  const start = place === undefined ? 0 : streams.findIndex(({ datastream }) => datastream.id >= place.id);
  if (start < 0) return;
  const first = streams[start];
  const goesOn = first !== undefined && first.datastream.id === place?.id;
  const rest = streams.slice(goesOn ? start + 1 : start);
  if (goesOn) yield* partsOf(reader, { ...ask, streams: [first], from: Math.max(place.from, from) });
  yield* partsOf(reader, { ...ask, streams: rest });
}

async function* partsOf(reader: Reader, ask: SeriesAsk): AsyncGenerator<TableBlock> {
  const { streams, from, to, without, buckets } = ask;
  if (buckets) {
    for (const stream of streams) yield* bucketsOf(reader, stream, { from, to, without, ...buckets });
    return;
  }
  for await (const block of reader.blocks(streams, { from, to, without })) yield valueTable(block);
}

async function* bucketsOf(
  reader: Reader,
  stream: Stream,
  { from, to, without, every, figures }: Omit<SeriesAsk, 'streams' | 'buckets'> & NonNullable<SeriesAsk['buckets']>,
): AsyncGenerator<TableBlock> {
  const end = Math.min(to, reader.horizon(stream));
  for (let start = from; start < end; ) {
    const next = endOfBuckets(every, { from: start, to: end, count: BUCKETS_AT_ONCE });
    const buckets = await reader.aggregate(stream, { from: start, to: next, every, without });
    yield bucketTable(stream, { buckets, wanted: figures });
    start = next;
  }
}

/** Rows of a page, and where the next one begins. */
export interface TablePage {
  readonly blocks: readonly TableBlock[];
  readonly next?: Place;
}

/** The first rows, one more read than asked for, so that it is known whether there is a next page. */
export const pageOfRows = async (rows: AsyncIterable<TableBlock>, limit: number): Promise<TablePage> => {
  const blocks: TableBlock[] = [];
  let held = 0;
  for await (const block of rows) {
    if (held + block.rows > limit) {
      const cut = firstRows(block, limit - held);
      if (cut.rows > 0) blocks.push(cut);
      const last = blocks.at(-1);
      return { blocks, ...(last && { next: behind(last) }) };
    }
    if (block.rows > 0) blocks.push(block);
    held += block.rows;
  }
  return { blocks };
};

/** Behind the last row of a block: the end of a bucket, or the next instant. */
const behind = ({ rows, runs, cells }: TableBlock): Place => {
  const id = runs.at(-1)?.stream.datastream.id ?? '';
  const time = cells.times?.[rows - 1];
  return { id, from: time === undefined ? (cells.to?.[rows - 1] ?? 0) : time + 1 };
};

/** Refuses what would keep the stores busy for minutes before anything is found. */
export const boundSpan = ({ streams, from, to }: SeriesAsk): void => {
  const days = Math.ceil((to - from) / DAY) + 1;
  if (streams.length <= 1 || streams.length * days <= MAX_DAYS) return;
  refuse({
    path: 'query.from',
    message: `${streams.length} datastreams over ${days} days are too much for one request`,
    hint: `ask for at most ${Math.max(1, Math.floor(MAX_DAYS / streams.length) - 1)} days at once, or for fewer datastreams`,
  });
};

/** Refuses buckets of which there would be more than one answer may have rows, whatever is in them. Calendar ones are few. */
const boundBuckets = (reader: Reader, { streams, from, to, buckets }: SeriesAsk, max: number): void => {
  if (!buckets || !('ms' in buckets.every)) return;
  const { ms } = buckets.every;
  const spans = streams.map((stream) => Math.max(0, Math.min(to, reader.horizon(stream)) - from));
  if (spans.reduce((sum, span) => sum + span / ms, 0) <= max) return;
  refuse({
    path: 'query.every',
    message: `more than ${max} buckets are asked for at once`,
    hint: 'ask for wider buckets, a shorter span or fewer datastreams, or go on in pages by limit and cursor',
  });
};

/**
 * Refuses before the first byte what would have more rows than one answer may have. Buckets are made of more observations
 * than they are themselves: ten for each row of that limit.
 */
export const boundRows = async (reader: Reader, ask: SeriesAsk, max: number): Promise<void> => {
  boundBuckets(reader, ask, max);
  const { streams, from, to, without, buckets } = ask;
  const limit = buckets ? max * 10 : max;
  const days = Math.ceil((to - from) / DAY) + 1;
  const atOnce = Math.max(1, Math.floor(COUNT_DAYS / days));
  let rows = 0;
  for (let i = 0; i < streams.length && rows <= limit; i += atOnce) {
    const counts = await reader.count(streams.slice(i, i + atOnce), { from, to, without });
    rows += counts.reduce((sum, n) => sum + n, 0);
  }
  if (rows <= limit) return;
  refuse({
    path: 'query.to',
    message: `more than ${limit} observations are asked for at once`,
    hint: 'ask for a shorter span or fewer datastreams, go on in pages by limit and cursor, or take the monthly files at /dumps/',
  });
};
