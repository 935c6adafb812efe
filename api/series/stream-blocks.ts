import { isWithheld } from '../../model/observation.ts';
import type { QualityFlag } from '../../model/quality.ts';
import type { EpochMs } from '../../model/time.ts';
import type { ObservationBlock, Part } from '../../store/observation-block.ts';
import type { ObservationReader } from '../../store/observations.ts';
import type { Stream } from '../visibility.ts';

/** Rows of a block: some milliseconds of work, after which others have their turn. */
const BLOCK_ROWS = 4_096;
/** Datastreams that one question names. */
const BLOCK_PARTS = 500;

export interface BlockAsk {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Observations carrying one of these flags are left out. */
  readonly without?: readonly QualityFlag[];
  /** Rows of a block, at most. */
  readonly maxRows?: number;
}

/** Rows [start, end) of a block, which belong to one datastream. */
export interface Run {
  readonly stream: Stream;
  readonly start: number;
  readonly end: number;
}

/** Observations as an asker sees them, as columns. */
export interface StreamBlock extends Pick<ObservationBlock, 'times' | 'values' | 'flags' | 'tests'> {
  readonly rows: number;
  readonly runs: readonly Run[];
  /** 1 where a small count is withheld: its value is NaN. */
  readonly withheld: Uint8Array;
}

interface Request {
  readonly streams: readonly Stream[];
  /** End of what is seen of a datastream, exclusive. */
  readonly horizon: (stream: Stream) => EpochMs;
  readonly query: BlockAsk;
}

/** Block after block; the next one is read while the present one is worked on. */
export async function* blocksOf(
  observations: Pick<ObservationReader, 'block'>,
  { streams, horizon, query }: Request,
): AsyncGenerator<StreamBlock> {
  const { from, to, without, maxRows = BLOCK_ROWS } = query;
  let done = 0;
  let goOn = from;
  const ask = () => {
    const asked = streams.slice(done, done + BLOCK_PARTS);
    const parts = asked.map((stream, i): Part => {
      const { key } = stream.datastream;
      return { datastream: key, from: i === 0 ? goOn : from, to: Math.min(to, horizon(stream)) };
    });
    const found = observations.block({ parts, maxRows, ...(without && { without }) });
    // Whoever stops early does not look at it any more.
    found.catch(() => undefined);
    return { asked, found };
  };
  let pending = done < streams.length ? ask() : undefined;
  while (pending) {
    const { asked } = pending;
    const found = await pending.found;
    done += found.next?.part ?? asked.length;
    goOn = found.next?.from ?? from;
    pending = done < streams.length ? ask() : undefined;
    if (found.times.length > 0) yield shownBlock(found, asked);
  }
}

const shownBlock = (
  { counts, times, values, flags, tests }: ObservationBlock,
  asked: readonly Stream[],
): StreamBlock => {
  const withheld = new Uint8Array(times.length);
  const runs: Run[] = [];
  let start = 0;
  for (const [i, stream] of asked.entries()) {
    const end = start + (counts[i] ?? 0);
    if (end === start) continue;
    runs.push({ stream, start, end });
    if (stream.smallestCount !== undefined) {
      for (let row = start; row < end; row++) {
        if (!isWithheld(values[row] as number, stream.smallestCount)) continue;
        values[row] = Number.NaN;
        withheld[row] = 1;
      }
    }
    start = end;
  }
  return { rows: times.length, runs, times, values, flags, tests, withheld };
};
