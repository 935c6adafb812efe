import type { ErrorCode } from '../model/errors.ts';
import type { NewEntry } from '../store/journal.ts';
import { type AppendResult, type Outcome, outcomes, type Settlement } from '../store/journal.ts';
import type { StatsMessage } from './protocol.ts';

type NetworkTotals = StatsMessage['networks'][string];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const noOutcomes = (): Record<Outcome, number> =>
  Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;

/** Running totals of the writer thread since it started. */
export class Statistics {
  readonly #networks = new Map<string, Mutable<NetworkTotals> & { outcomes: Record<Outcome, number> }>();
  readonly #deadLetters: Partial<Record<ErrorCode, number>> = {};
  #observations = 0;
  #commitsMs: number[] = [];

  /** Networks are counted from nothing, so that their first message is a growth. */
  constructor(networks: readonly string[]) {
    for (const network of networks) this.#of(network);
  }

  appended(entries: readonly NewEntry[], results: readonly AppendResult[]): void {
    for (const [i, result] of results.entries()) {
      const { network, message } = entries[i] as NewEntry;
      const totals = this.#of(network);
      totals.received++;
      if ('duplicateOf' in result) totals.duplicates++;
      else if (message.kind === 'unparsable') {
        totals.outcomes.deadLetter++;
        this.#deadLetter(message.code);
      } else if (message.kind === 'ignored') totals.outcomes.ignored++;
    }
  }

  projected(settled: readonly Settlement[], observations: number): void {
    for (const { network, outcome, code } of settled) {
      this.#of(network).outcomes[outcome]++;
      if (outcome === 'deadLetter' && code) this.#deadLetter(code);
    }
    this.#observations += observations;
  }

  committed(ms: number): void {
    if (this.#commitsMs.length < 10_000) this.#commitsMs.push(ms);
  }

  /** Hands out the totals and the commit times since the last call. */
  take(): Pick<StatsMessage, 'networks' | 'deadLetters' | 'observations' | 'commitsMs'> {
    const commitsMs = this.#commitsMs;
    this.#commitsMs = [];
    const networks = Object.fromEntries(
      [...this.#networks].map(([id, totals]) => [id, { ...totals, outcomes: { ...totals.outcomes } }]),
    );
    return { networks, deadLetters: { ...this.#deadLetters }, observations: this.#observations, commitsMs };
  }

  #deadLetter(code: ErrorCode): void {
    this.#deadLetters[code] = (this.#deadLetters[code] ?? 0) + 1;
  }

  #of(network: string) {
    let totals = this.#networks.get(network);
    if (!totals) {
      totals = { received: 0, duplicates: 0, outcomes: noOutcomes() };
      this.#networks.set(network, totals);
    }
    return totals;
  }
}
