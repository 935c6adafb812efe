import { HubError } from '../../model/errors.ts';
import type { ObservationChange } from '../../model/sensor-things.ts';
import { observationNumber } from '../../model/sensor-things.ts';
import { backLinkOf, type EntitySet, entityTypes, isKept } from './entity-model.ts';
import { badOption } from './faults.ts';
import { MAX_MOVED, MOVED, movesWith } from './marks.ts';
import type { Node } from './node.ts';
import { isRow, setOf } from './node-values.ts';
import type { EntityStep } from './path.ts';
import { resolve } from './resolve.ts';
import { featureOfRow, numberOfRow, type Row, rowProperties } from './row.ts';
import { type Body, isBody, noteMove, propertiesOf, referredTo, refuseUnknown } from './write-draft.ts';
import { readObservation } from './write-observation-draft.ts';
import { noteAtDatastreams, putOf, refuseTaken } from './write-observations.ts';
import { type Change, changed, linkWith, type Writing, writable } from './writing.ts';

/** Changes an entity: what the body names (PATCH), or all of it (`whole`, PUT). Answers its set and number. */
export const update = async (
  writing: Writing,
  steps: readonly EntityStep[],
  { body, whole }: { body: Body; whole: boolean },
): Promise<{ set: EntitySet; number: number }> => {
  const context = writing.context();
  const target = await resolve(context, steps);
  if (target.kind !== 'entity') throw badOption('path', 'names a set', 'name one entity by its number');
  const { entity } = target;
  const set = setOf(entity);
  refuseUnknown(set, body, 'body');
  const linked = linksIn(writing, set, body);
  if (isRow(entity)) {
    await updateObservation(writing, entity, { body, whole, linked });
    return { set, number: numberOfRow(entity) };
  }
  await updateNode(writing, entity, { body, whole, linked });
  return { set, number: entity.number };
};

type Linked = ReadonlyMap<string, readonly Node[]>;

/** Entities that the body links to by name of the link; one written out in place is refused (18-088 §10.3). */
const linksIn = (writing: Writing, set: EntitySet, body: Body): Linked => {
  const { graph } = writing.context();
  const linked = new Map<string, readonly Node[]>();
  for (const { name, set: target, many } of entityTypes[set].navigations) {
    const value = body[name];
    if (value === undefined) continue;
    const path = `body.${name}`;
    const items: unknown[] = many && Array.isArray(value) ? value : [value];
    const nodes = items.map((item) => {
      const found = isBody(item) ? referredTo(graph, { item, set: target, path }) : undefined;
      if (found) return found;
      throw badOption(
        path,
        'holds an entity itself',
        'write {"@iot.id": 1} here, and POST or PATCH the entity by itself',
      );
    });
    linked.set(name, nodes);
  }
  return linked;
};

interface Update {
  readonly body: Body;
  readonly whole: boolean;
  readonly linked: Linked;
}

const updateNode = async (writing: Writing, node: Node, { body, whole, linked }: Update): Promise<void> => {
  const entity = writable(node);
  const given = propertiesOf(entity.set, body, 'body', { partial: !whole });
  const merged = whole ? given : { ...entity.body, ...given };
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  const links: Record<string, number[]> = {};
  const changes = new Map<Node, Change>();
  for (const navigation of entityTypes[entity.set].navigations) {
    const nodes = linked.get(navigation.name);
    if (!nodes) continue;
    if (isKept(navigation)) {
      links[navigation.name] = [...new Set(nodes.map(({ number }) => number))];
      continue;
    }
    const back = backLinkOf(entity.set, navigation).name;
    for (const other of nodes) {
      const there = writable(other);
      changes.set(other, changed(there, { links: linkWith(there, back, [entity.number]) }));
    }
  }
  changes.set(node, changed(entity, { body: kept, links }));
  await writing.port.replace([...changes.values()]);
  const moved = movedThings(node, { links, changes });
  if (moved.length === 0) return;
  const { now } = writing.context();
  const plan = { entities: [] };
  for (const { number: thing, locations } of moved) noteMove(plan, { thing, locations, now });
  await writing.port.create(plan.entities);
};

/** Things that are now somewhere else. */
const movedThings = (
  node: Node,
  { links, changes }: { links: Readonly<Record<string, readonly number[]>>; changes: ReadonlyMap<Node, Change> },
): { number: number; locations: readonly number[] }[] => {
  if (node.set === 'Things') return links.Locations ? [{ number: node.number, locations: links.Locations }] : [];
  if (node.set !== 'Locations') return [];
  return [...changes].flatMap(([other, change]) =>
    other.set === 'Things' ? [{ number: other.number, locations: change.links.Locations ?? [] }] : [],
  );
};

const updateObservation = async (writing: Writing, row: Row, { body, whole, linked }: Update): Promise<void> => {
  const context = writing.context();
  const before = whole ? {} : bodyOf(row);
  const node = linked.get('Datastream')?.[0] ?? row.node;
  if (node !== row.node) {
    throw badOption('body.Datastream', 'is another than before', 'POST the Observation there and DELETE this one');
  }
  writable(node);
  const feature = linked.get('FeatureOfInterest')?.[0]?.number ?? featureOfRow(row);
  const draft = readObservation(
    { ...before, ...body },
    { path: 'body', datastream: node.number, feature, now: row.phenomenonTime },
  );
  const isMoved = draft.phenomenonTime !== row.phenomenonTime;
  const from = observationNumber(node.number, row.phenomenonTime);
  const to = observationNumber(node.number, draft.phenomenonTime);
  if (isMoved && from !== to) await refuseTaken(context, [draft], [node]);
  await noteAtDatastreams(writing, [draft], [feature ?? 0]);
  if (from !== to) await noteNumber(writing, row, { from, to });
  const present = writing.context().graph.get('Datastreams', node.number) ?? node;
  const put: ObservationChange = { put: putOf(draft, { node: present, feature }) };
  const { phenomenonTime } = row;
  const gone: ObservationChange[] = isMoved ? [{ remove: { datastream: node.number, phenomenonTime } }] : [];
  await writing.port.observe([...gone, put], writing.by);
  context.extents.forget([node.number]);
};

/** It keeps its number, though it stands elsewhere now. */
const noteNumber = async (writing: Writing, row: Row, { from, to }: { from: number; to: number }): Promise<void> => {
  const node = writing.context().graph.get('Datastreams', row.node.number) ?? row.node;
  const entity = writable(node);
  const moves = movesWith(entity, { from, to, kept: numberOfRow(row) });
  if (moves.length > 2 * MAX_MOVED) {
    const detail = `More than ${MAX_MOVED} Observations of Datastreams(${node.number}) were moved in time: POST a new one and DELETE this`;
    throw new HubError('HUB_CONFLICT', detail);
  }
  await writing.port.replace([changed(entity, { links: { [MOVED]: moves } })]);
};

/** An Observation as it would be written, so that what a PATCH leaves out stays. */
const bodyOf = (row: Row): Record<string, unknown> => {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rowProperties)) {
    // What the hub says of the quality is not the creator's word.
    const found = name === 'resultQuality' ? row.detail?.resultQuality : value(row);
    if (found !== undefined && (found !== null || name === 'result')) body[name] = found;
  }
  return body;
};
