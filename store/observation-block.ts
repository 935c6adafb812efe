import type { Observation } from '../model/observation.ts';
import type { QualityFlag } from '../model/quality.ts';
import type { EpochMs } from '../model/time.ts';

/** A span [from, to) of one datastream. */
export interface Part {
  readonly datastream: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface BlockQuery {
  /** Read one after the other, each in order of time. */
  readonly parts: readonly Part[];
  /** Observations carrying one of these flags are left out. */
  readonly without?: readonly QualityFlag[];
  readonly maxRows: number;
  /** False where nobody looks at the tests: each column costs. They may be 0 then. */
  readonly withTests?: boolean;
}

/** Observations as columns: no object for each of them, so that millions are read and cross threads quickly. */
export interface ObservationBlock {
  /** Rows of each part in their order; a part that was not reached has none. */
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  /** NaN where there is no value. */
  readonly values: Float64Array<ArrayBuffer>;
  readonly flags: Uint8Array<ArrayBuffer>;
  /** Bit masks, see model/quality.ts. */
  readonly tests: Uint32Array<ArrayBuffer>;
  /** Where to go on: index of the part, and the instant in it. Absent where all was read. */
  readonly next?: { readonly part: number; readonly from: EpochMs };
}

/** Grows row by row, to `maxRows` at most. */
export class BlockBuilder {
  readonly #counts: Uint32Array<ArrayBuffer>;
  readonly #times: Float64Array<ArrayBuffer>;
  readonly #values: Float64Array<ArrayBuffer>;
  readonly #flags: Uint8Array<ArrayBuffer>;
  readonly #tests: Uint32Array<ArrayBuffer>;
  readonly #maxRows: number;
  #rows = 0;

  constructor({ parts, maxRows }: BlockQuery) {
    this.#maxRows = maxRows;
    this.#counts = new Uint32Array(parts.length);
    this.#times = new Float64Array(maxRows);
    this.#values = new Float64Array(maxRows);
    this.#flags = new Uint8Array(maxRows);
    this.#tests = new Uint32Array(maxRows);
  }

  /** Rows that it still takes. */
  get room(): number {
    return this.#maxRows - this.#rows;
  }

  add(
    part: number,
    { time, value, flag, tests }: { time: EpochMs; value: number | null; flag: number; tests: number },
  ) {
    const row = this.#rows++;
    this.#counts[part] = (this.#counts[part] ?? 0) + 1;
    this.#times[row] = time;
    this.#values[row] = value ?? Number.NaN;
    this.#flags[row] = flag;
    this.#tests[row] = tests;
  }

  finish(next?: ObservationBlock['next']): ObservationBlock {
    const rows = this.#rows;
    return {
      counts: this.#counts,
      times: this.#times.subarray(0, rows),
      values: this.#values.subarray(0, rows),
      flags: this.#flags.subarray(0, rows),
      tests: this.#tests.subarray(0, rows),
      ...(next && { next }),
    };
  }
}

/** What a block is built from where a store knows no quicker way. */
type ReadPart = (part: Part, limit: number) => AsyncIterable<Observation>;

/** A block out of single observations; `read` gives those of a part, at most `limit`, without what is left out. */
export const readBlock = async (query: BlockQuery, read: ReadPart): Promise<ObservationBlock> => {
  const block = new BlockBuilder(query);
  for (const [index, part] of query.parts.entries()) {
    let last: EpochMs | undefined;
    if (block.room === 0) return block.finish({ part: index, from: part.from });
    for await (const { phenomenonTime: time, value, flag, tests } of read(part, block.room)) {
      block.add(index, { time, value, flag, tests });
      last = time;
    }
    if (block.room === 0 && last !== undefined) return block.finish({ part: index, from: last + 1 });
  }
  return block.finish();
};
