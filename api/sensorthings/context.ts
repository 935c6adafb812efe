import { setImmediate } from 'node:timers/promises';
import type { QualityFlag } from '../../model/quality.ts';
import type { EpochMs } from '../../model/time.ts';
import type { Reader } from '../access.ts';
import type { Extents } from './extents.ts';
import { badOption } from './faults.ts';
import type { Graph } from './node.ts';
import type { Windows } from './windows.ts';

/** Entities in one answer, expanded ones included. */
const MAX_ENTITIES = 200_000;
/** Longest that an answer holds the thread at a time. */
const TURN_MS = 10;

/** All that one request's answer is made from. */
export interface Context {
  readonly reader: Reader;
  readonly graph: Graph;
  /** Address of the service's root, without a slash at the end. */
  readonly root: string;
  /** Observations of these flags are left out. */
  readonly without: readonly QualityFlag[];
  readonly now: EpochMs;
  readonly extents: Extents;
  readonly windows: Windows;
  readonly budget: Budget;
}

/** Counts what an answer holds, and lets others have their turn. */
export interface Budget {
  /** Throws once the answer is too large. */
  spend(entities: number): void;
  /** Waits for a turn of others after some time of work. */
  breathe(): Promise<void>;
}

export const createBudget = (elapsedMs: () => number = () => performance.now()): Budget => {
  let spent = 0;
  let since = elapsedMs();
  return {
    spend: (entities) => {
      spent += entities;
      if (spent <= MAX_ENTITIES) return;
      throw badOption(
        'query.$expand',
        `asks for more than ${MAX_ENTITIES} entities`,
        'lower $top, or follow the links',
      );
    },
    breathe: async () => {
      if (elapsedMs() - since < TURN_MS) return;
      await setImmediate();
      since = elapsedMs();
    },
  };
};
