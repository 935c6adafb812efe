import { createHash } from 'node:crypto';
import type { StreamBlock } from '../series/stream-blocks.ts';
import type { Stream } from '../visibility.ts';

const columns = ['times', 'values', 'flags', 'tests', 'withheld'] as const;

/** What went into the files of a month, whatever the blocks in which it came: the same digest means the same files. */
export class DumpDigest {
  readonly #hashes = columns.map(() => createHash('sha256'));
  readonly #rows = new Map<Stream, number>();
  readonly #terms: string;

  /** `terms`: all else that stands in the files. */
  constructor(terms: string) {
    this.#terms = terms;
  }

  add(block: StreamBlock): void {
    for (const [i, column] of columns.entries()) {
      const { buffer, byteOffset, byteLength } = block[column];
      this.#hashes[i]?.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
    for (const { stream, start, end } of block.runs) {
      this.#rows.set(stream, (this.#rows.get(stream) ?? 0) + end - start);
    }
  }

  get rows(): number {
    return this.#rows.values().reduce((sum, n) => sum + n, 0);
  }

  /** Datastreams that have rows. */
  get streams(): Stream[] {
    return [...this.#rows.keys()];
  }

  finish(): string {
    const whole = createHash('sha256').update(this.#terms);
    for (const [{ datastream, thing, smallestCount = 0 }, n] of this.#rows) {
      const { id, property, channel = '', unit } = datastream;
      whole.update(JSON.stringify([id, thing.id, property, channel, unit, smallestCount, n]));
    }
    for (const hash of this.#hashes) whole.update(hash.digest());
    return whole.digest('hex');
  }
}
