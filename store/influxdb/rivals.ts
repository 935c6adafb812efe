import { isLater, type Observation } from '../../model/observation.ts';
import type { EpochMs } from '../../model/time.ts';
import type { ObservationIndex } from '../observation-index.ts';
import type { Change, Doubts } from './doubts.ts';
import { placeOf } from './point.ts';
import type { PointReader } from './point-reader.ts';

interface RivalsDeps {
  readonly index: Pick<ObservationIndex, 'newestTime'>;
  readonly reader: PointReader;
  readonly doubts: Doubts;
}

interface Decided {
  readonly winners: readonly Observation[];
  readonly changes: readonly Change[];
}

/** Decides what counts where several observations are of one instant, in a batch or in the store. */
export class Rivals {
  readonly #deps: RivalsDeps;

  constructor(deps: RivalsDeps) {
    this.#deps = deps;
  }

  /**
   * Those of a batch that count: of one instant the highest (position, record). What is newer than everything that a
   * datastream holds meets nobody; for the rest the store is asked first.
   */
  async winners(batch: readonly Observation[]): Promise<Decided> {
    const { index, doubts } = this.#deps;
    const newest = new Map<number, EpochMs>();
    const contested = new Set<number>();
    for (const { datastream, phenomenonTime } of batch) {
      const known = newest.get(datastream) ?? index.newestTime(datastream);
      if (known !== undefined && phenomenonTime <= known) contested.add(datastream);
      else newest.set(datastream, phenomenonTime);
    }
    for (const observation of doubts.among(batch)) contested.add(observation.datastream);
    if (contested.size === 0) return { winners: batch, changes: [] };
    const free = batch.filter(({ datastream }) => !contested.has(datastream));
    const { winners, changes } = await this.decide(batch.filter(({ datastream }) => contested.has(datastream)));
    return { winners: [...free, ...winners], changes };
  }

  /** The same, whatever their datastreams hold. */
  async decide(batch: readonly Observation[]): Promise<Decided> {
    const { index, doubts, reader } = this.#deps;
    const best = new Map<string, Observation>();
    for (const observation of batch) {
      const rival = best.get(placeOf(observation));
      if (!rival || !isLater(rival, observation)) best.set(placeOf(observation), observation);
    }
    const wanted = [...best.values()];
    const doubted = new Set(doubts.among(wanted));
    const takenBefore = wanted.filter(
      (one) => one.phenomenonTime <= (index.newestTime(one.datastream) ?? Number.NEGATIVE_INFINITY) || doubted.has(one),
    );
    const held = await reader.at(takenBefore.map(({ datastream, phenomenonTime: time }) => ({ datastream, time })));
    const changes: Change[] = [];
    for (const before of held) {
      const after = best.get(placeOf(before));
      if (!after) continue;
      // What is in doubt stands in nobody's way: it is written again, or it goes.
      if (isLater(before, after) && !doubts.has(before)) best.delete(placeOf(before));
      else changes.push({ before, after });
    }
    return { winners: [...best.values()], changes };
  }
}
