import { type Fault, HubError } from './errors.ts';
import type { RegistryEntities } from './registry.ts';

/** The lists of a region file and the kind of entry each one holds, in the order in which entries refer to each other. */
export const regionLists = {
  municipalities: 'municipality',
  sites: 'site',
  things: 'thing',
  devices: 'device',
  deployments: 'deployment',
  datasets: 'dataset',
} as const;
export type RegionList = keyof typeof regionLists;
export type RegionKind = (typeof regionLists)[RegionList];
export const regionListNames = Object.keys(regionLists) as RegionList[];

/** One entry of a region file, in the shape that the API takes. */
export type RegionEntity = {
  [K in RegionKind]: { readonly kind: K; readonly put: RegistryEntities[K] };
}[RegionKind];

/** More faults than this help nobody; the rest is counted. */
const MAX_FAULTS = 500;

/** The refusal of a file: faults in the order of its lines, bounded. */
export const refuse = (code: 'HUB_REGION_INVALID' | 'HUB_CSV_INVALID', faults: readonly Fault[]): HubError => {
  const sorted = faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const shown = sorted.slice(0, MAX_FAULTS);
  if (sorted.length > shown.length)
    shown.push({ path: '', message: `and ${sorted.length - shown.length} more faults`, hint: 'correct these first' });
  const what = code === 'HUB_CSV_INVALID' ? 'CSV file' : 'region file';
  const message = `The ${what} has ${faults.length} fault${faults.length === 1 ? '' : 's'}`;
  return new HubError(code, message, { faults: shown });
};
