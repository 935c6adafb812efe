import type { Context } from './context.ts';
import { expandedLink } from './links.ts';
import { hasDetails } from './marks.ts';
import type { Node } from './node.ts';
import { pageOfNodes } from './node-page.ts';
import { addressOf, type Json, linked } from './node-values.ts';
import { isPath } from './observation-order.ts';
import { type ObservationPage, pageOfObservations } from './observation-page.ts';
import { type Source, sourcesOf } from './observation-source.ts';
import type { Expand, Options } from './options.ts';
import type { Row } from './row.ts';
import { encodeToken } from './token.ts';
import { walkOf } from './walk.ts';

/** Datastreams whose Observations are looked for at the same time. */
const AT_ONCE = 16;

/** What is expanded at each of some entities, as it is written into them. */
export const expandAll = async (
  context: Context,
  entities: readonly (Node | Row)[],
  { expands, presentAll }: { expands: readonly Expand[]; presentAll: PresentAll },
): Promise<(Json | undefined)[]> => {
  if (expands.length === 0) return entities.map(() => undefined);
  const expanded = entities.map((): Json => ({}));
  for (const expand of expands) {
    const { set, many } = expand.navigation;
    if (!many) await expandOne(context, entities, { expand, into: expanded, presentAll });
    else if (set === 'Observations')
      await expandObservations(context, entities as readonly Node[], { expand, into: expanded, presentAll });
    else await expandSets(context, entities as readonly Node[], { expand, into: expanded, presentAll });
  }
  return expanded;
};

/** How entities are written: what is expanded is written like all else. */
type PresentAll = (
  context: Context,
  entities: readonly (Node | Row)[],
  options: Pick<Options, 'select' | 'expand'>,
) => Promise<Json[]>;

interface Expansion {
  readonly presentAll: PresentAll;
  readonly expand: Expand;
  readonly into: readonly Json[];
}

/** What many lead to is made once. */
const expandOne = async (
  context: Context,
  entities: readonly (Node | Row)[],
  { expand: { navigation, options }, into, presentAll }: Expansion,
): Promise<void> => {
  const walk = walkOf(context);
  const targets = entities.map((entity) => linked(entity, navigation.name, walk));
  const distinct = [...new Set(targets.filter((target) => target !== undefined))];
  const presented = await presentAll(context, distinct, options);
  const byNode = new Map(distinct.map((node, i) => [node, presented[i]]));
  for (const [i, target] of targets.entries()) if (target) setAt(into, i, [[navigation.name, byNode.get(target)]]);
};

const setAt = (into: readonly Json[], i: number, members: readonly (readonly [string, unknown])[]): void => {
  const json = into[i];
  if (json) for (const [name, value] of members) json[name] = value;
};

const expandSets = async (
  context: Context,
  entities: readonly Node[],
  { expand, into, presentAll }: Expansion,
): Promise<void> => {
  const { navigation, options } = expand;
  const walk = walkOf(context);
  const pages = [];
  for (const node of entities) {
    await context.budget.breathe();
    pages.push(await pageOfNodes(context, node.links[navigation.name] ?? [], { set: navigation.set, options, walk }));
  }
  // All pages are made together, so that one question to the store serves them all.
  const presented = await presentAll(
    context,
    pages.flatMap(({ nodes }) => nodes),
    options,
  );
  let at = 0;
  for (const [i, { nodes, count, next }] of pages.entries()) {
    const address = addressOf(context.root, entities[i] as Node);
    const nextLink = next !== undefined && expandedLink(address, expand, `$skip=${next}`);
    setAt(into, i, membersOf(navigation.name, { count, value: presented.slice(at, at + nodes.length), nextLink }));
    at += nodes.length;
  }
};

const membersOf = (
  name: string,
  {
    count,
    value,
    nextLink,
  }: { count: number | undefined; value: readonly Json[]; nextLink: string | false | undefined },
): (readonly [string, unknown])[] => [
  ...(count === undefined ? [] : ([[`${name}@iot.count`, count]] as const)),
  [name, value],
  ...(nextLink ? ([[`${name}@iot.nextLink`, nextLink]] as const) : []),
];

const expandObservations = async (
  context: Context,
  entities: readonly Node[],
  { expand, into, presentAll }: Expansion,
): Promise<void> => {
  const { options } = expand;
  const sources = entities.map((node) => sourcesOf(context, node));
  const pages = await (isNewest(options) ? newestOf : pagesOf)(context, sources, options);
  const presented = await presentAll(
    context,
    pages.flatMap(({ rows }) => rows),
    options,
  );
  let at = 0;
  for (const [i, { rows, count, next }] of pages.entries()) {
    const address = addressOf(context.root, entities[i] as Node);
    const nextLink = next && expandedLink(address, expand, `$skiptoken=${encodeToken(next)}`);
    const value = presented.slice(at, at + rows.length);
    setAt(into, i, membersOf('Observations', { count, value, nextLink }));
    at += rows.length;
  }
};

const pagesOf = async (
  context: Context,
  sources: readonly (readonly Source[])[],
  options: Options,
): Promise<ObservationPage[]> => {
  const pages: ObservationPage[] = [];
  const walk = walkOf(context);
  for (let i = 0; i < sources.length; i += AT_ONCE) {
    const some = sources.slice(i, i + AT_ONCE);
    pages.push(...(await Promise.all(some.map((source) => pageOfObservations(context, source, { options, walk })))));
    await context.budget.breathe();
  }
  return pages;
};

/** The map's question: the newest of each Datastream. */
const isNewest = ({ top, skip, filter, count, orderBy: [first, ...more] }: Options): boolean =>
  top === 1 &&
  skip === 0 &&
  !filter &&
  !count &&
  first?.descending === true &&
  more.length === 0 &&
  isPath(first, ['phenomenonTime']);

/** One question for all; where the newest value is not what is asked for, as when its quality leaves it out, it is looked for. */
const newestOf = async (
  context: Context,
  sources: readonly (readonly Source[])[],
  options: Options,
): Promise<ObservationPage[]> => {
  const nodes = sources.flatMap((some) => (some.length === 1 && some[0] ? [some[0].node] : []));
  const newest = await context.reader.latest(nodes.flatMap(({ stream }) => stream ?? []));
  const extents = await context.extents.of(context.reader, nodes, newest);
  const pages = sources.map(([source, ...more]): ObservationPage | undefined => {
    if (!source || more.length > 0 || source.feature !== undefined || hasDetails(source.node)) return undefined;
    const { node } = source;
    const found = newest.get(node.number);
    if (!found) return { rows: [] };
    if (context.without.includes(found.flag)) return undefined;
    const { phenomenonTime, value, flag, tests, withheld = false } = found;
    const isOnly = (extents.get(node.number)?.from ?? phenomenonTime) >= phenomenonTime;
    const row: Row = { node, phenomenonTime, value, flag, tests, withheld, detail: undefined };
    return { rows: [row], ...(!isOnly && { next: { d: node.number, t: phenomenonTime } }) };
  });
  const isOpen = (_: unknown, i: number): boolean => pages[i] === undefined;
  const read = (await pagesOf(context, sources.filter(isOpen), options)).values();
  return pages.map((page) => page ?? read.next().value ?? { rows: [] });
};
