import type { Municipality, Site, Thing, ThingKind, UseCase } from '../model/registry.ts';
import { type EpochMs, SECOND } from '../model/time.ts';
import type { Reader, SeenObservation } from './access.ts';
import type { Stream } from './visibility.ts';

/** The newest value of one datastream. */
export interface ValueNow {
  readonly stream: Stream;
  readonly observation: SeenObservation;
}

/** A thing as an asker sees it at this moment. */
export interface ThingNow {
  readonly thing: Thing;
  readonly site?: Site;
  readonly municipality?: Municipality;
  readonly useCase: UseCase;
  readonly streams: readonly Stream[];
  /** By id of the datastream; those without a value are left out. */
  readonly values: readonly ValueNow[];
  /** Of the newest value. */
  readonly time?: EpochMs;
}

/** How old an answer may be, beside the values themselves. */
const MAX_AGE_MS = SECOND;

interface Shelf {
  readonly byKind: ReadonlyMap<ThingKind, readonly Stream[]>;
  readonly things: Map<ThingKind, { readonly at: EpochMs; readonly found: Promise<readonly ThingNow[]> }>;
}

export interface ThingsNow {
  /** Kinds of which something is seen, by name. */
  kinds(reader: Reader): ThingKind[];
  /** Every datastream of things of a kind that is seen. */
  streams(reader: Reader, kind: ThingKind): readonly Stream[];
  /** Things of a kind with their newest values, by id. */
  things(reader: Reader, kind: ThingKind): Promise<readonly ThingNow[]>;
}

/**
 * Things with their newest values, read once a second for all who see the same: filters and pages over some thousand
 * things are then a matter of memory. What is kept belongs to one view; another version of the registry has others.
 */
export const createThingsNow = (clock: () => EpochMs): ThingsNow => {
  // The first of a view's datastreams is an object of that view alone.
  const shelves = new WeakMap<Stream, Shelf>();
  const empty: Shelf = { byKind: new Map(), things: new Map() };
  const shelfOf = (reader: Reader): Shelf => {
    const [first] = reader.streams();
    if (!first) return empty;
    const known = shelves.get(first);
    if (known) return known;
    const made: Shelf = { byKind: Map.groupBy(reader.streams(), ({ thing }) => thing.kind), things: new Map() };
    shelves.set(first, made);
    return made;
  };
  return {
    kinds: (reader) => [...shelfOf(reader).byKind.keys()].sort(),
    streams: (reader, kind) => shelfOf(reader).byKind.get(kind) ?? [],
    things: (reader, kind) => {
      const shelf = shelfOf(reader);
      const kept = shelf.things.get(kind);
      const now = clock();
      if (kept && now - kept.at < MAX_AGE_MS && now >= kept.at) return kept.found;
      const found = readThings(reader, shelf.byKind.get(kind) ?? []);
      shelf.things.set(kind, { at: now, found });
      // What went wrong is told to those who wait for it; the next asker begins anew.
      found.catch(() => shelf.things.delete(kind));
      return found;
    },
  };
};

const readThings = async (reader: Reader, streams: readonly Stream[]): Promise<ThingNow[]> => {
  const newest = await reader.latest(streams);
  const byThing = Map.groupBy(streams, ({ thing }) => thing.id);
  const things: ThingNow[] = [];
  for (const own of byThing.values()) {
    const [first] = own;
    if (!first) continue;
    const { thing, site, municipality, useCase } = first;
    const values = own.flatMap((stream) => {
      const observation = newest.get(stream.datastream.key);
      return observation ? [{ stream, observation }] : [];
    });
    const time = values.reduce((max, { observation }) => Math.max(max, observation.phenomenonTime), -Infinity);
    things.push({
      thing,
      ...(site && { site }),
      ...(municipality && { municipality }),
      useCase,
      streams: own,
      values,
      ...(values.length > 0 && { time }),
    });
  }
  return things.sort((a, b) => (a.thing.id < b.thing.id ? -1 : 1));
};
