import { type EntitySet, entityTypes } from './entity-model.ts';
import type { Json } from './node-values.ts';

interface Feature {
  readonly type: 'Feature';
  readonly id?: string;
  readonly properties: Json;
  readonly geometry: unknown;
}

/**
 * An entity as a GeoJSON feature, by FROST's convention: the first geometry on the way is its own, everything else lies
 * flat in its properties, named by its path.
 */
export const featureOf = (set: EntitySet, entity: Json): Feature => {
  const properties: Json = {};
  const into: Collecting = { properties, geometry: null };
  flattenEntity(set, entity, { into, prefix: '' });
  const id = entity['@iot.id'];
  return { type: 'Feature', ...(id !== undefined && { id: `${id as number}` }), properties, geometry: into.geometry };
};

interface Collecting {
  readonly properties: Json;
  geometry: unknown;
}

interface Place {
  readonly into: Collecting;
  readonly prefix: string;
}

const flattenEntity = (set: EntitySet, entity: Json, { into, prefix }: Place): void => {
  const { properties, navigations } = entityTypes[set];
  if ('@iot.id' in entity) into.properties[`${prefix}id`] = entity['@iot.id'];
  if ('@iot.selfLink' in entity) into.properties[`${prefix}@iot.selfLink`] = entity['@iot.selfLink'];
  for (const { name, kind } of properties) {
    const value = entity[name];
    if (value === undefined || value === null) continue;
    if (kind === 'json') takeGeometry(value, { into, prefix: `${prefix}${name}` });
    else flatten(value, { into, prefix: `${prefix}${name}` });
  }
  for (const { name, set: target } of navigations) {
    const found = entity[name];
    if (Array.isArray(found)) {
      for (const [i, inner] of found.entries()) {
        flattenEntity(target, inner as Json, { into, prefix: `${prefix}${name}/${i}/` });
      }
    } else if (found) flattenEntity(target, found as Json, { into, prefix: `${prefix}${name}/` });
  }
};

const geometryTypes = new Set([
  'Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon', 'GeometryCollection',
]); // biome-ignore format: names read better in rows

/** A place may be a feature itself, with properties of its own; what is no GeoJSON stays a property. */
const takeGeometry = (value: unknown, place: Place): void => {
  const { type, geometry, properties } = value as Json;
  if (type === 'Feature') {
    place.into.geometry ??= geometry ?? null;
    if (properties) flatten(properties, { ...place, prefix: '' });
  } else if (geometryTypes.has(String(type))) place.into.geometry ??= value;
  else flatten(value, place);
};

const flatten = (value: unknown, { into, prefix }: Place): void => {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') into.properties[prefix] = value;
  else {
    for (const [key, inner] of Object.entries(value)) {
      flatten(inner, { into, prefix: prefix === '' ? key : `${prefix}/${key}` });
    }
  }
};
