import { type EntitySet, idNames, navigationOf, selfLinkNames } from './entity-model.ts';
import { type Extent, formatExtent } from './extents.ts';
import type { Node } from './node.ts';
import { featureOfRow, numberOfRow, type Row, rowProperties } from './row.ts';

/** An object as it is written. */
export type Json = Record<string, unknown>;

/** What a path is followed with. */
export interface Walk {
  readonly root: string;
  /** From when to when a Datastream reaches, where it was looked up. */
  readonly extentOf: (node: Node) => Extent | undefined;
  /** The feature of a number. */
  readonly feature: (number: number) => Node | undefined;
  /** Entity that stands for a set on the way, by the path that leads to it. */
  readonly bound?: ReadonlyMap<string, Node | Row | undefined>;
}

export const isRow = (entity: Node | Row): entity is Row => 'node' in entity;

export const setOf = (entity: Node | Row): EntitySet => (isRow(entity) ? 'Observations' : entity.set);

/** `@iot.id`. */
export const numberOf = (entity: Node | Row): number => (isRow(entity) ? numberOfRow(entity) : entity.number);

export const addressOf = (root: string, entity: Node | Row): string => `${root}/${setOf(entity)}(${numberOf(entity)})`;

/** Where a link to one entity leads. */
export const linked = (entity: Node | Row, link: string, { feature }: Pick<Walk, 'feature'>): Node | undefined => {
  if (!isRow(entity)) return entity.links[link]?.[0];
  if (link === 'Datastream') return entity.node;
  const number = featureOfRow(entity);
  return number === undefined ? undefined : feature(number);
};

/** A property of an entity as it is shown; undefined where there is none. */
export const propertyOfEntity = (entity: Node | Row, name: string, { extentOf }: Pick<Walk, 'extentOf'>): unknown => {
  if (isRow(entity)) return rowProperties[name]?.(entity);
  if (entity.set === 'Datastreams' && isTimeOfDatastream(name)) {
    const extent = name === 'resultTime' && entity.created ? undefined : extentOf(entity);
    return extent && formatExtent(extent);
  }
  return entity.body[name];
};

export const isTimeOfDatastream = (name: string): boolean => name === 'phenomenonTime' || name === 'resultTime';

/** The value at a path from an entity on; undefined where it leads nowhere. */
export const valueAt = (entity: Node | Row, steps: readonly string[], walk: Walk): unknown => {
  let at: Node | Row | undefined = entity;
  for (const [i, step] of steps.entries()) {
    if (!at) return undefined;
    const navigation = navigationOf(setOf(at), step);
    if (!navigation) return plainValue(at, steps.slice(i), walk);
    at = navigation.many ? walk.bound?.get(steps.slice(0, i + 1).join('/')) : linked(at, step, walk);
  }
  return undefined;
};

const plainValue = (entity: Node | Row, [name = '', ...deeper]: readonly string[], walk: Walk): unknown => {
  if (idNames.includes(name)) return numberOf(entity);
  if (selfLinkNames.includes(name)) return addressOf(walk.root, entity);
  return within(propertyOfEntity(entity, name, walk), deeper);
};

/** The value at a path within JSON. */
export const within = (value: unknown, path: readonly string[]): unknown => {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
};
