import { type EpochMs, MINUTE } from '../../model/time.ts';
import type { Extent, PublicDataset } from '../catalogue/public-dataset.ts';
import { createShelf } from '../catalogue/shelf.ts';
import type { Showcase } from '../catalogue/showcase.ts';
import { type ChartFacts, chartFacts } from './chart-facts.ts';
import { newestRows, type ValueRow } from './newest-rows.ts';
import { type QualityFacts, qualityFacts } from './quality-facts.ts';
import { type StateFacts, stateFacts } from './state-facts.ts';

/** Datastreams whose newest values a page shows: beyond, people want a file. */
const MAX_ROWS = 40;
const KEEP_VALUES_MS = MINUTE;
/** A month changes little in ten minutes, and is dear to sum up. */
const KEEP_QUALITY_MS = 10 * MINUTE;
const KEPT_DATASETS = 300;

/** What a dataset's page shows of its values, in no language. */
export interface PageFacts {
  readonly at: EpochMs;
  readonly extent: Extent | undefined;
  readonly rows: readonly ValueRow[];
  readonly charts: readonly ChartFacts[];
  readonly states: readonly StateFacts[];
  readonly quality: QualityFacts | undefined;
}

export type FactsOf = (entry: PublicDataset) => Promise<PageFacts>;

/** Facts are kept for a while: a page that many look at costs the stores as much as one. */
export const createFacts = (showcase: Showcase): FactsOf => {
  const { reader, clock } = showcase;
  const version = () => reader.version();
  const values = createShelf<Omit<PageFacts, 'quality'>>({
    version,
    clock,
    keepMs: KEEP_VALUES_MS,
    staleMs: 4 * MINUTE,
    size: KEPT_DATASETS,
  });
  const months = createShelf<QualityFacts | undefined>({
    version,
    clock,
    keepMs: KEEP_QUALITY_MS,
    staleMs: 50 * MINUTE,
    size: KEPT_DATASETS,
  });
  return async (entry) => {
    const { id } = entry.dataset;
    const [facts, quality] = await Promise.all([
      values(id, async () => {
        const at = clock();
        const rows = await newestRows(reader, entry.streams);
        const charts = await chartFacts(reader, rows, at);
        const states = await stateFacts(reader, rows, at);
        const extent = await showcase.extent(entry);
        return { at, extent: extent && upTo(extent, rows), rows: rows.slice(0, MAX_ROWS), charts, states };
      }),
      months(id, () => qualityFacts(reader, entry.streams, clock())),
    ]);
    return { ...facts, quality };
  };
};

/** The extent is looked up less often than the values. */
const upTo = (extent: Extent, rows: readonly ValueRow[]): Extent => ({
  ...extent,
  newest: rows.reduce((newest, { observation }) => Math.max(newest, observation.phenomenonTime), extent.newest),
});
