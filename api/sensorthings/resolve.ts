import { HubError } from '../../model/errors.ts';
import { observationPlace } from '../../model/sensor-things.ts';
import type { Context } from './context.ts';
import { entityTypes } from './entity-model.ts';
import { presentNumber } from './marks.ts';
import type { Node } from './node.ts';
import { isRow, linked } from './node-values.ts';
import { readParts, type Source, sourcesOf } from './observation-source.ts';
import type { EntityStep } from './path.ts';
import { featureOfRow, numberOfRow, type Row } from './row.ts';
import { walkOf } from './walk.ts';

/** Where a resource path leads. */
export type Target =
  | { readonly kind: 'entity'; readonly entity: Node | Row }
  | { readonly kind: 'nodes'; readonly nodes: readonly Node[]; readonly owner?: Node | Row }
  | { readonly kind: 'observations'; readonly sources: readonly Source[]; readonly owner?: Node };

const missing = (name: string, number?: number): HubError =>
  new HubError('HUB_NOT_FOUND', number === undefined ? `There is no ${name} here` : `There is no ${name}(${number})`);

/** Follows the steps of a path. Throws HUB_NOT_FOUND where one leads to nothing that is seen. */
export const resolve = async (context: Context, steps: readonly EntityStep[]): Promise<Target> => {
  let at: Node | Row | undefined;
  for (const step of steps) {
    if (step.many) return setAt(context, at, step);
    at =
      step.number === undefined
        ? oneAt(context, at, step)
        : await numberedAt(context, at, { ...step, number: step.number });
  }
  if (!at) throw missing('entity');
  return { kind: 'entity', entity: at };
};

const setAt = ({ graph }: Context, owner: Node | Row | undefined, { name, set }: EntityStep): Target => {
  if (set === 'Observations') {
    if (!owner) return { kind: 'observations', sources: graph.list('Datastreams').map((node) => ({ node })) };
    if (isRow(owner)) throw missing(name);
    return { kind: 'observations', sources: sourcesOf({ graph }, owner), owner };
  }
  if (!owner) return { kind: 'nodes', nodes: graph.list(set) };
  return { kind: 'nodes', nodes: isRow(owner) ? [] : (owner.links[name] ?? []), owner };
};

const oneAt = (context: Context, owner: Node | Row | undefined, { name }: EntityStep): Node => {
  const found = owner && linked(owner, name, walkOf(context));
  if (!found) throw missing(name);
  return found;
};

const numberedAt = async (
  context: Context,
  owner: Node | Row | undefined,
  { name, set, number }: EntityStep & { number: number },
): Promise<Node | Row> => {
  if (set === 'Observations') {
    const row = await observationOf(context, number);
    if (row && (!owner || (!isRow(owner) && isOwner(owner, row)))) return row;
    throw missing(name, number);
  }
  const node = context.graph.get(set, number);
  const isThere = node && (!owner || (!isRow(owner) && owner.links[name]?.includes(node)));
  if (!isThere) throw missing(owner ? name : entityTypes[set].set, number);
  return node;
};

const isOwner = (owner: Node, row: Row): boolean =>
  owner.set === 'Datastreams' ? row.node === owner : featureOfRow(row) === owner.number;

/** The Observation of a number, whatever its quality. */
export const observationOf = async (context: Context, number: number): Promise<Row | undefined> => {
  if (!Number.isSafeInteger(number)) return undefined;
  const node = context.graph.get('Datastreams', observationPlace(number).datastream);
  if (!node) return undefined;
  const { from, to } = observationPlace(presentNumber(node, number));
  for await (const rows of readParts({ ...context, without: [] }, [{ source: { node }, from, to }], { maxRows: 4 })) {
    const [row] = rows;
    if (row && numberOfRow(row) === number) return row;
  }
  return undefined;
};
