import type { Observation } from '../../model/observation.ts';
import type { EpochMs } from '../../model/time.ts';
import type { ObservationIndex, Series } from '../observation-index.ts';
import type { InfluxConnection } from './connection.ts';
import type { PointReader } from './point-reader.ts';
import type { PointWriter } from './point-writer.ts';
import { knownTime, seriesPredicate } from './query-text.ts';

/** Requests at once: others want the connection too. */
const REMOVALS = 4;
/** Writing so many points again is sooner done than one more removal, which costs the server some ten milliseconds. */
const MOST_BETWEEN = 100;
/** Points that are written again at once. */
const MOST_REWRITTEN = 2_000;

interface EraserDeps {
  readonly connection: InfluxConnection;
  readonly reader: PointReader;
  readonly index: Pick<ObservationIndex, 'keep' | 'release'>;
  readonly writer: PointWriter;
}

/** A span to be emptied, and what is to stand in it again afterwards. */
interface Part {
  readonly from: EpochMs;
  to: EpochMs;
  readonly stays: Observation[];
}

/** Takes points away. The server removes a span of a datastream only, and each removal costs it as much as a thousand writes. */
export class PointEraser {
  readonly #deps: EraserDeps;

  constructor(deps: EraserDeps) {
    this.#deps = deps;
  }

  /** All from one instant to another, both inclusive. */
  async span(series: Series, from: EpochMs, to: EpochMs): Promise<void> {
    const { connection } = this.#deps;
    const predicate = seriesPredicate(series);
    await connection.delete(connection.settings.bucket, { from: knownTime(from), to: knownTime(to), predicate });
  }

  /**
   * Those at these instants. What stands between them goes too, and is written again at once; it is kept in hub.db
   * meanwhile, as for a rewrite. Nobody else may write there. A series without a key loses them one by one.
   */
  async at(series: Series & { readonly key?: number }, times: readonly EpochMs[]): Promise<void> {
    const [first] = times;
    if (first === undefined) return;
    // One point alone needs no look around.
    if (times.length === 1) return this.span(series, first, first);
    const parts = await this.#parts(series, times);
    const work = async (): Promise<void> => {
      for (let part = parts.shift(); part; part = parts.shift()) await this.#empty(series, part);
    };
    await Promise.all(Array.from({ length: Math.min(REMOVALS, parts.length) }, work));
  }

  async #empty(series: Series, { from, to, stays }: Part): Promise<void> {
    const { index, writer } = this.#deps;
    index.keep(stays);
    await this.span(series, from, to);
    if (stays.length > 0) await writer.write(stays);
    index.release(stays);
  }

  async #parts(series: Series & { readonly key?: number }, times: readonly EpochMs[]): Promise<Part[]> {
    const { key } = series;
    const gone = new Set(times);
    const to = times.reduce((a, b) => Math.max(a, b));
    const parts: Part[] = [];
    let part: Part | undefined;
    let between: Observation[] = [];
    for await (const point of this.#deps.reader.between({ ...series, key: key ?? 0 }, earliestOf(times), to)) {
      const { phenomenonTime: time } = point;
      if (!gone.has(time)) {
        between.push(point);
        const isFull = between.length > MOST_BETWEEN || between.length + (part?.stays.length ?? 0) > MOST_REWRITTEN;
        if (key === undefined || isFull) part = undefined;
      } else if (part) {
        part.stays.push(...between);
        part.to = time;
      } else {
        part = { from: time, to: time, stays: [] };
        parts.push(part);
      }
      if (!part || gone.has(time)) between = [];
    }
    return parts;
  }
}

export const earliestOf = (times: readonly EpochMs[]): EpochMs => times.reduce((a, b) => Math.min(a, b));
