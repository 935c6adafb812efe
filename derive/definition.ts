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

/** Finds the windows that given observations make stale, each once. */
export const createMarker = (
  derivations: readonly Derivation[],
  propertyOf: (datastream: number) => string | undefined,
): ((observations: readonly Observation[]) => DirtyMark[]) => {
  // A datastream keeps its property for ever, so what concerns it is looked up once.
  const concerned = new Map<number, readonly Derivation[]>();
  const derivationsOf = (datastream: number): readonly Derivation[] => {
    const known = concerned.get(datastream);
    if (known) return known;
    const property = propertyOf(datastream);
    if (property === undefined) return [];
    const found = derivations.filter(({ concerns }) => concerns(property));
    concerned.set(datastream, found);
    return found;
  };
  return (observations) => {
    const marks = new Map<string, DirtyMark>();
    for (const { datastream, phenomenonTime } of observations) {
      for (const { name, windowMs } of derivationsOf(datastream)) {
        const window = Math.floor(phenomenonTime / windowMs) * windowMs;
        marks.set(`${name}|${window}|${datastream}`, { derivation: name, window, datastream });
      }
    }
    return [...marks.values()];
  };
};
