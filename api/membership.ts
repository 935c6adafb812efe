import type { Dataset, Datastream, Municipality, Thing } from '../model/registry.ts';
import { MINUTE } from '../model/time.ts';
import type { RegistryIndex } from '../store/registry-index.ts';

/** How a dataset publishes the things of a municipality: as it decided, or like the whole. */
export const publicationOf = (
  { visibility, delayMinutes, perMunicipality }: Dataset,
  municipality: string | undefined,
): Pick<Dataset, 'visibility' | 'delayMinutes'> =>
  (municipality === undefined ? undefined : perMunicipality[municipality]) ?? { visibility, delayMinutes };

/** What a datastream belongs to, and what that means for the public. */
interface Membership {
  /** By id. */
  readonly all: readonly Dataset[];
  readonly published: readonly Dataset[];
  /** The shortest delay that a dataset grants. */
  readonly delayMs: number;
  /** The strictest withholding of counts: each alone would open what the other keeps. */
  readonly smallestCount: number | undefined;
}

interface Asked {
  readonly thing: Thing;
  readonly datastream: Datastream;
  readonly municipality: Municipality | undefined;
}

const NONE: Membership = { all: [], published: [], delayMs: Number.POSITIVE_INFINITY, smallestCount: undefined };

/**
 * The datasets of datastreams, as `isMember` of the registry has them: ten thousand datastreams and a hundred datasets are
 * a matter of milliseconds, for most datastreams share their kind, municipality and property with others.
 */
export const createMembership = (registry: RegistryIndex): ((asked: Asked) => Membership) => {
  const general: Dataset[] = [];
  const byThing = new Map<string, Dataset[]>();
  for (const dataset of registry.list('dataset')) {
    const { things } = dataset.members;
    if (!things) general.push(dataset);
    for (const id of new Set(things)) byThing.set(id, [...(byThing.get(id) ?? []), dataset]);
  }
  const shared = new Map<string, Membership>();
  return (asked) => {
    const { thing, datastream, municipality } = asked;
    if (thing.kind === 'device') return NONE;
    const key = `${thing.kind} ${municipality?.id ?? ''} ${datastream.property}`;
    const known = shared.get(key) ?? membershipOf(general, asked);
    shared.set(key, known);
    const named = byThing.get(thing.id)?.filter((dataset) => isAmong(dataset, asked)) ?? [];
    if (named.length === 0) return known;
    return termsOf([...known.all, ...named].sort(byId), municipality);
  };
};

const byId = (a: Dataset, b: Dataset): number => (a.id < b.id ? -1 : 1);

const membershipOf = (datasets: readonly Dataset[], asked: Asked): Membership =>
  termsOf(
    datasets.filter((dataset) => isAmong(dataset, asked)),
    asked.municipality,
  );

/** Every criterion but that of things. */
const isAmong = ({ members }: Dataset, { thing, datastream, municipality }: Asked): boolean => {
  const { kinds, municipalities, properties } = members;
  return (
    (!kinds || kinds.includes(thing.kind)) &&
    (!properties || properties.includes(datastream.property)) &&
    (!municipalities || (municipality !== undefined && municipalities.includes(municipality.id)))
  );
};

const termsOf = (all: readonly Dataset[], municipality: Municipality | undefined): Membership => {
  const published = all.filter((dataset) => publicationOf(dataset, municipality?.id).visibility !== 'private');
  const delays = published.map((dataset) => {
    const { visibility, delayMinutes } = publicationOf(dataset, municipality?.id);
    return visibility === 'open' ? 0 : delayMinutes * MINUTE;
  });
  const smallest = published.flatMap(({ smallestCount }) => smallestCount ?? []);
  return {
    all,
    published,
    delayMs: Math.min(...delays),
    smallestCount: smallest.length > 0 ? Math.max(...smallest) : undefined,
  };
};
