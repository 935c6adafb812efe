import type { StaEntity } from '../../model/sensor-things.ts';
import type { Node } from './node.ts';

/**
 * What the observations of a created Datastream are like, kept among its links under this name, so that nobody looks for
 * what is not there: 1, some have details; 2, some of these are of an interval.
 */
export const MARKS = 'Details';
const HAS_DETAILS = 1;
const HAS_INTERVALS = 2;

export const hasDetails = ({ created }: Pick<Node, 'created'>): boolean => marked(created, HAS_DETAILS);
export const hasIntervals = ({ created }: Pick<Node, 'created'>): boolean => marked(created, HAS_INTERVALS);

const marked = (created: Pick<StaEntity, 'links'> | undefined, mark: number): boolean =>
  created?.links[MARKS]?.includes(mark) ?? false;

/** The marks of a Datastream once an observation of this kind is among its. */
export const marksWith = (
  { links }: Pick<StaEntity, 'links'>,
  { details, intervals }: { details: boolean; intervals: boolean },
): number[] => {
  const marks = new Set(links[MARKS]);
  if (details) marks.add(HAS_DETAILS);
  if (intervals) marks.add(HAS_INTERVALS);
  return [...marks].sort((a, b) => a - b);
};

/**
 * Numbers of observations that were given another phenomenonTime, as pairs: the number of where it stands now, and the one
 * that it was given and keeps.
 */
export const MOVED = 'Moved';
export const MAX_MOVED = 1_000;

const moves = new WeakMap<StaEntity, Moves>();

interface Moves {
  readonly kept: ReadonlyMap<number, number>;
  readonly now: ReadonlyMap<number, number>;
}

const movesOf = (entity: StaEntity): Moves => {
  const known = moves.get(entity);
  if (known) return known;
  const pairs = entity.links[MOVED] ?? [];
  const kept = new Map<number, number>();
  for (let i = 0; i + 1 < pairs.length; i += 2) kept.set(pairs[i] ?? 0, pairs[i + 1] ?? 0);
  const made = { kept, now: new Map([...kept].map(([now, given]) => [given, now])) };
  moves.set(entity, made);
  return made;
};

/** The number that an observation keeps, by the one of where it stands. */
export const keptNumber = ({ created }: Pick<Node, 'created'>, number: number): number =>
  created?.links[MOVED] === undefined ? number : (movesOf(created).kept.get(number) ?? number);

/** The number of where the observation of a number stands now. */
export const presentNumber = ({ created }: Pick<Node, 'created'>, number: number): number =>
  created?.links[MOVED] === undefined ? number : (movesOf(created).now.get(number) ?? number);

/** The pairs once an observation has moved, or (`to` absent) is gone. */
export const movesWith = (
  { links }: Pick<StaEntity, 'links'>,
  { from, to, kept }: { from: number; to?: number; kept: number },
): number[] => {
  const pairs: number[] = [];
  const old = links[MOVED] ?? [];
  for (let i = 0; i + 1 < old.length; i += 2) if (old[i] !== from) pairs.push(old[i] ?? 0, old[i + 1] ?? 0);
  return to === undefined || to === kept ? pairs : [...pairs, to, kept];
};
