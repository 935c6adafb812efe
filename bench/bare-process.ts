import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { InfluxJob } from './bare-influx.ts';
import type { BareJob, FromBare } from './bare-subscriber.ts';

/** The baseline in a process of its own, subscribed. */
export interface BareProcess {
  readonly pid: number;
  /** When the last message was there, epoch ms. */
  readonly done: Promise<number>;
  stop(): Promise<void>;
}

/** One that forgets what it acknowledges. */
export const startBare = (job: BareJob): Promise<BareProcess> => startEntry('./bare-subscriber.ts', job);

/** One that writes to InfluxDB, and acknowledges after the 204. */
export const startBareInflux = (job: InfluxJob): Promise<BareProcess> => startEntry('./bare-influx.ts', job);

const startEntry = async (entry: string, job: BareJob): Promise<BareProcess> => {
  const child = fork(new URL(entry, import.meta.url), { execArgv: [] });
  const subscribed = Promise.withResolvers<void>();
  const done = Promise.withResolvers<number>();
  done.promise.catch(() => undefined);
  child.on('message', (message: FromBare) => {
    if (message.type === 'done') done.resolve(message.at);
    else subscribed.resolve();
  });
  child.once('exit', (code) => {
    const ended = new Error(`The bare subscriber ended with ${code}`);
    subscribed.reject(ended);
    done.reject(ended);
  });
  child.send(job);
  await subscribed.promise;
  return { pid: child.pid ?? 0, done: done.promise, stop: () => stop(child) };
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
};
