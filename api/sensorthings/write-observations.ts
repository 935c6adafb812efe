import { HubError } from '../../model/errors.ts';
import { qualityFlag } from '../../model/quality.ts';
import {
  derivedNumber,
  type ObservationChange,
  observationNumber,
  observationPlace,
} from '../../model/sensor-things.ts';
import { formatTime } from '../../model/time.ts';
import type { Context } from './context.ts';
import { badOption } from './faults.ts';
import { MARKS, marksWith, presentNumber } from './marks.ts';
import { FEATURES, type Node } from './node.ts';
import { readParts } from './observation-source.ts';
import { numberOfRow } from './row.ts';
import type { ObservationDraft } from './write-observation-draft.ts';
import { changed, type Writing, writable } from './writing.ts';

/** Observations that are handed to the journal at once. */
const AT_ONCE = 1_000;

/** Stores new observations; answers their numbers. All are looked at before any is stored. */
export const writeObservations = async (writing: Writing, drafts: readonly ObservationDraft[]): Promise<number[]> => {
  if (drafts.length === 0) return [];
  const asked = writing.context();
  const nodes = drafts.map((draft) => datastreamOf(asked, draft));
  await refuseTaken(asked, drafts, nodes);
  const features = await featuresOf(writing, drafts, nodes);
  await noteAtDatastreams(writing, drafts, features);
  const context = writing.context();
  const changes = drafts.map((draft, i): ObservationChange => {
    const node = datastreamOf(context, draft);
    return { put: putOf(draft, { node, feature: features[i] ?? 0 }) };
  });
  for (let i = 0; i < changes.length; i += AT_ONCE)
    await writing.port.observe(changes.slice(i, i + AT_ONCE), writing.by);
  context.extents.forget(drafts.map(({ datastream }) => datastream));
  return drafts.map(({ phenomenonTime }, i) => numberOfRow({ node: nodes[i] as Node, phenomenonTime }));
};

const datastreamOf = ({ graph }: Context, { datastream, path }: ObservationDraft): Node => {
  const node = graph.get('Datastreams', datastream);
  if (!node) throw badOption(`${path}.Datastream`, `there is no Datastreams(${datastream})`, 'name one by its number');
  if (!node.created) {
    throw new HubError(
      'HUB_CONFLICT',
      `Datastreams(${datastream}) is measured by a device: create a Datastream for values that come otherwise`,
    );
  }
  return node;
};

type Put = Extract<ObservationChange, { put: unknown }>['put'];

/** What is kept of an observation: a number in the store, all else beside it. */
export const putOf = (
  { datastream, phenomenonTime, result, detail }: ObservationDraft,
  { node, feature }: { node: Node; feature: number | undefined },
): Put => {
  const value = typeof result === 'number' ? result : null;
  const isDefault = feature === undefined || node.links[FEATURES]?.[0]?.number === feature;
  const kept = { ...detail, ...(!isDefault && { feature }) };
  return {
    datastream,
    phenomenonTime,
    value,
    flag: result === null ? qualityFlag.missing : qualityFlag.notEvaluated,
    ...(Object.keys(kept).length > 0 && { detail: kept }),
  };
};

/** The number of an observation follows from its instant in sixteenths of a second: there is room for one. */
export const refuseTaken = async (
  context: Context,
  drafts: readonly ObservationDraft[],
  nodes: readonly Node[],
): Promise<void> => {
  const taken = new Set<number>();
  const parts = drafts.map(({ datastream, phenomenonTime }, i) => {
    const number = observationNumber(datastream, phenomenonTime);
    const node = nodes[i] as Node;
    // One that moved away from here still has the number.
    if (taken.has(number) || presentNumber(node, number) !== number) throw isTaken(drafts[i] as ObservationDraft);
    taken.add(number);
    const { from, to } = observationPlace(number);
    return { source: { node }, from, to };
  });
  parts.sort((a, b) => a.source.node.number - b.source.node.number || a.from - b.from);
  for await (const rows of readParts({ ...context, without: [] }, parts)) {
    const [row] = rows;
    if (!row) continue;
    const number = observationNumber(row.node.number, row.phenomenonTime);
    const draft = drafts.find((one) => observationNumber(one.datastream, one.phenomenonTime) === number);
    if (draft) throw isTaken(draft);
  }
};

