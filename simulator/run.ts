import { setTimeout as sleep } from 'node:timers/promises';
import { type EpochMs, MINUTE, SECOND } from '../model/time.ts';
import { createPublisher, type Publisher, type PublisherOptions } from './publisher.ts';
import { createSimulation, type SimulationOptions } from './simulation.ts';

export interface Progress {
  /** Messages that the broker acknowledged. */
  readonly published: number;
  /** About how many the history has. */
  readonly total?: number;
  /** Everything up to and including this instant is acknowledged; a later run continues after it. */
  readonly at: EpochMs;
  readonly phase: 'history' | 'live';
}

export interface RunOptions extends SimulationOptions, PublisherOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Wall clock, for live operation and pacing. */
  readonly now?: () => EpochMs;
}

/** Bounded so that a hub on two cores keeps answering while the past arrives. */
const HISTORY_PER_SECOND = 3_000;
/** What a late timer costs is made up for; what a hub that was busy costs is not, or a flood would follow each pause. */
const MAX_ARREARS_MS = 100;
const PROGRESS_EVERY = SECOND / 2;

/**
 * Publishes the messages from `from` to `until` (exclusive) as fast as they are acknowledged, at most
 * `ratePerSecond`. Resolves when the last one is acknowledged; rejects with the signal's reason when aborted.
 */
export const publishHistory = async (
  options: RunOptions & { readonly until: EpochMs; readonly ratePerSecond?: number },
): Promise<Progress> => {
  const { until, ratePerSecond = HISTORY_PER_SECOND, signal, now = Date.now } = options;
  let due = now();
  return await run(options, {
    phase: 'history',
    until,
    gate: async (at) => {
      if (at >= until) return 'end';
      due = Math.max(due, now() - MAX_ARREARS_MS) + 1_000 / ratePerSecond;
      const ahead = due - now();
      if (ahead > 20) await sleep(ahead, undefined, { signal });
      return 'publish';
    },
  });
};

/**
 * Publishes the messages from `from` on when their time has come, for ever: what lies in the past at once, so that
 * nothing is missing after a history that took its time. `speed` above 1 lets the simulated clock run ahead. Rejects
 * with the signal's reason when aborted.
 */
export const runLive = async (options: RunOptions & { readonly speed?: number }): Promise<Progress> => {
  const { from, speed = 1, signal, now = Date.now } = options;
  const startedAt = now();
  const clock = (): EpochMs => (speed === 1 ? now() : from + (now() - startedAt) * speed);
  return await run(options, {
    phase: 'live',
    gate: async (at) => {
      // In steps: a computer that slept or whose clock was set must not wait for the old time.
      for (let ahead = at - clock(); ahead > 0; ahead = at - clock())
        await sleep(Math.min(ahead / speed, MINUTE), undefined, { signal });
      return 'publish';
    },
  });
};

/** Asked before each message whether it may go. */
type Gate = (at: EpochMs) => Promise<'publish' | 'end'>;

interface Phase {
  readonly phase: Progress['phase'];
  readonly gate: Gate;
  /** Where the end is known, so is about how many messages there are. */
  readonly until?: EpochMs;
}

/** Publishes until the gate ends it; then drains and reports. */
const run = async (options: RunOptions, { phase, gate, until }: Phase): Promise<Progress> => {
  const { signal, onProgress, from } = options;
  const simulation = createSimulation(options);
  const publisher = createPublisher(options);
  const total = until === undefined ? undefined : simulation.expectedUntil(until);
  const progress = (): Progress => ({
    published: publisher.acknowledged,
    ...(total !== undefined && { total }),
    at: publisher.acknowledgedUntil ?? from - 1,
    phase,
  });
  let reported = -1;
  const report = (): void => {
    if (publisher.acknowledged === reported) return;
    reported = publisher.acknowledged;
    onProgress?.(progress());
  };
  const abort = (): void => void publisher.stop();
  signal.addEventListener('abort', abort);
  const timer = setInterval(report, PROGRESS_EVERY);
  try {
    await publisher.start(signal);
    report();
    await publishAll({ messages: simulation.messages, publisher, gate, signal });
    await publisher.drain();
    signal.throwIfAborted();
    report();
    return progress();
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', abort);
    await publisher.stop();
  }
};

interface Feed {
  readonly messages: ReturnType<typeof createSimulation>['messages'];
  readonly publisher: Publisher;
  readonly gate: Gate;
  readonly signal: AbortSignal;
}

const publishAll = async ({ messages, publisher, gate, signal }: Feed): Promise<void> => {
  for (const message of messages) {
    if ((await gate(message.at)) === 'end') return;
    signal.throwIfAborted();
    await publisher.publish(message);
  }
};
