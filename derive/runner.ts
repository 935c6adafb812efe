import type { ObservationStore } from '../store/observations.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import type { WorkStore } from '../store/work.ts';
import type { Derivation } from './definition.ts';

export interface RunnerDeps {
  readonly derivations: readonly Derivation[];
  readonly observations: ObservationStore;
  readonly registry: RegistryIndex;
  readonly work: WorkStore;
  readonly together: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Recomputes dirty windows, the oldest first. */
export class DerivationRunner {
  readonly #deps: RunnerDeps;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /** Recomputes up to `limit` windows of each derivation; answers how many there were. */
  async step(limit: number): Promise<number> {
    let done = 0;
    for (const derivation of this.#deps.derivations) done += await this.#stepOf(derivation, limit);
    return done;
  }

  async #stepOf(derivation: Derivation, limit: number): Promise<number> {
    const { observations, registry, work, together } = this.#deps;
    const marks = await work.dirty(derivation.name, limit);
    if (marks.length === 0) return 0;
    await together(async () => {
      for (const mark of marks) {
        const { judged } = await derivation.compute(mark, { observations, registry });
        if (judged.length > 0) await observations.qualify(judged);
      }
      await work.clean(marks);
    });
    return marks.length;
  }
}
