import type { StaSet } from '../../model/sensor-things.ts';
import { observationNumber } from '../../model/sensor-things.ts';
import type { Context } from './context.ts';
import { badOption } from './faults.ts';
import { MOVED, movesWith } from './marks.ts';
import { FEATURES, type Node } from './node.ts';
import { isRow } from './node-values.ts';
import { ALWAYS, readParts, sourcesOf } from './observation-source.ts';
import type { EntityStep } from './path.ts';
import { resolve } from './resolve.ts';
import { numberOfRow, type Row } from './row.ts';
import { type Change, changed, type Writing, writable } from './writing.ts';

/** What goes with an entity (18-088 table 24); a Datastream's Observations go with it anyway. */
const goesAlong: Readonly<Partial<Record<StaSet, readonly string[]>>> = {
  Things: ['Datastreams', 'HistoricalLocations'],
  Locations: ['HistoricalLocations'],
  Sensors: ['Datastreams'],
  ObservedProperties: ['Datastreams'],
};

const REMOVED_AT_ONCE = 1_000;

/** Deletes an entity and what cannot be without it. */
export const remove = async (writing: Writing, steps: readonly EntityStep[]): Promise<void> => {
  const context = writing.context();
  const target = await resolve(context, steps);
  if (target.kind !== 'entity') throw badOption('path', 'names a set', 'name one entity by its number');
  const { entity } = target;
  if (isRow(entity)) await removeObservation(writing, entity);
  else await removeNode(writing, context, entity);
};

const removeObservation = async (writing: Writing, row: Row): Promise<void> => {
  const { node, phenomenonTime } = row;
  const entity = writable(node);
  await writing.port.observe([{ remove: { datastream: node.number, phenomenonTime } }], writing.by);
  const from = observationNumber(node.number, phenomenonTime);
  const kept = numberOfRow(row);
  if (kept !== from) {
    await writing.port.replace([changed(entity, { links: { [MOVED]: movesWith(entity, { from, kept }) } })]);
  }
  writing.context().extents.forget([node.number]);
};

const removeNode = async (writing: Writing, context: Context, node: Node): Promise<void> => {
  const going = new Set([node]);
  for (const link of goesAlong[node.set] ?? []) for (const other of node.links[link] ?? []) going.add(other);
  for (const other of going) writable(other);
  if (node.set === 'FeaturesOfInterest') await removeObservationsOf(writing, context, node);
  const changes = unlinked(context, node, going);
  if (changes.length > 0) await writing.port.replace(changes);
  await writing.port.remove([...going].map(({ set, number }) => ({ set, number })));
  context.extents.forget([...going].flatMap(({ set, number }) => (set === 'Datastreams' ? [number] : [])));
};

const removeObservationsOf = async (writing: Writing, context: Context, feature: Node): Promise<void> => {
  const parts = sourcesOf(context, feature).map((source) => ({ source, ...ALWAYS }));
  for (const { source } of parts) writable(source.node);
  const places: { datastream: number; phenomenonTime: number }[] = [];
  for await (const rows of readParts({ ...context, without: [] }, parts)) {
    for (const { node, phenomenonTime } of rows) places.push({ datastream: node.number, phenomenonTime });
  }
  for (let i = 0; i < places.length; i += REMOVED_AT_ONCE) {
    const some = places.slice(i, i + REMOVED_AT_ONCE);
    await writing.port.observe(
      some.map((place) => ({ remove: place })),
      writing.by,
    );
  }
  context.extents.forget(parts.map(({ source }) => source.node.number));
};

/** Those that stay and are linked to what goes, without the link. */
const unlinked = (context: Context, node: Node, going: ReadonlySet<Node>): Change[] => {
  const without = (other: Node, link: string): Change[] => {
    if (going.has(other) || !other.created) return [];
    const left = (other.created.links[link] ?? []).filter((number) => number !== node.number);
    return [changed(other.created, { links: { [link]: left } })];
  };
  if (node.set === 'Locations') return (node.links.Things ?? []).flatMap((thing) => without(thing, 'Locations'));
  if (node.set !== 'FeaturesOfInterest') return [];
  return context.graph.datastreamsOf(node).flatMap((datastream) => without(datastream, FEATURES));
};
