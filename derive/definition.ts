import type { Observation } from '../model/observation.ts';
import type { ObservationReader } from '../store/observations.ts';
import type { RegistryIndex } from '../store/registry-index.ts';
import type { DirtyMark } from '../store/work.ts';

/** A figure computed from observations for a datastream and a window of time, recomputed when the window becomes dirty. */
export interface Derivation {
  /** Stable name: marks are stored under it. */
  readonly name: string;
  /** Length of a window in milliseconds; windows are aligned to the epoch. */
  readonly windowMs: number;
  /** Whether observations of this property make the figure stale. */
  readonly concerns: (property: string) => boolean;
  /** Computes the window anew; answers what to write. Reads through `deps` only and writes nothing itself. */
  compute(mark: DirtyMark, deps: { observations: ObservationReader; registry: RegistryIndex }): Promise<Derived>;
}

export interface Derived {
  readonly judged: readonly Pick<
    Observation,
    'datastream' | 'phenomenonTime' | 'position' | 'record' | 'flag' | 'tests'
  >[];
}

/** The windows that given observations make stale, each once. */
export const marksFor = (
  observations: readonly Observation[],
  {
    derivations,
    propertyOf,
  }: { derivations: readonly Derivation[]; propertyOf: (datastream: number) => string | undefined },
): DirtyMark[] => {
  const marks = new Map<string, DirtyMark>();
  for (const { datastream, phenomenonTime } of observations) {
    const property = propertyOf(datastream);
    if (property === undefined) continue;
    for (const { name, windowMs, concerns } of derivations) {
      if (!concerns(property)) continue;
      const window = Math.floor(phenomenonTime / windowMs) * windowMs;
      const key = `${name}|${window}|${datastream}`;
      if (!marks.has(key)) marks.set(key, { derivation: name, window, datastream });
    }
  }
  return [...marks.values()];
};
