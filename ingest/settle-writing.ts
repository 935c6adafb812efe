import type { Observation } from '../model/observation.ts';
import type { ObservationChange } from '../model/sensor-things.ts';
import type { EpochMs } from '../model/time.ts';
import type { Writing } from '../model/uplink.ts';
import type { Settlement } from '../store/journal.ts';
import type { EntryResult } from './entry-result.ts';
import type { PipelineContext } from './step.ts';
import { judge } from './steps/qualify.ts';

interface WritingContext {
  readonly base: Pick<Settlement, 'position' | 'network' | 'arrivedAt' | 'kind'>;
  readonly context: Pick<PipelineContext, 'registrar'>;
  readonly now: EpochMs;
}

/** What was written by way of SensorThings; what went to datastreams that are gone is not placed. */
export const settleWriting = (
  { changes, receivedAt }: Writing,
  { base, context, now }: WritingContext,
): EntryResult => {
  const placed = changes.filter((change) => context.registrar.datastream(placeOf(change).datastream) !== undefined);
  if (placed.length === 0) return { settlement: { ...base, outcome: 'notPlaced' }, observations: [] };
  // The last word of a writing about an instant counts.
  const last = new Map(placed.map((change) => [keyOf(placeOf(change)), change]));
  const observations = [...last.values()].flatMap((change): Observation[] => {
    if ('remove' in change) return [];
    const { detail: _, ...put } = change.put;
    const property = context.registrar.datastream(put.datastream)?.property ?? '';
    const verdict =
      put.value === null
        ? { flag: put.flag, tests: 0 }
        : judge({ ...put, property, time: put.phenomenonTime }, receivedAt);
    return [{ ...put, ...verdict, position: base.position, record: 0, receivedAt, storedAt: now }];
  });
  return { settlement: { ...base, outcome: 'decoded' }, observations, changes: [...last.values()] };
};

type Place = { readonly datastream: number; readonly phenomenonTime: EpochMs };

const placeOf = (change: ObservationChange): Place => ('put' in change ? change.put : change.remove);

const keyOf = ({ datastream, phenomenonTime }: Place): string => `${datastream} ${phenomenonTime}`;

/** What the writings of a batch leave to be done beside appending values, which is done with all others. */
export interface WrittenBeside {
  /** Nothing may be left at these places by writings up to the position. */
  readonly removed: readonly (Place & { readonly position: number })[];
  /** Places that were written to, each with the detail that belongs there now. */
  readonly puts: readonly Extract<ObservationChange, { put: unknown }>['put'][];
  /** Values that a later writing of the same batch took away again. */
  readonly isTakenAway: (observation: Observation) => boolean;
}

export const writtenBeside = (results: readonly EntryResult[]): WrittenBeside | undefined => {
  const last = new Map<string, { change: ObservationChange; position: number }>();
  for (const { changes, settlement } of results) {
    for (const change of changes ?? []) {
      last.set(keyOf(placeOf(change)), { change, position: settlement.position });
    }
  }
  if (last.size === 0) return undefined;
  const removedAt = new Map<string, number>();
  for (const [key, { change, position }] of last) if ('remove' in change) removedAt.set(key, position);
  return {
    removed: [...last.values()].flatMap(({ change, position }) =>
      'remove' in change ? [{ ...change.remove, position }] : [],
    ),
    puts: [...last.values()].flatMap(({ change }) => ('put' in change ? [change.put] : [])),
    isTakenAway: (observation) => observation.position < (removedAt.get(keyOf(observation)) ?? 0),
  };
};
