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
const PROGRESS_EVERY = SECOND / 2;

/**
 * Publishes the messages from `from` to `until` (exclusive) as fast as they are acknowledged, at most
 * `ratePerSecond`. Resolves when the last one is acknowledged; rejects with the signal's reason when aborted.
 */
export const publishHistory = async (
  options: RunOptions & { readonly until: EpochMs; readonly ratePerSecond?: number },
): Promise<Progress> => {
  const { until, ratePerSecond = HISTORY_PER_SECOND, now = Date.now } = options;
  const startedAt = now();
  let sent = 0;
  return await run(options, 'history', async (at) => {
    if (at >= until) return 'end';
    sent++;
    const ahead = (1_000 * sent) / ratePerSecond - (now() - startedAt);
    if (ahead > 20) await sleep(ahead, undefined, { signal: options.signal });
    return 'publish';
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
  return await run(options, 'live', async (at) => {
    // In steps: a computer that slept or whose clock was set must not wait for the old time.
    for (let ahead = at - clock(); ahead > 0; ahead = at - clock())
      await sleep(Math.min(ahead / speed, MINUTE), undefined, { signal });
    return 'publish';
  });
};

/** Asks before each message whether it may go; ends, drains and reports. */
const run = async (
  options: RunOptions,
  phase: Progress['phase'],
  gate: (at: EpochMs) => Promise<'publish' | 'end'>,
): Promise<Progress> => {
  const { signal, onProgress, from } = options;
  const simulation = createSimulation(options);
  const publisher = createPublisher(options);
  const total =
    'until' in options && typeof options.until === 'number' ? simulation.expectedUntil(options.until) : undefined;
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
  readonly gate: (at: EpochMs) => Promise<'publish' | 'end'>;
  readonly signal: AbortSignal;
}

const publishAll = async ({ messages, publisher, gate, signal }: Feed): Promise<void> => {
  for (const message of messages) {
    if ((await gate(message.at)) === 'end') return;
    signal.throwIfAborted();
    await publisher.publish(message);
  }
};
