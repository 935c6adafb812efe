import { HubError } from '../../model/errors.ts';
import type { Datastream } from '../../model/registry.ts';

export type DatastreamOf = (key: number) => Datastream | undefined;

/** Of what is written there must be one. */
export const knownDatastream = (datastreamOf: DatastreamOf, key: number): Datastream => {
  const datastream = datastreamOf(key);
  if (!datastream) throw new HubError('HUB_INTERNAL', `There is no datastream ${key}`);
  return datastream;
};
