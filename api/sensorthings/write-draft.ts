import type { HubError } from '../../model/errors.ts';
import type { NewStaEntity } from '../../model/ports.ts';
import type { StaSet } from '../../model/sensor-things.ts';
import { formatTime, parseRfc3339 } from '../../model/time.ts';
import { backLinkOf, type EntitySet, entityTypes, isKept, type Navigation } from './entity-model.ts';
import { badOption } from './faults.ts';
import type { Graph, Node } from './node.ts';
import { type ObservationDraft, readObservation } from './write-observation-draft.ts';

/** What a deep insert comes to: entities by place, observations of them, and links of entities that are there already. */
export interface Plan {
  readonly entities: (NewStaEntity & { readonly links: Record<string, number[]> })[];
  readonly observations: ObservationDraft[];
  readonly changes: { readonly node: Node; readonly link: string; readonly targets: readonly number[] }[];
}

/** Entities of one request. */
const MAX_NEW = 5_000;
const MAX_DEPTH = 30;

export type Body = Readonly<Record<string, unknown>>;

export const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A body that is an object and not nested too deep to be walked through. */
export const checkedBody = (value: unknown): Body => {
  if (!isBody(value)) throw badOption('body', 'is no JSON object', 'send the entity as {"name": …}');
  for (let level: unknown[] = [value], depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw badOption('body', `is nested deeper than ${MAX_DEPTH}`, 'send it flatter');
    level = level.flatMap((inner) => (typeof inner === 'object' && inner !== null ? Object.values(inner) : []));
  }
  return value;
};

interface Drafting {
  readonly plan: Plan;
  readonly graph: Graph;
  readonly now: number;
}

interface Draft {
  readonly set: EntitySet;
  readonly body: Body;
  /** Fault path. */
  readonly path: string;
  /** Links that follow from where it stands in the body or in the address. */
  readonly given: Readonly<Record<string, number>>;
}

/** Reads an entity with all that is inside it; answers its place as minus its number in the plan, 0 for an observation. */
export const draft = (drafting: Drafting, { set, body, path, given }: Draft): number => {
  const { plan, now } = drafting;
  refuseUnknown(set, body, path);
  if (set === 'Observations') {
    const links = Object.fromEntries(
      entityTypes.Observations.navigations.map(({ name, set: target }) => [
        name,
        given[name] ?? oneTarget(drafting, { value: body[name], set: target, path: `${path}.${name}` }),
      ]),
    );
    const { Datastream: datastream, FeatureOfInterest: feature } = links;
    if (datastream === undefined) throw absent(path, 'Datastream');
    plan.observations.push(readObservation(body, { path, datastream, feature, now }));
    if (plan.observations.length > MAX_NEW) throw tooMany();
    return 0;
  }
  const links: Record<string, number[]> = {};
  const entity = { set, body: propertiesOf(set, body, path), links };
  plan.entities.push(entity);
  if (plan.entities.length > MAX_NEW) throw tooMany();
  const place = -plan.entities.length;
  for (const navigation of entityTypes[set].navigations) {
    const own = { drafting, navigation, body, path, place, set };
    if (navigation.many) linkMany(own, links);
    else {
      const target =
        given[navigation.name] ??
        oneTarget(drafting, { value: body[navigation.name], set: navigation.set, path: `${path}.${navigation.name}` });
      if (target !== undefined) links[navigation.name] = [target];
      else if (navigation.required) throw absent(path, navigation.name);
    }
  }
  for (const [name, target] of Object.entries(given)) {
    if (entityTypes[set].navigations.some((navigation) => navigation.name === name && navigation.many)) {
      push(links, name, target);
    }
  }
  if (set === 'Things' && links.Locations) noteMove(plan, { thing: place, locations: links.Locations, now });
  return place;
};

const tooMany = (): HubError =>
  badOption('body', `holds more than ${MAX_NEW} entities`, 'send them in several requests');

const absent = (path: string, name: string): HubError =>
  badOption(`${path}.${name}`, 'is missing', `write "${name}": {"@iot.id": 1} or the entity itself`);

/** A Thing's place is noted as a HistoricalLocation (18-088 §10.2.1.2). */
export const noteMove = (
  plan: Pick<Plan, 'entities'>,
  { thing, locations, now }: { thing: number; locations: readonly number[]; now: number },
): void => {
  plan.entities.push({
    set: 'HistoricalLocations',
    body: { time: formatTime(now) },
    links: { Thing: [thing], Locations: [...locations] },
  });
};

