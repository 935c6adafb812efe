import type { Observation } from '../model/observation.ts';
import type { ValueDiff } from '../model/ports.ts';

export const MAX_LISTED = 100;

export const emptyDiff: ValueDiff = { unchanged: 0, changed: 0, added: 0, gone: 0, largest: [] };

type Listed = ValueDiff['largest'][number];

const NEW_OR_GONE = Number.MAX_VALUE;

const size = ({ before, after }: Listed): number =>
  typeof before === 'number' && typeof after === 'number' ? Math.abs(after - before) : NEW_OR_GONE;

/** Compares what a chunk of the journal gives now with what the store holds of it. */
export const diffChunk = (
  {
    computed,
    stored,
    at,
  }: { computed: readonly Observation[]; stored: readonly Observation[]; at: ReadonlyMap<string, Observation> },
  idOf: (datastream: number) => string,
): { diff: ValueDiff; gone: Observation[] } => {
  const counts = { unchanged: 0, changed: 0, added: 0 };
  const largest: Listed[] = [];
  const keys = new Set<string>();
  const list = (observation: Observation, before: Listed['before'], after: Listed['after']) =>
    largest.push({
      datastream: idOf(observation.datastream),
      phenomenonTime: observation.phenomenonTime,
      before,
      after,
    });
  for (const observation of computed) {
    const key = keyOf(observation);
    keys.add(key);
    const held = at.get(key);
    if (!held) {
      counts.added++;
      list(observation, undefined, observation.value);
    } else if (held.value === observation.value || outranks(held, observation)) counts.unchanged++;
    else {
      counts.changed++;
      list(observation, held.value, observation.value);
    }
  }
  const gone = stored.filter((observation) => !keys.has(keyOf(observation)));
  for (const observation of gone) list(observation, observation.value, undefined);
  return { diff: { ...counts, gone: gone.length, largest: top(largest) }, gone };
};

export const keyOf = ({ datastream, phenomenonTime }: Pick<Observation, 'datastream' | 'phenomenonTime'>): string =>
  `${datastream}|${phenomenonTime}`;

const outranks = (a: Observation, b: Observation): boolean =>
  a.position > b.position || (a.position === b.position && a.record > b.record);

const top = (listed: Listed[]): Listed[] => listed.sort((a, b) => size(b) - size(a)).slice(0, MAX_LISTED);

export const addDiffs = (a: ValueDiff, b: ValueDiff): ValueDiff => ({
  unchanged: a.unchanged + b.unchanged,
  changed: a.changed + b.changed,
  added: a.added + b.added,
  gone: a.gone + b.gone,
  largest: top([...a.largest, ...b.largest]),
});