const isTaken = ({ datastream, phenomenonTime, path }: ObservationDraft): HubError => {
  const message = `Datastreams(${datastream}) has an Observation of ${formatTime(phenomenonTime)} already`;
  const hint = 'PATCH that one, or write a phenomenonTime at least 63 ms apart';
  const faults = [{ path: `${path}.phenomenonTime`, message, hint }];
  return new HubError('HUB_CONFLICT', `${message}; ${hint}`, { faults });
};

/** Features by draft: the one that is named, else the one that stands for the place of the Datastream's Thing. */
const featuresOf = async (
  writing: Writing,
  drafts: readonly ObservationDraft[],
  nodes: readonly Node[],
): Promise<number[]> => {
  const places = new Map<Node, Node>();
  for (const [i, { feature, path }] of drafts.entries()) {
    const node = nodes[i] as Node;
    if (feature === undefined && !places.has(node)) places.set(node, placeOf(node, path));
  }
  const features = await featuresOfPlaces(writing, new Set(places.values()));
  return drafts.map(({ feature }, i) => feature ?? features.get(places.get(nodes[i] as Node) as Node) ?? 0);
};

const placeOf = (node: Node, path: string): Node => {
  const [location] = node.links.Thing?.[0]?.links.Locations ?? [];
  if (location) return location;
  const hint = 'name a FeatureOfInterest, or give the Thing a Location';
  throw badOption(`${path}.FeatureOfInterest`, 'is missing, and the Thing has no Location', hint);
};

/** Features that stand for places; made where there are none yet (18-088 §10.2.1.3). */
const featuresOfPlaces = async (writing: Writing, places: ReadonlySet<Node>): Promise<Map<Node, number>> => {
  const features = new Map<Node, number>();
  if (places.size === 0) return features;
  const byLocation = new Map<number, number>();
  for (const { number, created } of writing.context().graph.list('FeaturesOfInterest')) {
    for (const location of created?.links.Location ?? []) byLocation.set(location, number);
  }
  const missing: Node[] = [];
  for (const place of places) {
    const known = place.created
      ? byLocation.get(place.number)
      : derivedNumber('FeaturesOfInterest', (place.body.properties as { slug: string }).slug);
    if (known === undefined) missing.push(place);
    else features.set(place, known);
  }
  if (missing.length === 0) return features;
  const numbers = await writing.port.create(
    missing.map(({ number, body: { name, description, encodingType, location: feature } }) => ({
      set: 'FeaturesOfInterest',
      body: { name, description, encodingType, feature },
      links: { Location: [number] },
    })),
  );
  for (const [i, place] of missing.entries()) features.set(place, numbers[i] ?? 0);
  return features;
};

/** Datastreams remember the features of their observations, and what these are like. */
export const noteAtDatastreams = async (
  writing: Writing,
  drafts: readonly ObservationDraft[],
  features: readonly number[],
): Promise<void> => {
  const context = writing.context();
  const changes = [];
  for (const [datastream, indices] of Map.groupBy(drafts.keys(), (i) => drafts[i]?.datastream ?? 0)) {
    const node = context.graph.get('Datastreams', datastream);
    if (!node) continue;
    const entity = writable(node);
    const known = entity.links[FEATURES] ?? [];
    const all = [...new Set([...known, ...indices.map((i) => features[i] ?? 0)])].filter((number) => number > 0);
    const puts = indices.map((i) => {
      const draft = drafts[i] as ObservationDraft;
      return { isDetailed: Object.keys(draft.detail).length > 0 || features[i] !== all[0], draft };
    });
    const marks = marksWith(entity, {
      details: puts.some(({ isDetailed }) => isDetailed),
      intervals: puts.some(({ draft }) => draft.detail.phenomenonEnd !== undefined),
    });
    const isSame = all.length === known.length && marks.length === (entity.links[MARKS]?.length ?? 0);
    if (!isSame)
      changes.push(changed(entity, { links: { [FEATURES]: all, ...(marks.length > 0 && { [MARKS]: marks }) } }));
  }
  if (changes.length > 0) await writing.port.replace(changes);
};