interface Own {
  readonly drafting: Drafting;
  readonly navigation: Navigation;
  readonly body: Body;
  readonly path: string;
  readonly place: number;
  readonly set: StaSet;
}

const push = (links: Record<string, number[]>, name: string, target: number): void => {
  links[name] = [...(links[name] ?? []), target];
};

const linkMany = ({ drafting, navigation, body, path, place, set }: Own, links: Record<string, number[]>): void => {
  const value = body[navigation.name];
  if (value === undefined || value === null) return;
  const where = `${path}.${navigation.name}`;
  if (!Array.isArray(value)) throw badOption(where, 'is no array', `write "${navigation.name}": [{…}]`);
  for (const [i, item] of value.entries()) {
    const at = `${where}[${i}]`;
    if (!isBody(item)) throw badOption(at, 'is no JSON object', 'write {"@iot.id": 1} or the entity itself');
    const back = backLinkOf(set, navigation);
    const linked = referredTo(drafting.graph, { item, set: navigation.set, path: at });
    if (isKept(navigation)) {
      const target = linked?.number ?? draft(drafting, { set: navigation.set, body: item, path: at, given: {} });
      push(links, navigation.name, target);
    } else if (linked) {
      drafting.plan.changes.push({ node: linked, link: back.name, targets: [place] });
    } else draft(drafting, { set: navigation.set, body: item, path: at, given: { [back.name]: place } });
  }
};

const oneTarget = (
  drafting: Drafting,
  { value, set, path }: { value: unknown; set: EntitySet; path: string },
): number | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isBody(value)) throw badOption(path, 'is no JSON object', 'write {"@iot.id": 1} or the entity itself');
  const linked = referredTo(drafting.graph, { item: value, set, path });
  return linked?.number ?? draft(drafting, { set, body: value, path, given: {} });
};

/** The entity that {"@iot.id": n} refers to; undefined where the entity itself is written. */
export const referredTo = (
  graph: Graph,
  { item, set, path }: { item: Body; set: EntitySet; path: string },
): Node | undefined => {
  const number = item['@iot.id'];
  const isAlone = Object.keys(item).every((key) => key.startsWith('@iot.'));
  if (number === undefined || !isAlone) return undefined;
  if (set === 'Observations')
    throw badOption(path, 'links to an Observation', 'write its Datastream at the Observation');
  const found = typeof number === 'number' ? graph.get(set, number) : undefined;
  if (found) return found;
  throw badOption(
    path,
    `there is no ${set}(${JSON.stringify(number).slice(0, 40)})`,
    `name one of ${set} by its number`,
  );
};

/** Control information that a client read elsewhere is passed over; anything else must be known. */
export const refuseUnknown = (set: EntitySet, body: Body, path: string): void => {
  const { properties, navigations } = entityTypes[set];
  for (const key of Object.keys(body)) {
    if (key.includes('@iot.') || key === 'id') continue;
    if (properties.some(({ name }) => name === key) || navigations.some(({ name }) => name === key)) continue;
    const names = [...properties.filter(({ derived }) => !derived), ...navigations].map(({ name }) => name);
    throw badOption(`${path}.${key.slice(0, 60)}`, `is not known to ${set}`, `write some of ${names.join(', ')}`);
  }
};

/** The properties of an entity as they are kept; `partial`: only those that are there. */
export const propertiesOf = (
  set: StaSet,
  body: Body,
  path: string,
  { partial = false }: { partial?: boolean } = {},
): Record<string, unknown> => {
  const kept: Record<string, unknown> = {};
  for (const { name, kind, required, derived } of entityTypes[set].properties) {
    const value = body[name];
    if (derived || (value === undefined && (partial || !required))) continue;
    const where = `${path}.${name}`;
    if (value === undefined || (value === null && required)) throw badOption(where, 'is missing', `write "${name}"`);
    if (value !== null) kept[name] = checkedProperty(value, kind, where);
    else if (partial) kept[name] = null;
  }
  return kept;
};

const checkedProperty = (value: unknown, kind: string, path: string): unknown => {
  if ((kind === 'text' || kind === 'uri') && typeof value !== 'string')
    throw badOption(path, 'is no text', 'write "…"');
  if ((kind === 'object' || kind === 'json') && !isBody(value)) {
    throw badOption(path, 'is no JSON object', 'write {"…": …}');
  }
  if (kind !== 'instant') return value;
  const time = typeof value === 'string' ? parseRfc3339(value) : undefined;
  if (time === undefined) throw badOption(path, 'is no time', 'write 2026-03-02T07:15:31Z');
  return formatTime(time);
};
