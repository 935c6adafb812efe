import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bucket } from '../model/observation.ts';
import { type QualityFlag, qualityFlag } from '../model/quality.ts';
import { Bucketizer } from './buckets.ts';
import type { AggregateQuery, ObservationReader } from './observations.ts';

/** Rows that are summed up before others may ask in between. */
const ROWS = 10_000;

/** Buckets out of blocks: a question over years holds up no short one, and its memory is that of the buckets. */
export const aggregateBlocks = async (
  store: Pick<ObservationReader, 'block'>,
  { datastream, from, to, every, without = [qualityFlag.fail, qualityFlag.missing], smallestCount }: AggregateQuery,
): Promise<Bucket[]> => {
  const buckets = new Bucketizer({ from, to, every, without, smallestCount });
  for (let start: number | undefined = from; start !== undefined; ) {
    if (start !== from) await nextTurn();
    const { times, values, flags, next } = await store.block({
      parts: [{ datastream, from: start, to }],
      maxRows: ROWS,
      withTests: false,
    });
    for (const [i, phenomenonTime] of times.entries()) {
      const value = values[i] as number;
      buckets.add({
        phenomenonTime,
        value: Number.isNaN(value) ? null : value,
        flag: flags[i] as QualityFlag,
      });
    }
    start = next?.from;
  }
  return buckets.finish();
};
