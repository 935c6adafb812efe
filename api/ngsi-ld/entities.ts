import type { ThingKind } from '../../model/registry.ts';
import type { Reader } from '../access.ts';
import { mapInTurns } from '../in-turns.ts';
import type { ThingNow, ThingsNow } from '../things-now.ts';
import { type Entity, entityOf } from './entity.ts';
import { modelOf } from './models.ts';

/** Things that are turned into entities before others of the thread have their turn. */
const THINGS_A_TURN = 500;

export interface Entities {
  /** Of the types named, or of all, by id. */
  list(reader: Reader, types?: ReadonlySet<string>): Promise<readonly Entity[]>;
}

/** Entities of what an asker sees; those of one reading of the store are made once. */
export const createEntities = (now: ThingsNow): Entities => {
  const made = new WeakMap<readonly ThingNow[], Promise<readonly Entity[]>>();
  const ofKind = async (reader: Reader, kind: ThingKind): Promise<readonly Entity[]> => {
    const things = await now.things(reader, kind);
    const known = made.get(things) ?? makeAll(things);
    made.set(things, known);
    return known;
  };
  return {
    list: async (reader, types) => {
      const kinds = now.kinds(reader).filter((kind) => types?.has(modelOf(kind).type) ?? true);
      const found = await Promise.all(kinds.map((kind) => ofKind(reader, kind)));
      return kinds.length === 1 ? (found[0] ?? []) : found.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
    },
  };
};

const makeAll = async (things: readonly ThingNow[]): Promise<Entity[]> => {
  const entities = await mapInTurns(things, THINGS_A_TURN, entityOf);
  return entities.filter((entity) => entity !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1));
};
