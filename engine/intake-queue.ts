import { HubError } from '../model/errors.ts';
import type { Receipt } from '../model/ports.ts';
import type { EpochMs } from '../model/time.ts';
import type { IntakeMessage, ReceiptsMessage } from './protocol.ts';
import { unpackError } from './rpc.ts';

interface Waiting {
  readonly network: string;
  readonly topic: string | undefined;
  readonly body: Uint8Array;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: Error) => void;
}

export interface IntakeQueueOptions {
  readonly post: (message: IntakeMessage, transfer: readonly ArrayBuffer[]) => void;
  readonly maxWaiting: number;
  readonly clock: () => EpochMs;
}

/** Batches on their way at once: one is being committed while the next is being filled. */
const BATCHES_UNDERWAY = 2;
const MAX_BATCH = 2_000;

/** Gathers what arrives while a commit is under way into the next batch: the busier the hub, the larger its commits. */
export class IntakeQueue {
  readonly #options: IntakeQueueOptions;
  readonly #underway = new Map<number, readonly Waiting[]>();
  #gathering: Waiting[] = [];
  #scheduled = false;
  #nextId = 1;
  #count = 0;

  constructor(options: IntakeQueueOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#count;
  }

  receive(network: string, topic: string | undefined, body: Uint8Array): Promise<Receipt> {
    if (this.#count >= this.#options.maxWaiting) {
      return Promise.reject(new HubError('HUB_OVERLOADED', `${this.#count} uplinks wait for the journal`));
    }
    this.#count++;
    return new Promise((resolve, reject) => {
      this.#gathering.push({ network, topic, body, resolve, reject });
      this.#schedule();
    });
  }

  settle({ id, positions, error }: ReceiptsMessage): void {
    const batch = this.#underway.get(id) ?? [];
    this.#underway.delete(id);
    this.#count -= batch.length;
    for (const [i, waiting] of batch.entries()) {
      const position = positions?.[i];
      if (position === undefined) waiting.reject(error ? unpackError(error) : new HubError('HUB_INTERNAL'));
      else waiting.resolve(position > 0 ? { position } : { duplicateOf: -position });
    }
    this.#schedule();
  }

  abandon(reason: Error): void {
    for (const batch of [...this.#underway.values(), this.#gathering]) for (const { reject } of batch) reject(reason);
    this.#underway.clear();
    this.#gathering = [];
    this.#count = 0;
  }

  #schedule(): void {
    if (this.#scheduled || this.#gathering.length === 0 || this.#underway.size >= BATCHES_UNDERWAY) return;
    this.#scheduled = true;
    // After the present turn of the event loop: what one socket read brings in goes into one batch.
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const batch = this.#gathering.splice(0, MAX_BATCH);
    if (batch.length === 0) return;
    const lengths = Uint32Array.from(batch, ({ body }) => body.byteLength);
    const bodies = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
    let offset = 0;
    for (const { body } of batch) {
      bodies.set(body, offset);
      offset += body.byteLength;
    }
    const id = this.#nextId++;
    this.#underway.set(id, batch);
    const message: IntakeMessage = {
      type: 'intake',
      id,
      networks: batch.map(({ network }) => network),
      topics: batch.map(({ topic }) => topic),
      lengths,
      bodies,
      arrivedAt: this.#options.clock(),
    };
    this.#options.post(message, [bodies.buffer]);
    this.#schedule();
  }
}
