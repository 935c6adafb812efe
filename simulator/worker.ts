import { parentPort, workerData } from 'node:worker_threads';
import { asHubError } from '../model/errors.ts';
import type { EpochMs } from '../model/time.ts';
import { demoRegion } from './demo-region.ts';
import { loadEncoders } from './encoders.ts';
import type { PublisherOptions } from './publisher.ts';
import { type Progress, publishHistory, runLive } from './run.ts';

/** What the hub hands to the worker thread. */
export interface SimulatorWorkerData extends PublisherOptions {
  readonly seed: number;
  /** First instant to publish: start of the history, or after a restart one millisecond after the last progress' `at`. */
  readonly from: EpochMs;
  /** End of the history; what comes after is published in its time. */
  readonly historyUntil: EpochMs;
  readonly liveSpeed?: number;
}

/** What the worker thread posts; after `failed` or `stopped` it ends. The hub posts `stop` to end it. */
export type SimulatorWorkerMessage =
  | Progress
  | { readonly phase: 'stopped' }
  | { readonly phase: 'failed'; readonly code: string; readonly error: string };

const work = async (data: SimulatorWorkerData, post: (message: SimulatorWorkerMessage) => void): Promise<void> => {
  const controller = new AbortController();
  parentPort?.on('message', (message) => {
    if (message === 'stop') controller.abort();
  });
  const { signal } = controller;
  try {
    const encoders = await loadEncoders();
    const options = { ...data, region: demoRegion({ seed: data.seed }), encoders, signal, onProgress: post };
    if (data.from < data.historyUntil) await publishHistory({ ...options, until: data.historyUntil });
    const from = Math.max(data.from, data.historyUntil);
    await runLive({ ...options, from, ...(data.liveSpeed !== undefined && { speed: data.liveSpeed }) });
  } catch (thrown) {
    const { code, message } = asHubError(thrown);
    post(signal.aborted ? { phase: 'stopped' } : { phase: 'failed', code, error: message });
  } finally {
    parentPort?.close();
  }
};

if (parentPort) await work(workerData as SimulatorWorkerData, (message) => parentPort?.postMessage(message));
