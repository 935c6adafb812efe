import type { Context } from './context.ts';
import type { EntitySet } from './entity-model.ts';
import { asksForTimes, createTest } from './joins.ts';
import type { Node } from './node.ts';
import type { Walk } from './node-values.ts';
import { type Options, pageSize } from './options.ts';
import { compareRanks, rankOf } from './order-keys.ts';

export interface NodePage {
  readonly nodes: readonly Node[];
  readonly count?: number;
  /** $skip of the next page; absent on the last. */
  readonly next?: number;
}

/** A page of entities that are held in memory, out of a list that stands by number. */
export const pageOfNodes = async (
  context: Context,
  list: readonly Node[],
  { set, options, walk }: { set: EntitySet; options: Options; walk: Walk },
): Promise<NodePage> => {
  const { filter, orderBy, skip, count } = options;
  const top = pageSize(options);
  const asks = [...(filter ? [filter] : []), ...orderBy.map(({ expression }) => expression)];
  const full = asks.some(asksForTimes) ? await withTimes(context, list, walk) : walk;
  let found = list;
  if (filter) {
    const passes = createTest(filter, set, { context, walk: full });
    const passed: Node[] = [];
    for (const [i, node] of list.entries()) {
      if (i % 500 === 499) await context.budget.breathe();
      const isIn = passes(node);
      if (typeof isIn === 'boolean' ? isIn : await isIn) passed.push(node);
    }
    found = passed;
  }
  if (orderBy.length > 0) found = ordered(found, options, { walk: full, now: context.now });
  const nodes = found.slice(skip, skip + top);
  return {
    nodes,
    ...(count && { count: found.length }),
    ...(top > 0 && skip + top < found.length && { next: skip + top }),
  };
};

/** The way to values with the times of the Datastreams in reach; which those are is not asked: all that are seen. */
const withTimes = async (context: Context, list: readonly Node[], walk: Walk): Promise<Walk> => {
  const datastreams = list[0]?.set === 'Datastreams' ? list : context.graph.list('Datastreams');
  const extents = await context.extents.of(context.reader, datastreams);
  return { ...walk, extentOf: ({ number }) => extents.get(number) };
};

const ordered = (
  nodes: readonly Node[],
  { orderBy }: Options,
  { walk, now }: { walk: Walk; now: number },
): readonly Node[] => {
  const rank = rankOf(orderBy, { walk, now });
  const ranked = nodes.map((node) => ({ node, rank: rank(node) }));
  ranked.sort((a, b) => compareRanks(orderBy, a.rank, b.rank) || a.node.number - b.node.number);
  return ranked.map(({ node }) => node);
};
