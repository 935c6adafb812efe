import type { ErrorCode } from '../model/errors.ts';
import type { NewEntry } from '../store/journal.ts';
import { type AppendResult, type Outcome, outcomes } from '../store/journal.ts';
import type { StatsMessage } from './protocol.ts';

/** Running totals of the writer thread since it started. */
export class Statistics {
  readonly #outcomes = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  readonly #deadLetters: Partial<Record<ErrorCode, number>> = {};
  #received = 0;
  #duplicates = 0;
  #observations = 0;
  #commitsMs: number[] = [];

  appended(entries: readonly NewEntry[], results: readonly AppendResult[]): void {
    this.#received += entries.length;
    for (const [i, result] of results.entries()) {
      const message = entries[i]?.message;
      if ('duplicateOf' in result) this.#duplicates++;
      else if (message?.kind === 'unparsable') {
        this.#outcomes.deadLetter++;
        this.deadLetter(message.code);
      } else if (message?.kind === 'ignored') this.#outcomes.ignored++;
    }
  }

  projected(settled: ReadonlyMap<Outcome, number>, observations: number): void {
    for (const [outcome, n] of settled) this.#outcomes[outcome] += n;
    this.#observations += observations;
  }

  deadLetter(code: ErrorCode): void {
    this.#deadLetters[code] = (this.#deadLetters[code] ?? 0) + 1;
  }

  committed(ms: number): void {
    if (this.#commitsMs.length < 10_000) this.#commitsMs.push(ms);
  }

  /** Hands out the totals and the commit times since the last call. */
  take(): Pick<StatsMessage, 'outcomes' | 'deadLetters' | 'received' | 'duplicates' | 'observations' | 'commitsMs'> {
    const commitsMs = this.#commitsMs;
    this.#commitsMs = [];
    return {
      outcomes: { ...this.#outcomes },
      deadLetters: { ...this.#deadLetters },
      received: this.#received,
      duplicates: this.#duplicates,
      observations: this.#observations,
      commitsMs,
    };
  }
}
