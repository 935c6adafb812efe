import type { Derivation, Instant } from '../store/derivation.ts';
import type { DirtyMark } from '../store/work.ts';

type Concern = readonly [index: number, derivation: Derivation];

/** Finds the windows that given observations make stale, each once. */
export const createMarker = (
  derivations: readonly Derivation[],
  propertyOf: (datastream: number) => string | undefined,
): ((observations: readonly Instant[]) => DirtyMark[]) => {
  // A datastream keeps its property for ever, so what concerns it is looked up once.
  const concerned = new Map<number, readonly Concern[]>();
  const concernsOf = (datastream: number): readonly Concern[] => {
    const known = concerned.get(datastream);
    if (known) return known;
    const property = propertyOf(datastream);
    if (property === undefined) return [];
    const found = [...derivations.entries()].filter(([, { concerns }]) => concerns(property));
    concerned.set(datastream, found);
    return found;
  };
  return (observations) => {
    // Every value comes along here: numbers as keys are far cheaper than texts.
    const seen = derivations.map(() => new Map<number, Set<number>>());
    const marks: DirtyMark[] = [];
    for (const { datastream, phenomenonTime } of observations) {
      for (const [i, { name, windowMs }] of concernsOf(datastream)) {
        const number = Math.floor(phenomenonTime / windowMs);
        const windows = seen[i] as Map<number, Set<number>>;
        const datastreams = windows.get(number);
        if (datastreams?.has(datastream)) continue;
        if (datastreams) datastreams.add(datastream);
        else windows.set(number, new Set([datastream]));
        marks.push({ derivation: name, window: number * windowMs, datastream });
      }
    }
    return marks;
  };
};
