import { qualityFlag } from '../model/quality.ts';
import type { Municipality, Site, Thing, ThingKind, UseCase } from '../model/registry.ts';
import { type EpochMs, SECOND } from '../model/time.ts';
import type { Reader, SeenObservation } from './access.ts';
import { createShelf, type Shelf } from './catalogue/shelf.ts';
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

/** No map and no platform is to believe a value that failed its tests, or that the device reported as missing. */
export const isTrusted = ({ flag }: SeenObservation): boolean =>
  flag !== qualityFlag.fail && flag !== qualityFlag.missing;

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
  const seen = new WeakMap<object, Seen>();
  const seenBy = (reader: Reader): Seen => {
    const view = reader.view();
    const known = seen.get(view);
    if (known) return known;
    const byKind = Map.groupBy(reader.streams(), ({ thing }) => thing.kind);
    const version = () => reader.version();
    const made = {
      byKind,
      things: createShelf<readonly ThingNow[]>({ version, clock, keepMs: MAX_AGE_MS, size: byKind.size }),
    };
    seen.set(view, made);
    return made;
  };
  return {
    kinds: (reader) => [...seenBy(reader).byKind.keys()].sort(),
    streams: (reader, kind) => seenBy(reader).byKind.get(kind) ?? [],
    things: (reader, kind) => {
      const { byKind, things } = seenBy(reader);
      return things(kind, () => readThings(reader, byKind.get(kind) ?? []));
    },
  };
};

interface Seen {
  readonly byKind: ReadonlyMap<ThingKind, readonly Stream[]>;
  readonly things: Shelf<readonly ThingNow[]>;
}

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
