import { type EpochMs, MINUTE } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import { type Extent, extentOf, type PublicDataset, publicDatasets } from './public-dataset.ts';
import { createShelf } from './shelf.ts';

const KEEP_EXTENT_MS = 5 * MINUTE;

export interface ShowcaseDeps {
  /** The public's reader: catalogue and pages show everybody the same, whoever asks. */
  readonly reader: Reader;
  readonly clock: () => EpochMs;
}

/** The published datasets, computed once per version of the registry. */
export interface Showcase extends ShowcaseDeps {
  datasets(): readonly PublicDataset[];
  dataset(id: string): PublicDataset | undefined;
  extent(dataset: PublicDataset): Promise<Extent | undefined>;
}

export const createShowcase = (deps: ShowcaseDeps): Showcase => {
  const { reader, clock } = deps;
  const version = () => reader.version();
  let of = -1;
  let datasets: readonly PublicDataset[] = [];
  const extents = createShelf<Extent | undefined>({
    version,
    clock,
    keepMs: KEEP_EXTENT_MS,
    staleMs: 10 * MINUTE,
    size: 1_000,
  });
  const all = (): readonly PublicDataset[] => {
    if (of !== version()) {
      of = version();
      datasets = publicDatasets(reader);
    }
    return datasets;
  };
  const find = (id: string) => all().find(({ dataset }) => dataset.id === id);
  return {
    ...deps,
    datasets: all,
    dataset: find,
    extent: async ({ dataset: { id } }) => {
      // Who asks may have begun before the registry changed: what was seen then must not be kept as what is seen now.
      const entry = find(id);
      return entry && extents(id, () => extentOf(reader, entry.streams, clock()));
    },
  };
};
