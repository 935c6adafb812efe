import type { Context } from './context.ts';
import { type EntitySet, navigationOf } from './entity-model.ts';
import { badOption } from './faults.ts';
import type { Expression } from './filter/ast.ts';
import { compileFilter } from './filter/compile.ts';
import { pathsOf } from './filter/paths.ts';
import type { Node } from './node.ts';
import { isRow, isTimeOfDatastream, linked, valueAt, type Walk } from './node-values.ts';
import { observationsOf } from './observation-source.ts';
import type { Row } from './row.ts';

/** Rows of one entity with what it is joined with. */
const MAX_JOINED = 100_000;

/** Paths of the sets that an expression goes through, outer ones first: `Datastreams`, `Datastreams/Observations`. */
const setsOnTheWay = (expression: Expression, set: EntitySet): string[] => {
  const prefixes = new Set<string>();
  for (const steps of pathsOf(expression)) {
    let at: EntitySet = set;
    for (const [i, step] of steps.entries()) {
      const navigation = navigationOf(at, step);
      if (!navigation) break;
      if (navigation.many) prefixes.add(steps.slice(0, i + 1).join('/'));
      at = navigation.set;
    }
  }
  return [...prefixes].sort((a, b) => a.split('/').length - b.split('/').length);
};

/** Whether any path ends in the time of a Datastream, which is no part of the graph. */
export const asksForTimes = (expression: Expression): boolean =>
  pathsOf(expression).some((steps) => isTimeOfDatastream(steps.at(-1) ?? ''));

type Bindings = Map<string, Node | Row | undefined>;

/**
 * A test of entities. A path through a set joins: the entity passes where some row of it joined with what the paths lead
 * to does, all conditions looking at the same row; an empty set joins as one row without values.
 */
export const createTest = (
  expression: Expression,
  set: EntitySet,
  { context, walk }: { context: Context; walk: Walk },
): ((node: Node) => boolean | Promise<boolean>) => {
  const passes = compileFilter(expression, context.now);
  const sets = setsOnTheWay(expression, set);
  let node: Node | undefined;
  const bound: Bindings = new Map();
  const joined: Walk = sets.length > 0 ? { ...walk, bound } : walk;
  const resolve = (steps: readonly string[]): unknown => node && valueAt(node, steps, joined);
  const test = (candidate: Node): boolean => {
    node = candidate;
    return passes(resolve);
  };
  if (sets.length === 0) return test;
  return async (candidate) => {
    let rows = 0;
    const join = async (depth: number): Promise<boolean> => {
      const path = sets[depth];
      if (path === undefined) {
        if (++rows > MAX_JOINED) throw tooWide(sets);
        await context.budget.breathe();
        return test(candidate);
      }
      let isEmpty = true;
      for await (const entity of relatedAt(candidate, path, { context, walk, bound })) {
        isEmpty = false;
        bound.set(path, entity);
        if (await join(depth + 1)) return true;
      }
      bound.set(path, undefined);
      return isEmpty && join(depth + 1);
    };
    return join(0);
  };
};

const tooWide = (paths: readonly string[]) =>
  badOption(
    'query.$filter',
    `joins too much by ${paths.join(', ')}`,
    'filter the set itself and expand towards these entities',
  );

interface Joining {
  readonly context: Context;
  readonly walk: Walk;
  readonly bound: Bindings;
}

/** Entities of the set at the end of a path, seen from what is bound to the way there. */
async function* relatedAt(
  candidate: Node,
  path: string,
  { context, walk, bound }: Joining,
): AsyncGenerator<Node | Row> {
  const steps = path.split('/');
  let at: Node | Row | undefined = candidate;
  for (const [i, step] of steps.slice(0, -1).entries()) {
    const prefix = steps.slice(0, i + 1).join('/');
    at = at && (bound.has(prefix) ? bound.get(prefix) : linked(at, step, walk));
  }
  if (!at || isRow(at)) return;
  const link = steps.at(-1) ?? '';
  if (link !== 'Observations') {
    yield* at.links[link] ?? [];
    return;
  }
  for await (const rows of observationsOf(context, at)) yield* rows;
}
