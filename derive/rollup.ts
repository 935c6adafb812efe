import { qualityFlag } from '../model/quality.ts';
import { DAY, type EpochMs, HOUR } from '../model/time.ts';
import { bucketize } from '../store/buckets.ts';
import type { Derivation } from '../store/derivation.ts';
import type { ObservationReader } from '../store/observations.ts';
import type { Rollup } from '../store/rollups.ts';

/** A day's values are read at once; shorter windows would mean more marks for the same reading. */
const WINDOW = DAY;

const hoursOf = async (observations: ObservationReader, datastream: number, from: EpochMs): Promise<Rollup[]> => {
  const to = from + WINDOW;
  const values = await Array.fromAsync(observations.range({ datastreams: [datastream], from, to }));
  const without = [qualityFlag.fail, qualityFlag.missing];
  return bucketize(values, { from, to, every: { ms: HOUR }, without }).flatMap(
    ({ from: hour, n, min, max, mean, sum, first, last, coverage, flags }) =>
      n > 0 ? [{ hour, n, min, max, mean, sum, first, last, coverage, flags }] : [],
  );
};

/** Of each hour the figures that rest on more observations: of a pruned day only stragglers may be left. */
const richer = (held: readonly Rollup[], found: readonly Rollup[]): Rollup[] => {
  const rows = new Map(held.map((row) => [row.hour, row]));
  for (const row of found) if (row.n >= (rows.get(row.hour)?.n ?? 0)) rows.set(row.hour, row);
  return [...rows.values()].toSorted((a, b) => a.hour - b.hour);
};

/** Figures of every hour of every datastream. They are kept when the observations are pruned. */
export const rollupDerivation: Derivation = {
  name: 'rollup',
  windowMs: WINDOW,
  concerns: () => true,
  compute: async ({ window, datastream }, { observations, rollups, keptSince }) => {
    const span = { datastream, from: window, to: window + WINDOW };
    const rows = await hoursOf(observations, datastream, window);
    if (window >= keptSince) return { rollups: { ...span, rows } };
    const held = await rollups.range(datastream, span.from, span.to);
    return { rollups: { ...span, rows: richer(held, rows) } };
  },
};
