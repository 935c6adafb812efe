import pino from 'pino';
import type { HubError } from '../../model/errors.ts';
import type { Counters, Intake, Receipt } from '../../model/ports.ts';

export interface Message {
  readonly network: string;
  readonly topic: string | undefined;
  readonly body: Uint8Array;
}

/** An intake in memory that commits when the test says so. */
export class TestIntake implements Intake {
  /** Handed over, whatever became of them. */
  readonly messages: Message[] = [];
  /** Those whose sender may be acknowledged. */
  readonly committed: string[] = [];
  holds = false;
  failure: HubError | undefined;
  limit = 10_000;
  #open: (() => void)[] = [];

  get waiting(): number {
    return this.#open.length;
  }

  async receive(network: string, topic: string | undefined, body: Uint8Array): Promise<Receipt> {
    if (this.failure) throw this.failure;
    this.messages.push({ network, topic, body: Buffer.from(body) });
    const position = this.messages.length;
    if (this.holds) await new Promise<void>((resolve) => this.#open.push(resolve));
    if (this.failure) throw this.failure;
    this.committed.push(Buffer.from(body).toString());
    return { position };
  }

  /** Commits what waits. */
  commit(): void {
    const open = this.#open;
    this.#open = [];
    for (const resolve of open) resolve();
  }

  get bodies(): string[] {
    return this.messages.map(({ body }) => Buffer.from(body).toString());
  }
}

/** Counts by name and labels. */
export class TestCounters implements Counters {
  readonly counts = new Map<string, number>();

  add(name: string, labels: Readonly<Record<string, string>> = {}, by = 1): void {
    const key = [name, ...Object.values(labels)].join(' ');
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  refused(reason: string): number {
    return this.counts.get(`plietsch_broker_refused_total ${reason}`) ?? 0;
  }
}

export const silent = pino({ level: 'silent' });

/** Waits until a condition holds, at most two seconds. */
export const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  if (!holds()) throw new Error('the condition did not come true within two seconds');
};
