import type { Observation } from '../../model/observation.ts';
import { type EpochMs, MINUTE } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import { instantText } from './instant-text.ts';
import type { Node } from './node.ts';

/** From the first to the last phenomenon time that is seen, both inclusive. */
export interface Extent {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** How long the begin of a datastream is believed: what comes late, or is deleted by age, moves it seldom. */
const BELIEVED_MS = 5 * MINUTE;
const AT_ONCE = 64;

/**
 * When Datastreams begin and end. The end is read anew; the begin, which one read a datastream finds, is kept for some minutes.
 * It is the same for all who see a part of the datastream at all.
 */
export class Extents {
  readonly #begins = new Map<number, { readonly from: EpochMs; readonly at: EpochMs }>();
  readonly #clock: () => EpochMs;
  readonly #onWritten: () => void;

  constructor(clock: () => EpochMs, onWritten: () => void) {
    this.#clock = clock;
    this.#onWritten = onWritten;
  }

  /** After observations were written or removed. */
  forget(datastreams: Iterable<number>): void {
    this.#onWritten();
    for (const datastream of datastreams) this.#begins.delete(datastream);
  }

  /** By number; Datastreams without a seen observation are left out. `known`: their newest observations, where they are known. */
  async of(
    reader: Reader,
    nodes: readonly Node[],
    known?: ReadonlyMap<number, Pick<Observation, 'phenomenonTime'>>,
  ): Promise<Map<number, Extent>> {
    const streams = nodes.flatMap(({ stream }) => stream ?? []);
    if (streams.length === 0) return new Map();
    const newest = known ?? (await reader.latest(streams));
    const stale = streams.filter(({ datastream: { key } }) => {
      const begin = this.#begins.get(key);
      return newest.has(key) && (!begin || begin.at + BELIEVED_MS < this.#clock());
    });
    for (let i = 0; i < stale.length; i += AT_ONCE) {
      await Promise.all(
        stale.slice(i, i + AT_ONCE).map(async (stream) => {
          const first = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER, limit: 1 };
          for await (const { phenomenonTime: from } of reader.range(stream, first)) {
            this.#begins.set(stream.datastream.key, { from, at: this.#clock() });
          }
        }),
      );
    }
    const extents = new Map<number, Extent>();
    for (const {
      datastream: { key },
    } of streams) {
      const to = newest.get(key)?.phenomenonTime;
      const begin = this.#begins.get(key);
      if (begin && to !== undefined) extents.set(key, { from: Math.min(begin.from, to), to });
    }
    return extents;
  }
}

export const formatExtent = ({ from, to }: Extent): string => `${instantText(from)}/${instantText(to)}`;
