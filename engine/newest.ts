import type { Observation } from '../model/observation.ts';
import type { Database } from '../store/embedded/database.ts';
import type { ObservationHome } from './observation-home.ts';

/** Datastreams from which on all newest values are kept for the next question. */
const MANY = 500;

type Newest = (datastreams?: readonly number[]) => Promise<readonly Observation[]>;

/**
 * The newest values of many datastreams, read again only when another connection has written since: a map that many look
 * at costs one read for each commit, and none at night.
 */
export const createNewest = ({ observations, isElsewhere }: ObservationHome, database: Database): Newest => {
  let held: { version: number; all: ReadonlyMap<number, Observation> } | undefined;
  // https://sqlite.org/pragma.html#pragma_data_version
  const version = () => (database.statement('PRAGMA data_version').get() as { data_version: number }).data_version;
  return async (datastreams) => {
    if (isElsewhere || (datastreams && datastreams.length < MANY)) return observations.latest(datastreams);
    const now = version();
    if (held?.version !== now) {
      const all = await observations.latest();
      held = { version: now, all: new Map(all.map((observation) => [observation.datastream, observation])) };
    }
    const { all } = held;
    return datastreams ? datastreams.flatMap((datastream) => all.get(datastream) ?? []) : [...all.values()];
  };
};
