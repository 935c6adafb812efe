import type { Context } from './context.ts';
import { backLinkOf, type EntitySet, navigationOf } from './entity-model.ts';
import { badOption } from './faults.ts';
import { compareValues } from './filter/compare.ts';
import type { Node } from './node.ts';
import { isRow } from './node-values.ts';
import type { EntityStep } from './path.ts';
import { resolve, type Target } from './resolve.ts';
import { type Body, draft, noteMove, type Plan } from './write-draft.ts';
import { writeObservations } from './write-observations.ts';
import { type Change, changed, linkWith, type Writing, writable } from './writing.ts';

/** Creates an entity with all that is inside it; answers its set and number. */
export const create = async (
  writing: Writing,
  steps: readonly EntityStep[],
  body: Body,
): Promise<{ set: EntitySet; number: number }> => {
  const context = writing.context();
  const last = steps.at(-1);
  if (!last?.many) throw badOption('path', 'names one entity', 'POST to a set, such as /Things');
  const target = await resolve(context, steps);
  const plan: Plan = { entities: [], observations: [], changes: [] };
  const { given, owner } = ownerOf(target, last);
  const place = draft({ plan, graph: context.graph, now: context.now }, { set: last.set, body, path: 'body', given });
  // A Location below a Thing is linked at the Thing.
  if (owner) plan.changes.push({ node: owner, link: last.name, targets: [place] });
  const { numbers, observations } = await carryOut(writing, context, plan);
  return last.set === 'Observations'
    ? { set: 'Observations', number: observations[0] ?? 0 }
    : { set: last.set, number: numbers[-place - 1] ?? 0 };
};

const ownerOf = (target: Target, { name }: EntityStep): { given: Record<string, number>; owner?: Node } => {
  const owner = target.kind === 'entity' ? undefined : target.owner;
  if (!owner || isRow(owner)) return { given: {} };
  const navigation = navigationOf(owner.set, name);
  if (!navigation) return { given: {} };
  if (navigation.set === 'Locations') return { given: {}, owner };
  return { given: { [backLinkOf(owner.set, navigation).name]: owner.number } };
};

/** All or nothing, as far as one can see: what was created is taken back where its observations are refused. */
const carryOut = async (
  writing: Writing,
  context: Context,
  plan: Plan,
): Promise<{ numbers: readonly number[]; observations: readonly number[] }> => {
  for (const { node } of plan.changes) writable(node);
  const moves = plan.changes.filter(({ node, link }) => node.set === 'Things' && link === 'Locations');
  plan.changes.push(...placesNoted(plan, context));
  for (const { node, targets } of moves) noteMove(plan, { thing: node.number, locations: targets, now: context.now });
  const numbers = plan.entities.length > 0 ? await writing.port.create(plan.entities) : [];
  const numberOf = (place: number): number => (place < 0 ? (numbers[-place - 1] ?? 0) : place);
  try {
    if (plan.changes.length > 0) await writing.port.replace(changesOf(plan, numberOf));
    const drafts = plan.observations.map((observation) => ({
      ...observation,
      datastream: numberOf(observation.datastream),
      feature: observation.feature === undefined ? undefined : numberOf(observation.feature),
    }));
    return { numbers, observations: await writeObservations(writing, drafts) };
  } catch (thrown) {
    const created = plan.entities.map(({ set }, i) => ({ set, number: numbers[i] ?? 0 }));
    if (created.length > 0) await writing.port.remove(created);
    throw thrown;
  }
};

/** Where Things are by HistoricalLocations that are the newest of theirs (18-088 §10.2.1.2). */
const placesNoted = ({ entities }: Plan, { graph }: Context): Plan['changes'] =>
  entities.flatMap(({ set, body, links: { Thing: [thing = 0] = [], Locations: targets = [] } }) => {
    const node = set === 'HistoricalLocations' ? graph.get('Things', thing) : undefined;
    // Where a thing of the registry stands is told by the registry.
    if (!node?.created || targets.length === 0) return [];
    // Times are written in one width, so that their texts stand in order.
    const isNewest = (node.links.HistoricalLocations ?? []).every(
      ({ body: { time } }) => compareValues(time, body.time) <= 0,
    );
    return isNewest ? [{ node, link: 'Locations', targets }] : [];
  });

/** One change for each entity, however many links of it change. */
const changesOf = ({ changes }: Plan, numberOf: (place: number) => number): Change[] => {
  const byNode = new Map<Node, Change>();
  for (const { node, link, targets } of changes) {
    const entity = writable(node);
    const links = byNode.get(node)?.links ?? entity.links;
    byNode.set(
      node,
      changed(entity, { links: { ...links, ...linkWith({ set: node.set, links }, link, targets.map(numberOf)) } }),
    );
  }
  return [...byNode.values()];
};
