import type { Reader, SeenObservation } from '../access.ts';
import type { Stream } from '../visibility.ts';

/** Datastreams that are read at most for a page. */
const MAX_READ = 200;

/** A datastream with its newest value. */
export interface ValueRow {
  readonly stream: Stream;
  readonly observation: SeenObservation;
}

/** Of the first datastreams those that have a value. */
export const newestRows = async (reader: Reader, streams: readonly Stream[]): Promise<ValueRow[]> => {
  const asked = streams.slice(0, MAX_READ);
  const newest = await reader.latest(asked);
  return asked.flatMap((stream) => {
    const observation = newest.get(stream.datastream.key);
    return observation ? [{ stream, observation }] : [];
  });
};
