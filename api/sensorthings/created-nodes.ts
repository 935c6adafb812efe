import { type StaEntity, type StaSet, staEntityId, staThingId } from '../../model/sensor-things.ts';
import type { RegistryIndex } from '../../store/registry-index.ts';
import type { View } from '../visibility.ts';
import { backLinkOf, entityTypes, isKept } from './entity-model.ts';
import { FEATURES, type GraphBuilder } from './node.ts';

/**
 * Adds what was created through SensorThings: all of it for those who see the whole region; for others the Things and
 * Datastreams that stand for a thing or datastream they see, and what these lead to.
 */
export const addCreated = (
  builder: GraphBuilder,
  { registry, view }: { registry: RegistryIndex; view: View },
): void => {
  const seen = seenEntities(registry, view);
  for (const entity of seen.values()) {
    const { set, number } = entity;
    const stream = set === 'Datastreams' ? view.byKey.get(number) : undefined;
    builder.add({ set, number, created: entity, stream, describe: () => inOrder(entity) });
  }
  for (const entity of seen.values()) addLinks(builder, entity);
};

const seenEntities = (registry: RegistryIndex, view: View): Map<string, StaEntity> => {
  const seen = new Map<string, StaEntity>();
  const waiting: StaEntity[] = [];
  for (const entity of registry.list('staEntity')) {
    if (isSeen(view, entity)) seen.set(entity.id, entity);
    else waiting.push(entity);
  }
  const reach = (set: StaSet, numbers: readonly number[] = []): void => {
    for (const number of numbers) {
      const entity = registry.get('staEntity', staEntityId(set, number));
      if (entity) seen.set(entity.id, entity);
    }
  };
  for (const entity of waiting) {
    const [thing] = entity.set === 'HistoricalLocations' ? (entity.links.Thing ?? []) : [];
    if (thing !== undefined && view.holds('thing', staThingId(thing))) seen.set(entity.id, entity);
  }
  for (const { links } of seen.values()) {
    reach('Locations', links.Locations);
    reach('Sensors', links.Sensor);
    reach('ObservedProperties', links.ObservedProperty);
    reach('FeaturesOfInterest', links[FEATURES]);
  }
  return seen;
};

const isSeen = (view: View, { set, number, id }: StaEntity): boolean => {
  if (set === 'Datastreams') return view.byKey.has(number);
  if (set === 'Things') return view.holds('thing', staThingId(number));
  return view.holds('staEntity', id);
};

/** Properties in the order of the standard; those that the hub makes itself are left aside. */
const inOrder = ({ set, body }: StaEntity): Record<string, unknown> => {
  const ordered: Record<string, unknown> = {};
  for (const { name, derived } of entityTypes[set].properties) if (!derived && name in body) ordered[name] = body[name];
  return ordered;
};

const addLinks = (builder: GraphBuilder, { set, number, links }: StaEntity): void => {
  const node = builder.get(set, number);
  if (!node) return;
  for (const navigation of entityTypes[set].navigations.filter(isKept)) {
    const { name, set: target } = navigation;
    for (const other of links[name] ?? []) {
      const there = target !== 'Observations' && builder.get(target, other);
      if (there) builder.link([node, name], [there, backLinkOf(set, navigation).name]);
    }
  }
  for (const feature of links[FEATURES] ?? []) {
    const there = builder.get('FeaturesOfInterest', feature);
    if (there) builder.observes(node, there);
  }
};
