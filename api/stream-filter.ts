import type { Reader } from './access.ts';
import { type BoundingBox, isWithin } from './bbox.ts';
import { streamPasses } from './routes/datastreams.ts';
import type { Stream } from './visibility.ts';

type Filter = Parameters<typeof streamPasses>[1] & {
  readonly dataset?: string | undefined;
  readonly bbox?: BoundingBox | undefined;
};

/** Datastreams that an asker sees and that satisfy every filter, by id; those of an unknown dataset are none. */
export function* streamsThatPass(reader: Reader, filter: Filter, after?: string): Generator<Stream> {
  const dataset = filter.dataset === undefined ? undefined : reader.find('dataset', filter.dataset);
  if (filter.dataset !== undefined && !dataset) return;
  const { bbox } = filter;
  for (const stream of reader.streams(after)) {
    const isIn = !bbox || (stream.site !== undefined && isWithin(stream.site.geometry.coordinates, bbox));
    if (isIn && streamPasses(stream, filter) && (!dataset || reader.isMember(stream, dataset))) yield stream;
  }
}
