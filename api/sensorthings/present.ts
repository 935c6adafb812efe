import type { Context } from './context.ts';
import { type EntitySet, entityTypes, idNames, type Navigation, selfLinkNames } from './entity-model.ts';
import { expandAll } from './expand.ts';
import type { Node } from './node.ts';
import {
  addressOf,
  isRow,
  isTimeOfDatastream,
  type Json,
  linked,
  numberOf,
  propertyOfEntity,
  setOf,
  type Walk,
  within,
} from './node-values.ts';
import type { Options } from './options.ts';
import type { Row } from './row.ts';
import { walkOf } from './walk.ts';

type Shown = Pick<Options, 'select' | 'expand'>;

/** Entities of one set as they are written (18-088 §9.3.2), with what is expanded. */
export const presentAll = async (
  context: Context,
  entities: readonly (Node | Row)[],
  options: Shown,
): Promise<Json[]> => {
  const [first] = entities;
  if (!first) return [];
  context.budget.spend(entities.length);
  const set = setOf(first);
  const shape = shapeOf(set, options);
  const extents = shape.hasTimes
    ? await context.extents.of(
        context.reader,
        entities.flatMap((entity) => (isRow(entity) ? [] : entity)),
      )
    : undefined;
  const walk = walkOf(context, extents);
  const expanded = await expandAll(context, entities, { expands: options.expand, presentAll });
  const presented: Json[] = [];
  for (const [i, entity] of entities.entries()) {
    if (i % 100 === 99) await context.budget.breathe();
    presented.push(present(entity, { shape, walk, expanded: expanded[i] }));
  }
  return presented;
};

interface Shape {
  readonly selfLink: boolean;
  readonly id: boolean;
  /** Names of properties, and paths within them where only those are asked for. */
  readonly properties: readonly {
    readonly name: string;
    readonly nullable: boolean;
    readonly within?: readonly string[][];
  }[];
  /** Links whose address is shown. */
  readonly links: readonly Navigation[];
  readonly hasTimes: boolean;
}

const shapeOf = (set: EntitySet, { select, expand }: Shown): Shape => {
  const type = entityTypes[set];
  const all = !select || select.some(([first]) => first === '*');
  const isAsked = (names: readonly string[]): boolean => all || select.some(([first]) => names.includes(first ?? ''));
  const properties = type.properties
    .filter(({ name }) => isAsked([name]))
    .map(({ name, nullable = false }) => {
      const paths = all ? [] : select.filter(([first]) => first === name).map(([, ...rest]) => rest);
      const isPart = paths.length > 0 && paths.every((path) => path.length > 0);
      return { name, nullable, ...(isPart && { within: paths }) };
    });
  const expandedNames = new Set(expand.map(({ navigation }) => navigation.name));
  return {
    selfLink: isAsked(selfLinkNames),
    id: isAsked(idNames),
    properties,
    links: type.navigations.filter(({ name }) => isAsked([name]) && !expandedNames.has(name)),
    hasTimes: set === 'Datastreams' && properties.some(({ name }) => isTimeOfDatastream(name)),
  };
};

const present = (
  entity: Node | Row,
  { shape, walk, expanded }: { shape: Shape; walk: Walk; expanded: Json | undefined },
): Json => {
  const address = addressOf(walk.root, entity);
  const json: Json = {};
  if (shape.selfLink) json['@iot.selfLink'] = address;
  if (shape.id) json['@iot.id'] = numberOf(entity);
  for (const { name, nullable, within: paths } of shape.properties) {
    const value = propertyOfEntity(entity, name, walk);
    if (paths) {
      const some = partsOf(value, paths);
      if (some) json[name] = some;
    } else if ((value !== undefined && value !== null) || nullable) json[name] = value ?? null;
  }
  if (expanded) Object.assign(json, expanded);
  for (const { name, many } of shape.links) {
    if (many || linked(entity, name, walk)) json[`${name}@iot.navigationLink`] = `${address}/${name}`;
  }
  return json;
};

/** Only some paths within a property, each where it stands. */
const partsOf = (value: unknown, paths: readonly (readonly string[])[]): Json | undefined => {
  const some: Json = {};
  for (const path of paths) {
    const found = within(value, path);
    if (found === undefined) continue;
    let at = some;
    for (const key of path.slice(0, -1)) {
      const inner = Object.hasOwn(at, key) ? (at[key] as Json) : {};
      define(at, key, inner);
      at = inner;
    }
    define(at, path.at(-1) ?? '', found);
  }
  return Object.keys(some).length > 0 ? some : undefined;
};

/** A creator may call a property __proto__. */
const define = (target: Json, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
};
