import { isDeepStrictEqual } from 'node:util';
import { asHubError, HubError, isStoreTrouble } from '../model/errors.ts';
import type { EpochMs } from '../model/time.ts';
import type { Derivation, Derived } from '../store/derivation.ts';
import type { EventMirror, EventReplacement, EventStore } from '../store/events.ts';
import type { ObservationStore } from '../store/observations.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import type { RollupStore } from '../store/rollups.ts';
import type { Commit, DirtyMark, WorkStore } from '../store/work.ts';
import { createMarker } from './definition.ts';
import { SetAside } from './set-aside.ts';

export interface RunnerDeps {
  readonly derivations: readonly Derivation[];
  readonly observations: ObservationStore;
  readonly rollups: RollupStore;
  readonly events: EventStore;
  /** Where events are also written, if anywhere. */
  readonly mirror?: EventMirror;
  readonly registry: RegistryIndex;
  readonly work: WorkStore;
  /** Observations before this instant may have been pruned. */
  readonly keptSince: () => EpochMs;
  readonly commit: Commit;
}

/** Windows that are computed at once. */
const AT_ONCE = 8;

interface Result {
  readonly mark: DirtyMark;
  readonly derived: Derived;
}

interface Turn {
  readonly derivation: Derivation;
  /** Its windows that cannot be computed. */
  readonly aside: SetAside;
}

/**
 * Recomputes dirty windows, the oldest first. A window whose computation fails stays dirty, is set aside and tried again
 * ever more rarely, so that it stops neither the others nor other derivations. Nothing else may write observations while
 * a step runs: what came between its reading and its end would be called clean unseen.
 */
export class DerivationRunner {
  readonly #deps: RunnerDeps;
  readonly #aside: ReadonlyMap<Derivation, SetAside>;
  /** Whose turn it is. */
  #next = 0;
  /** What the other derivations have to look at again when one has passed verdicts on observations. */
  readonly #markOthers: ReadonlyMap<Derivation, ReturnType<typeof createMarker>>;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    const { derivations, registry } = deps;
    this.#aside = new Map(derivations.map((derivation) => [derivation, new SetAside()]));
    const propertyOf = (key: number) => registry.datastreamByKey(key)?.property;
    this.#markOthers = new Map(
      derivations.map((derivation) => {
        const others = derivations.filter((other) => other !== derivation);
        return [derivation, createMarker(others, propertyOf)];
      }),
    );
  }

  /** Windows that are set aside because their computation failed. */
  get failing(): number {
    return [...this.#aside.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Recomputes up to `limit` windows of each derivation; answers how many there were. Throws what the store throws, and
   * HUB_INTERNAL once, after everything else is done, when a derivation that worked begins to fail. Begins no further
   * window once `isEnough`; then the next step goes on with the next derivation, so that none waits for ever.
   */
  async step(limit: number, isEnough: () => boolean = () => false): Promise<number> {
    let done = 0;
    let fault: HubError | undefined;
    const turns = [...this.#aside];
    for (let i = 0; i < turns.length && (i === 0 || !isEnough()); i++) {
      const [derivation, aside] = turns[this.#next % turns.length] as (typeof turns)[number];
      this.#next++;
      const hasWorked = aside.size === 0;
      done += await this.#stepOf({ derivation, aside }, limit, isEnough);
      if (hasWorked) fault ??= aside.fault;
    }
    if (fault) throw fault;
    return done;
  }

  async #stepOf({ derivation, aside }: Turn, limit: number, isEnough: () => boolean): Promise<number> {
    const { work } = this.#deps;
    const marks = aside.due(await work.dirty(derivation.name, limit + aside.size), limit);
    const results = await this.#computeAll({ derivation, aside }, marks, isEnough);
    if (results.length > 0) await this.#store(derivation, results);
    for (const { mark } of results) aside.succeeded(mark);
    return results.length;
  }

  /**
   * Several at once: where observations are kept elsewhere, asking takes longer than computing. After trouble of the store
   * no further one is begun, so that nothing waits behind questions whose answers nobody wants.
   */
  async #computeAll(
    { derivation, aside }: Turn,
    marks: readonly DirtyMark[],
    isEnough: () => boolean,
  ): Promise<Result[]> {
    const results: Result[] = [];
    const left = [...marks];
    const work = async (): Promise<void> => {
      for (let mark = left.shift(); mark; mark = isEnough() ? undefined : left.shift()) {
        try {
          const derived = await this.#compute(derivation, mark, aside);
          if (derived) results.push({ mark, derived });
        } catch (thrown) {
          left.length = 0;
          throw thrown;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return results;
  }

  async #store(derivation: Derivation, results: readonly Result[]): Promise<void> {
    const { observations, rollups, events, mirror, work, commit } = this.#deps;
    const judged = results.flatMap(({ derived }) => derived.judged ?? []);
    const hours = results.flatMap(({ derived }) => derived.rollups ?? []);
    const replacements = await this.#changed(results.flatMap(({ derived }) => derived.events ?? []));
    // Before the verdicts: once they are written they are no news, and nothing would mark these windows again.
    const stale = this.#markOthers.get(derivation)?.(judged) ?? [];
    if (stale.length > 0) await work.markDirty(stale);
    await commit({
      elsewhere: async () => {
        if (judged.length > 0) await observations.qualify(judged);
        if (hours.length > 0) await rollups.replace(hours);
        if (replacements.length > 0) await mirror?.events(replacements);
      },
      here: async () => {
        for (const replacement of replacements) await events.replace(replacement);
        await work.clean(results.map(({ mark }) => mark));
      },
    });
  }

  /** Most windows hold no news: what is stored already needs no writing. */
  async #changed(replacements: readonly EventReplacement[]): Promise<EventReplacement[]> {
    const changed: EventReplacement[] = [];
    for (const replacement of replacements) {
      const held = await this.#deps.events.held(replacement.span);
      if (!isDeepStrictEqual(held, replacement.events)) changed.push(replacement);
    }
    return changed;
  }

  async #compute(derivation: Derivation, mark: DirtyMark, aside: SetAside): Promise<Derived | undefined> {
    const { observations, registry, rollups, keptSince } = this.#deps;
    try {
      return await derivation.compute(mark, { observations, registry, rollups, keptSince: keptSince() });
    } catch (cause) {
      // Trouble of the store is not the window's fault.
      if (isStoreTrouble(cause)) throw cause;
      const { datastream, window } = mark;
      const where = `datastream ${datastream} from ${new Date(window).toISOString()}`;
      const detail = `Derivation ${derivation.name} of ${where}: ${asHubError(cause).message}`;
      aside.failed(mark, new HubError('HUB_INTERNAL', detail, { cause }));
      return undefined;
    }
  }
}
