import type { Dataset } from '../../model/registry.ts';
import { type EpochMs, formatTime } from '../../model/time.ts';
import { licenceTerms } from '../catalogue/licences.ts';
import type { Stream } from '../visibility.ts';

/** Datasets that an answer names, at most: more are not read by anybody. */
const MAX_NAMED = 50;

/** What somebody must know who uses a table: stands in it, in every format. */
export interface Terms {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Quality flags of what is in it, and of what was left out. */
  readonly quality: readonly string[];
  readonly excluded: readonly string[];
  /** Width of buckets, as it was asked for. */
  readonly every?: string;
  readonly timeZone?: string;
  /** Observations of which those in it were chosen, and how. */
  readonly decimated?: { readonly of: number; readonly method: string };
  readonly datasets: readonly Dataset[];
}

/** Datasets that datastreams belong to, each once, by id. */
export const datasetsOf = (streams: Iterable<Stream>): Dataset[] => {
  const found = new Map<string, Dataset>();
  for (const { datasets } of streams) {
    if (found.size >= MAX_NAMED) break;
    for (const dataset of datasets) found.set(dataset.id, dataset);
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MAX_NAMED);
};

export const presentTerms = (dataset: Dataset) => ({
  id: dataset.id,
  title: dataset.title,
  licence: dataset.licence,
  licenceUrl: licenceTerms[dataset.licence].url,
  attribution: dataset.attribution,
});

/** The terms as plain data. */
export const termsObject = ({ from, to, quality, excluded, every, timeZone, decimated, datasets }: Terms) => ({
  from: formatTime(from),
  to: formatTime(to),
  quality,
  excluded,
  ...(every !== undefined && { every, timeZone }),
  ...(decimated && { decimated }),
  datasets: datasets.map(presentTerms),
});
