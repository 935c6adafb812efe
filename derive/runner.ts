import { asHubError, HubError } from '../model/errors.ts';
import type { ObservationStore } from '../store/observations.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import type { DirtyMark, WorkStore } from '../store/work.ts';
import type { Derivation, Derived } from './definition.ts';
import { SetAside } from './set-aside.ts';

export interface RunnerDeps {
  readonly derivations: readonly Derivation[];
  readonly observations: ObservationStore;
  readonly registry: RegistryIndex;
  readonly work: WorkStore;
  /** What happens inside is stored together or not at all: verdicts, and that their window is clean. */
  readonly together: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Recomputes dirty windows, the oldest first. A window whose computation fails stays dirty, is set aside and tried again
 * ever more rarely, so that it stops neither the others nor other derivations.
 */
export class DerivationRunner {
  readonly #deps: RunnerDeps;
  readonly #aside: ReadonlyMap<Derivation, SetAside>;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#aside = new Map(deps.derivations.map((derivation) => [derivation, new SetAside()]));
  }

  /** Windows that are set aside because their computation failed. */
  get failing(): number {
    return [...this.#aside.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Recomputes up to `limit` windows of each derivation; answers how many there were. Throws what the store throws, and
   * HUB_INTERNAL once, after everything else is done, when a derivation that worked begins to fail.
   */
  async step(limit: number): Promise<number> {
    let done = 0;
    let fault: HubError | undefined;
    for (const [derivation, aside] of this.#aside) {
      const hasWorked = aside.size === 0;
      done += await this.#stepOf(derivation, aside, limit);
      if (hasWorked) fault ??= aside.fault;
    }
    if (fault) throw fault;
    return done;
  }

  async #stepOf(derivation: Derivation, aside: SetAside, limit: number): Promise<number> {
    const { observations, work, together } = this.#deps;
    const marks = aside.due(await work.dirty(derivation.name, limit + aside.size), limit);
    if (marks.length === 0) return 0;
    const clean: DirtyMark[] = [];
    await together(async () => {
      for (const mark of marks) {
        const derived = await this.#compute(derivation, mark, aside);
        if (!derived) continue;
        if (derived.judged.length > 0) await observations.qualify(derived.judged);
        clean.push(mark);
      }
      await work.clean(clean);
    });
    for (const mark of clean) aside.succeeded(mark);
    return clean.length;
  }

  async #compute(derivation: Derivation, mark: DirtyMark, aside: SetAside): Promise<Derived | undefined> {
    const { observations, registry } = this.#deps;
    try {
      return await derivation.compute(mark, { observations, registry });
    } catch (cause) {
      // Trouble of the store is not the window's fault.
      if (cause instanceof HubError && cause.retryable) throw cause;
      const { datastream, window } = mark;
      const where = `datastream ${datastream} from ${new Date(window).toISOString()}`;
      const detail = `Derivation ${derivation.name} of ${where}: ${asHubError(cause).message}`;
      aside.failed(mark, new HubError('HUB_INTERNAL', detail, { cause }));
      return undefined;
    }
  }
}
