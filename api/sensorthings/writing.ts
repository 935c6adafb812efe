import { HubError } from '../../model/errors.ts';
import type { SensorThings } from '../../model/ports.ts';
import type { StaEntity } from '../../model/sensor-things.ts';
import type { Context } from './context.ts';
import { entityTypes } from './entity-model.ts';
import type { Node } from './node.ts';

/** What writing takes beside what reading does. */
export interface Writing {
  /** As the asker sees things now; anew after each change. */
  readonly context: () => Context;
  readonly port: SensorThings;
  /** Who writes, for the journal. */
  readonly by: string;
}

/** The entity as it was created. Throws HUB_CONFLICT for what the region file describes. */
export const writable = (node: Node): StaEntity => {
  if (node.created) return node.created;
  const name = `${entityTypes[node.set].one} ${node.number}`;
  throw new HubError(
    'HUB_CONFLICT',
    `${name} is described by the region (registry, devices): change it there; SensorThings changes what was created through it`,
  );
};

export type Change = Parameters<SensorThings['replace']>[0][number];

/** An entity with other properties or links. */
export const changed = (
  { set, number, body, links }: StaEntity,
  change: { body?: Readonly<Record<string, unknown>>; links?: Readonly<Record<string, readonly number[]>> },
): Change => ({ set, number, body: change.body ?? body, links: { ...links, ...change.links } });

/** Work that must not run at the same time for the same thing: one after the other, in the order in which it came. */
export const createQueue = () => {
  const tails = new Map<string, Promise<void>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = tails.get(key) ?? Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    tails.set(key, promise);
    try {
      await before;
      return await work();
    } finally {
      resolve();
      if (tails.get(key) === promise) tails.delete(key);
    }
  };
};
