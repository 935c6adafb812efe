import { stringify } from 'yaml';
import { type RegionEntity, regionLists } from './region-entity.ts';

/**
 * The text of a region file that parseRegion reads back to the same entries. Members at their default are left out, and
 * so are the things that the hub makes itself (kind device).
 */
export const formatRegion = (entities: readonly RegionEntity[]): string => {
  const file: Record<string, unknown[]> = {};
  for (const [list, kind] of Object.entries(regionLists)) {
    const entries = entities.filter((entity) => entity.kind === kind && !isMadeByHub(entity)).map(withoutDefaults);
    if (entries.length > 0) file[list] = entries;
  }
  if (Object.keys(file).length === 0) return '{}\n';
  // No anchors: what reads as a copy should be one. No folding: a line of text stays a line.
  return stringify(file, { lineWidth: 0, aliasDuplicateObjects: false, flowCollectionPadding: false });
};

const isMadeByHub = ({ kind, put }: RegionEntity): boolean => kind === 'thing' && put.kind === 'device';

const withoutDefaults = ({ put }: RegionEntity): Record<string, unknown> =>
  Object.fromEntries(Object.entries(put).filter(([key, value]) => !isDefault(key, value)));

const isDefault = (key: string, value: unknown): boolean => {
  if (value === undefined || value === null) return true;
  if (key === 'simulated') return value === false;
  if (key === 'parameters' || key === 'properties' || key === 'channels') return Object.keys(value).length === 0;
  if (key === 'attribution') return value === '';
  if (key === 'delayMinutes') return value === 0;
  return key === 'visibility' && value === 'private';
};
