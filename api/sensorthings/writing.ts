import { HubError } from '../../model/errors.ts';
import type { SensorThings } from '../../model/ports.ts';
import type { StaEntity } from '../../model/sensor-things.ts';
import type { Context } from './context.ts';
import { entityTypes, navigationOf } from './entity-model.ts';
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

/**
 * A link of an entity with more numbers. They take the place of those before at a link to one, and of a Thing's
 * Locations: a Thing is at one place at a time.
 */
export const linkWith = (
  { set, links }: Pick<Change, 'set' | 'links'>,
  link: string,
  numbers: readonly number[],
): Readonly<Record<string, readonly number[]>> => {
  const stay = navigationOf(set, link)?.many === true && set !== 'Things';
  return { [link]: [...new Set([...(stay ? (links[link] ?? []) : []), ...numbers])] };
};

/** One work after the other, in the order in which they came. */
export const createQueue = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
};
